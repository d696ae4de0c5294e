/**
 * Limits on requests a minute: of each caller, of all strangers, and of all callers together. Counted, sent in headers,
 * refused with 429.
 *
 * A caller's own limit comes first, and what it refuses does not count for everyone: one caller cannot use up everybody's
 * limit. Strangers (who have not proved who they are) have half of the limit for everyone, however many they are, so that
 * signed-in callers keep the other half. Signing in, webhooks and signed producers each have a tenth of their own, which
 * other requests cannot use up; when it is spent, what is left for everyone still serves.
 */
import { MINUTE_MS, type Clock } from '../../model/time.ts';
import { common } from '../errors/index.ts';
import { createLimiter, type Limiter, type Verdict } from './limits.ts';

export type Share = 'sign-in' | 'webhook' | 'signed';

/** Where the limit's headers go: a reply, or nowhere for a WebSocket handshake. */
export interface LimitHeaders {
  getHeader(name: string): unknown;
  header(name: string, value: number): unknown;
}

/** Each method counts one request and throws CodedError RATE_LIMITED when a limit is reached. */
export interface RequestLimits {
  /** False: nothing is limited, and nothing need be counted. */
  readonly any: boolean;
  /** A request of somebody who has proved who they are. @param who a subject or a service */
  known(who: string, share: Share | null, headers: LimitHeaders | null): void;
  /** A request of somebody who has not. */
  stranger(address: string, share: 'sign-in' | null, headers: LimitHeaders | null): void;
  /** A request that will prove itself by its body: counted for its address before the body is read. */
  unproved(address: string, headers: LimitHeaders | null): void;
  /** Refuses a credential unread when too many from this address were wrong: each costs a look at the database. */
  checkGuesses(address: string): void;
  /** A credential that was wrong. */
  noteGuess(address: string): void;
}

/** Of the limit for everyone. */
const SHARE = 0.1;
const STRANGERS = 0.5;
/** Of the share of signing in: one address cannot use it up either. */
const ADDRESS_PART_OF_SIGN_IN = 0.1;
/** Wrong credentials from one address, of the limit of one caller. */
const GUESSES = 0.1;

/** @param globalLimit @param callerLimit requests a minute; 0 or absent: no limit */
export function createRequestLimits(clock: Clock, globalLimit = 0, callerLimit = 0): RequestLimits {
  const limiterOf = (limit: number): Limiter | null => (limit > 0 ? createLimiter({ limit, windowMs: MINUTE_MS, clock }) : null);
  const part = (limit: number, of: number): number => (limit > 0 ? Math.max(1, Math.ceil(limit * of)) : 0);
  const everyone = limiterOf(globalLimit);
  const strangers = limiterOf(part(globalLimit, STRANGERS));
  const callers = limiterOf(callerLimit);
  const guesses = limiterOf(part(callerLimit, GUESSES));
  const shareLimit = part(globalLimit, SHARE);
  const shares: Readonly<Record<Share, Limiter | null>> = {
    'sign-in': limiterOf(shareLimit),
    webhook: limiterOf(shareLimit),
    signed: limiterOf(shareLimit),
  };
  const signIns = limiterOf(part(shareLimit, ADDRESS_PART_OF_SIGN_IN));

  const takeFromShare = (share: Share | null): boolean => share !== null && (shares[share]?.take(share).allowed ?? false);

  return {
    any: everyone !== null || callers !== null,
    known(who, share, headers) {
      take(callers, who, headers, 'One caller may send');
      if (!takeFromShare(share)) take(everyone, 'everyone', headers, 'This server takes');
    },
    stranger(address, share, headers) {
      take(callers, address, headers, 'One caller may send');
      if (share === 'sign-in') take(signIns, address, headers, 'From one address this server takes');
      if (takeFromShare(share)) return;
      take(strangers, 'strangers', headers, 'From callers who are not signed in this server takes');
      take(everyone, 'everyone', headers, 'This server takes');
    },
    unproved: (address, headers) => take(callers, address, headers, 'One caller may send'),
    checkGuesses(address) {
      const verdict = guesses?.peek(address);
      if (verdict && !verdict.allowed) throw limited(verdict, 'Of wrong credentials, one address may send');
    },
    noteGuess: (address) => void guesses?.take(address),
  };
}

function take(limiter: Limiter | null, key: string, headers: LimitHeaders | null, whose: string): void {
  if (!limiter) return;
  const verdict = limiter.take(key);
  if (headers) setHeaders(headers, verdict);
  if (!verdict.allowed) throw limited(verdict, whose);
}

const limited = ({ limit, retryAfterMs }: Verdict, whose: string): Error =>
  common.RATE_LIMITED({
    detail: `${whose} at most ${limit} requests a minute`,
    fix: 'Wait as long as Retry-After says; the limits are RATE_LIMIT_PER_CALLER and RATE_LIMIT_GLOBAL',
    retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1_000)),
    facts: { limit },
  });

/** Of several limits, the headers give the one that is nearest. */
function setHeaders(headers: LimitHeaders, { limit, remaining, resetMs }: Verdict): void {
  const sent = headers.getHeader('x-ratelimit-remaining');
  if (sent !== undefined && Number(sent) <= remaining) return;
  headers.header('x-ratelimit-limit', limit);
  headers.header('x-ratelimit-remaining', remaining);
  headers.header('x-ratelimit-reset', Math.ceil(resetMs / 1_000));
}
