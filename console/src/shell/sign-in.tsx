// The sign-in dialog: e-mail and password, or a pasted token. It opens by itself when an act needs somebody.
import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useMemo, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { api, ApiError } from '../api/client.ts';
import { session, setSession } from '../api/session.ts';
import type { Me } from '../api/types.ts';
import { Choice } from '../ui/list-frame.tsx';
import { SignInContext, type SignIn } from './sign-in-context.ts';
import css from './sign-in.module.css';

type Way = 'password' | 'token';
interface Tokens {
  readonly access_token?: string;
  readonly token?: string;
  readonly refresh_token?: string;
}

async function signInWith(way: Way, fields: { email: string; password: string; token: string }): Promise<void> {
  const given: Tokens =
    way === 'password' ? await api<Tokens>('/api/v1/auth/login', { method: 'POST', body: { email: fields.email.trim(), password: fields.password }, token: null }) : { access_token: fields.token.trim() };
  const accessToken = given.access_token ?? given.token ?? '';
  const me = await api<Me>('/api/v1/auth/me', { token: accessToken });
  setSession({ accessToken, refreshToken: given.refresh_token ?? null, subject: me.subject, role: me.role });
}

function explain(error: unknown, way: Way): string {
  if (!(error instanceof ApiError)) return 'Something went wrong on this page. Reload it and try again.';
  if (error.trouble === 'sign-in') {
    return way === 'password' ? 'That e-mail and password do not belong together. Check both, or paste an access token.' : 'The desk does not know that token, or it has been revoked. Make one with: bellwether token create.';
  }
  if (error.trouble === 'busy') return `Too many tries.${error.retryAfter === null ? '' : ` Try again in ${error.retryAfter} s.`}`;
  return error.message;
}

export function SignInProvider({ children }: { readonly children: ReactNode }) {
  const [why, setWhy] = useState<string | null>(null);
  const settle = useRef<((signedIn: boolean) => void) | null>(null);
  const value = useMemo<SignIn>(
    () => ({
      ask(reason, options) {
        if (session() && !options?.anew) return Promise.resolve(true);
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
      <Modal opened={why !== null} onClose={() => close(false)} title="Sign in" size={420}>
        {why !== null && <Form why={why} onDone={() => close(true)} />}
      </Modal>
    </SignInContext>
  );
}

function Form({ why, onDone }: { readonly why: string; readonly onDone: () => void }) {
  const [way, setWay] = useState<Way>('password');
  const [fields, setFields] = useState({ email: '', password: '', token: '' });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const set = (name: keyof typeof fields) => (event: { currentTarget: HTMLInputElement }) => setFields({ ...fields, [name]: event.currentTarget.value });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      await signInWith(way, fields);
      onDone();
    } catch (error) {
      setFailure(explain(error, way));
      setBusy(false);
    }
  };
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <p>{why}</p>
      <Choice label="How to sign in" value={way} options={[['password', 'E-mail and password'], ['token', 'Access token']]} onChange={(next) => { setWay(next); setFailure(null); }} />
      {way === 'password' ? (
        <>
          <TextInput label="E-mail" type="email" name="email" autoComplete="username" required withAsterisk={false} data-autofocus value={fields.email} onChange={set('email')} />
          <PasswordInput label="Password" name="password" autoComplete="current-password" required withAsterisk={false} value={fields.password} onChange={set('password')} visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }} />
        </>
      ) : (
        <PasswordInput label="Access token" description="The first start printed one for the administrator. Others: bellwether token create." name="token" autoComplete="off" required withAsterisk={false} data-autofocus value={fields.token} onChange={set('token')} visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }} />
      )}
      <p className={css.failure} role="alert">
        {failure}
      </p>
      <Button type="submit" loading={busy} fullWidth>
        Sign in
      </Button>
      <p className="dim small">You stay signed in until this tab is closed.</p>
    </form>
  );
}
