// Pure rules of a session in the browser: what is stored, which of two is newer, when to renew. Storage is in session.ts.

export interface Session {
  readonly accessToken: string;
  /** Null for a pasted token: it cannot be renewed. */
  readonly refreshToken: string | null;
  readonly subject: string;
  readonly role: string;
  /** When this browser got the tokens, epoch ms. The tabs of a browser share its clock. */
  readonly issuedAt: number;
  /** When the access token ends, epoch ms. Null when only the desk knows. */
  readonly expiresAt: number | null;
}

/** Null for anything that is not a session: storage and messages of other tabs are checked like any input. */
export function readSession(value: unknown): Session | null {
  if (typeof value !== 'object' || value === null) return null;
  const { accessToken, refreshToken, subject, role, issuedAt, expiresAt } = value as Record<string, unknown>;
  if (typeof accessToken !== 'string' || accessToken === '') return null;
  if (typeof subject !== 'string' || typeof role !== 'string' || typeof issuedAt !== 'number') return null;
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' ? refreshToken : null,
    subject,
    role,
    issuedAt,
    expiresAt: typeof expiresAt === 'number' ? expiresAt : null,
  };
}

/** True when a session of another tab replaces the one of this tab. */
export const isNewer = (other: Session, held: Session | null): boolean =>
  held === null || other.issuedAt > held.issuedAt;

/** Renewed this long before the end, so that a request does not reach the desk with an expired token. */
const MARGIN_MS = 30_000;

export const endsSoon = ({ expiresAt }: Session, now: number): boolean =>
  expiresAt !== null && expiresAt - now <= MARGIN_MS;

/** Signing out ends every session that this browser got before, also those in the storage of a closed tab. */
export const isSignedOut = ({ issuedAt }: Session, signedOutAt: number | null): boolean =>
  signedOutAt !== null && issuedAt <= signedOutAt;

/** The code of `#sign-in=CODE`, or null when the fragment is something else. */
export function linkCodeOf(hash: string): string | null {
  const code = /^#sign-in=(.*)$/.exec(hash)?.[1];
  if (code === undefined) return null;
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}
