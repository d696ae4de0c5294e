// How a page acts: it runs a request and shows the outcome, or asks for a sign-in as somebody else (dialog: sign-in.tsx).
import { createContext, useContext } from 'react';
import { ApiError } from '../api/client.ts';
import { session } from '../api/session.ts';
import { notify } from '../ui/notices.tsx';

export interface SignIn {
  /**
   * Opens the dialog: somebody else signs in.
   * @param why one sentence, shown above the fields
   * @returns false when the dialog was closed
   */
  ask(why: string): Promise<boolean>;
}

export const SignInContext = createContext<SignIn>({ ask: () => Promise.resolve(false) });
export const useSignIn = (): SignIn => useContext(SignInContext);

/** `signed-out`: the session has ended and nothing was done; the sign-in page says so. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'failed'; readonly words: string };

/** Runs a request. Never rejects. */
export async function act<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: 'done', value: await run() };
  } catch (error) {
    if (session() === null && error instanceof ApiError && error.trouble === 'sign-in') return { kind: 'signed-out' };
    return { kind: 'failed', words: wordsOf(error) };
  }
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
