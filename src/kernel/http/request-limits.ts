/**
 * Limits on requests a minute: of each caller, and of all callers together. Counted, sent in headers, refused with 429.
 *
 * A caller's own limit comes first, and what it refuses does not count for everyone: one caller cannot use up everybody's limit.
 * Signing in, webhooks and signed producers each have a share of their own, a tenth of the limit for everyone, which other
 * requests cannot use up. When a share is spent, what is left for everyone still serves.
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

export interface RequestLimits {
  /** False: nothing is limited, and nothing need be counted. */
  readonly any: boolean;
  /**
   * Counts one request.
   * @param who a subject or an address
   * @param share the share that this kind of request has of its own
   * @throws CodedError RATE_LIMITED
   */
  count(who: string, share: Share | null, headers: LimitHeaders | null): void;
}

/** Of the limit for everyone. */
const SHARE = 0.1;
/**
 * Unproven callers of a share (signing in) may use at most this part of it from one address, so that one address cannot use
 * the share up either.
 */
const ADDRESS_PART_OF_SIGN_IN = 0.1;

/** @param globalLimit @param callerLimit requests a minute; 0 or absent: no limit */
export function createRequestLimits(clock: Clock, globalLimit = 0, callerLimit = 0): RequestLimits {
  const limiterOf = (limit: number): Limiter | null => (limit > 0 ? createLimiter({ limit, windowMs: MINUTE_MS, clock }) : null);
  const part = (limit: number, of: number): number => (limit > 0 ? Math.max(1, Math.ceil(limit * of)) : 0);
  const everyone = limiterOf(globalLimit);
  const callers = limiterOf(callerLimit);
  const shareLimit = part(globalLimit, SHARE);
  const shares: Readonly<Record<Share, Limiter | null>> = { 'sign-in': limiterOf(shareLimit), webhook: limiterOf(shareLimit), signed: limiterOf(shareLimit) };
  const signIns = limiterOf(part(shareLimit, ADDRESS_PART_OF_SIGN_IN));

  return {
    any: everyone !== null || callers !== null,
    count(who, share, headers) {
      take(callers, who, headers, 'One caller may send');
      if (share === 'sign-in') take(signIns, who, headers, 'From one address this server takes');
      if (share !== null && shares[share]?.take(share).allowed) return;
      take(everyone, 'everyone', headers, 'This server takes');
    },
  };
}

function take(limiter: Limiter | null, key: string, headers: LimitHeaders | null, whose: string): void {
  if (!limiter) return;
  const verdict = limiter.take(key);
  if (headers) setHeaders(headers, verdict);
  if (verdict.allowed) return;
  throw common.RATE_LIMITED({
    detail: `${whose} at most ${verdict.limit} requests a minute`,
    retryAfterSeconds: Math.max(1, Math.ceil(verdict.retryAfterMs / 1_000)),
    facts: { limit: verdict.limit },
  });
}

/** Of several limits, the headers give the one that is nearest. */
function setHeaders(headers: LimitHeaders, { limit, remaining, resetMs }: Verdict): void {
  const sent = headers.getHeader('x-ratelimit-remaining');
  if (sent !== undefined && Number(sent) <= remaining) return;
  headers.header('x-ratelimit-limit', limit);
  headers.header('x-ratelimit-remaining', remaining);
  headers.header('x-ratelimit-reset', Math.ceil(resetMs / 1_000));
}
