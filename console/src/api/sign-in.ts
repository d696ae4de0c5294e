// Signing in and out: by link, by password, by a pasted token. Each gives this browser a session.
import type { Me } from './types.ts';
import { ApiError, send, unpack } from './http.ts';
import { expiryOf, type TokenPair } from './renewal.ts';
import { endSession, session, setSession, type Session } from './session.ts';

const post = async <T>(path: string, body: unknown, keepalive = false): Promise<T> =>
  unpack<T>(await send(path, { method: 'POST', body, keepalive }, null));

/** @throws ApiError LOGIN_FAILED, LOGIN_LIMITED, LOGIN_BUSY */
export const signInWithPassword = async (email: string, password: string): Promise<void> =>
  begin(await post<TokenPair>('/api/v1/auth/login', { email: email.trim(), password }));

/** Uses the code up. @throws ApiError SIGN_IN_LINK_INVALID */
export const signInWithLink = async (code: string): Promise<void> =>
  begin(await post<TokenPair>('/api/v1/auth/link', { code }));

/** What a header and the subprotocol of a WebSocket can carry; every token of the desk is of it. */
const TOKEN = /^[\w.-]+$/;

/** @throws ApiError TOKEN_MALFORMED, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED */
export async function signInWithToken(pasted: string): Promise<void> {
  const token = pasted.trim();
  if (!TOKEN.test(token)) {
    throw new ApiError('This is not a token: a token has letters, digits, “.”, “_” and “-” only.', {
      status: 400,
      code: 'TOKEN_MALFORMED',
    });
  }
  const { subject, role } = await whoIs(token);
  await replaceWith({ accessToken: token, refreshToken: null, subject, role, issuedAt: Date.now(), expiresAt: null });
}

async function begin(pair: TokenPair): Promise<void> {
  const now = Date.now();
  const { subject, role } = await whoIs(pair.access_token);
  await replaceWith({
    accessToken: pair.access_token,
    refreshToken: pair.refresh_token,
    subject,
    role,
    issuedAt: now,
    expiresAt: expiryOf(pair, now),
  });
}

/** Takes the new session in all tabs, and ends the one before it at the desk: it would last for another month. */
async function replaceWith(next: Session): Promise<void> {
  const before = session();
  setSession(next);
  if (before) await endAtDesk(before);
}

/** @returns false when the desk did not answer: then its tokens end by themselves */
const endAtDesk = async ({ refreshToken }: Session): Promise<boolean> =>
  refreshToken === null ||
  post<undefined>('/api/v1/auth/logout', { refresh_token: refreshToken }, true).then(
    () => true,
    () => false,
  );

const whoIs = async (token: string): Promise<Me> => unpack<Me>(await send('/api/v1/auth/me', {}, token));

/**
 * Ends the session in all tabs of this browser at once, then at the desk.
 * @returns false when the desk did not answer: then its tokens end by themselves
 */
export async function signOut(): Promise<boolean> {
  const held = session();
  endSession('signed-out');
  return held === null || endAtDesk(held);
}
