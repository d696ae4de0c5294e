// The token of each request: the access token, renewed before it ends and after a refusal. If the desk refuses the
// renewal, the session ends.
import { ApiError, send, unpack } from './http.ts';
import { endsSoon, type Session } from './session-rules.ts';
import { endSession, isOutdated, session, setSession } from './session.ts';
import { askTabs } from './tabs.ts';

export interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

export const expiryOf = ({ expires_in }: TokenPair, now: number): number => now + expires_in * 1_000;

const signedOut = (): ApiError => new ApiError('You are not signed in.', { status: 401, code: 'SIGNED_OUT' });
const isRefusal = (error: unknown): error is ApiError => error instanceof ApiError && error.trouble === 'sign-in';

/** @throws ApiError SIGNED_OUT without a session, so that nothing is sent */
export async function validToken(): Promise<string> {
  const held = session();
  if (!held) throw signedOut();
  return endsSoon(held, Date.now()) && held.refreshToken !== null
    ? (await renewed(held)).accessToken
    : held.accessToken;
}

/**
 * Runs a request with the session's token, and once more with a new one when the desk refuses it. After a second
 * refusal the session ends, and the console shows the sign-in page.
 * @param run throws ApiError with status 401 when the token is refused
 */
export async function withToken<T>(run: (token: string) => Promise<T>): Promise<T> {
  const token = await validToken();
  try {
    return await run(token);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const next = await successorOf(token);
  try {
    return await run(next);
  } catch (error) {
    if (isRefusal(error) && session()?.accessToken === next) endSession('ended');
    throw error;
  }
}

async function successorOf(token: string): Promise<string> {
  const held = session();
  if (!held) throw signedOut();
  // Another request or tab has renewed it, or somebody else has signed in.
  return held.accessToken === token ? (await renewed(held)).accessToken : held.accessToken;
}

let renewing: Promise<Session> | null = null;

/** One renewal at a time for all requests of all tabs. */
function renewed(stale: Session): Promise<Session> {
  renewing ??= inTurn(() => renew(stale)).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** Browsers have locks only on https and on this machine's own address. Elsewhere the desk's grace of 10 s helps. */
const inTurn = (run: () => Promise<Session>): Promise<Session> =>
  'locks' in navigator ? navigator.locks.request('bellwether.renewal', run) : run();

/** How long the tab that holds the newest session may take to answer. */
const BUSY_TAB_MS = 5_000;

/** @throws ApiError SIGNED_OUT when the session has ended; UNREACHABLE when the desk does not answer: the session stays */
async function renew(stale: Session): Promise<Session> {
  // A refresh token that another tab has used counts as stolen: the newest session is asked for first.
  if (session()?.accessToken === stale.accessToken) await askTabs(isOutdated(stale) ? BUSY_TAB_MS : undefined);
  const held = session();
  if (!held) throw signedOut();
  if (held.accessToken !== stale.accessToken && !endsSoon(held, Date.now())) return held;
  if (held.refreshToken === null) {
    endSession('ended');
    throw signedOut();
  }
  try {
    const reply = await send(
      '/api/v1/auth/refresh',
      { method: 'POST', body: { refresh_token: held.refreshToken } },
      null,
    );
    const pair = await unpack<TokenPair>(reply);
    // Signed out, or signed in as somebody else, while the desk answered.
    if (session() !== held) return session() ?? Promise.reject(signedOut());
    const now = Date.now();
    const next: Session = {
      ...held,
      accessToken: pair.access_token,
      refreshToken: pair.refresh_token,
      issuedAt: now,
      expiresAt: expiryOf(pair, now),
    };
    setSession(next);
    return next;
  } catch (error) {
    if (error instanceof ApiError && ['sign-in', 'refused'].includes(error.trouble) && session() === held)
      endSession('ended');
    throw error;
  }
}
