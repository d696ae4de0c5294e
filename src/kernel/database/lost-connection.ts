/** Tells a lost or refused connection from an error in the statement. */
import { errors } from './errors.ts';

/** The five-character SQLSTATE of a Postgres error, wherever it is wrapped. */
export function sqlState(e: unknown): string | undefined {
  for (let at: unknown = e; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code;
    // Node's own codes may have five letters too (EPIPE): a SQLSTATE of Postgres has a digit.
    if (typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const CONNECTION_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed|Cannot use a pool after|driver has already been destroyed/i;

/** 08: connection exceptions. 57P: the server shuts down, restarts or ended the session. 53300: too many connections. */
function isLossState(state: string): boolean {
  return state.startsWith('08') || state.startsWith('57P') || state === '53300' || state === '25P03';
}

export function isConnectionLost(e: unknown): boolean {
  if (!(e instanceof Error)) return false;
  const state = sqlState(e);
  if (state !== undefined) return isLossState(state);
  const code = (e as { code?: unknown }).code;
  return (typeof code === 'string' && CONNECTION_CODES.has(code)) || CONNECTION_MESSAGES.test(e.message);
}

/** A lost or refused connection becomes DATABASE_UNAVAILABLE; anything else stays what it is. */
export function unavailableOr(e: unknown, detail = 'Postgres does not answer'): unknown {
  return isConnectionLost(e) ? errors.DATABASE_UNAVAILABLE({ detail, retryAfterSeconds: 5, cause: e }) : e;
}
