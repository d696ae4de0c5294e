// What the sign-in form says when it could not sign in. Pure.
import { ApiError } from '../api/http.ts';

export type Way = 'password' | 'token';

/** With a full stop. */
export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export function explainSignIn(error: unknown, way: Way): string {
  if (!(error instanceof ApiError)) return 'Something went wrong on this page. Reload it and try again.';
  switch (error.trouble) {
    case 'sign-in':
      return way === 'password'
        ? 'The e-mail or the password is wrong.'
        : 'The desk does not accept this token: it is wrong, has expired or was revoked.';
    case 'busy': {
      const wait = error.retryAfter === null ? 'Try again shortly.' : `Try again in ${error.retryAfter} s.`;
      return `${sentence(error.message)} ${wait}`;
    }
    case 'unreachable':
      return `${error.message} Check that it runs: npm start.`;
    default:
      return sentence(error.message);
  }
}
