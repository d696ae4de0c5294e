// How a page asks for a sign-in before it acts. The dialog itself is sign-in.tsx.
import { createContext, useContext } from 'react';
import { ApiError } from '../api/client.ts';
import { session, setSession } from '../api/session.ts';
import { notify } from '../ui/notices.tsx';

export interface SignIn {
  /**
   * Opens the dialog unless somebody is signed in already.
   * @param why one sentence, shown above the fields
   * @param anew asks even so: to change who acts
   * @returns whether somebody is signed in at the end
   */
  ask(why: string, options?: { readonly anew?: boolean }): Promise<boolean>;
}

export const SignInContext = createContext<SignIn>({ ask: () => Promise.resolve(false) });
export const useSignIn = (): SignIn => useContext(SignInContext);

/** What an act came to. `declined`: the person closed the sign-in, and nothing was done. */
export type Outcome<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'declined' } | { readonly kind: 'failed'; readonly words: string };

/** Runs an act as somebody: asks for a sign-in first where nobody is, and again when the session has ended. */
export function useAct() {
  const { ask } = useSignIn();
  return async function act<T>(why: string, run: () => Promise<T>): Promise<Outcome<T>> {
    if (!(await ask(why))) return { kind: 'declined' };
    try {
      return { kind: 'done', value: await run() };
    } catch (error) {
      if (!(error instanceof ApiError && error.trouble === 'sign-in')) return { kind: 'failed', words: wordsOf(error) };
      setSession(null);
      if (!(await ask(`Your session has ended, and nothing was done. ${why}`))) return { kind: 'declined' };
      try {
        return { kind: 'done', value: await run() };
      } catch (second) {
        return { kind: 'failed', words: wordsOf(second) };
      }
    }
  };
}

/** One or two sentences: what happened, and what to do. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong on this page. Reload it and try again.';
  const role = session()?.role;
  switch (error.trouble) {
    case 'not-allowed':
      return `Not allowed${role ? ` for the role ${role}` : ''}: ${error.message} Sign in as someone with a higher role, or ask an administrator. Nothing was changed.`;
    case 'unreachable':
      return `${error.message} Whether it was done is not known: look again when the connection is back.`;
    case 'busy':
      return `${error.message}${error.retryAfter === null ? ' Try again shortly.' : ` Try again in ${error.retryAfter} s.`}`;
    default:
      return `${error.message}${error.traceId ? ` (trace ${error.traceId})` : ''}`;
  }
}

export function tell(outcome: Outcome<unknown>, done: string): void {
  if (outcome.kind === 'done') notify('good', done);
  if (outcome.kind === 'failed') notify('bad', outcome.words);
}
