// The dialog in which somebody signed in signs in as somebody else. The sign-in page is sign-in-page.tsx.
import { Modal } from '@mantine/core';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { SignInContext, type SignIn } from './sign-in-context.ts';
import { SignInForm } from './sign-in-form.tsx';

export function SignInProvider({ children }: { readonly children: ReactNode }) {
  const [why, setWhy] = useState<string | null>(null);
  const settle = useRef<((signedIn: boolean) => void) | null>(null);
  const value = useMemo<SignIn>(
    () => ({
      ask(reason) {
        settle.current?.(false);
        setWhy(reason);
        return new Promise<boolean>((resolve) => {
          settle.current = resolve;
        });
      },
    }),
    [],
  );
  const close = (signedIn: boolean): void => {
    setWhy(null);
    settle.current?.(signedIn);
    settle.current = null;
  };
  return (
    <SignInContext value={value}>
      {children}
      <Modal opened={why !== null} onClose={() => close(false)} title="Sign in as someone else" size={420}>
        {why !== null && (
          <div className="stack">
            <p>{why}</p>
            <SignInForm focus onDone={() => close(true)} />
          </div>
        )}
      </Modal>
    </SignInContext>
  );
}
