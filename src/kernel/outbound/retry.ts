/** When a call is tried again. All retries of the house are owned here: a venue's client never retries. */

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly tries: number;
  /** The longest pause before the second try; it doubles with each further one. */
  readonly baseMs: number;
  readonly pauseMsMax: number;
}

export const DEFAULT_RETRY: RetryPolicy = Object.freeze({ tries: 4, baseMs: 200, pauseMsMax: 5_000 });

/**
 * Full jitter: any pause from 0 to the exponential bound, so that callers who failed together do not come back together
 * (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015). What the venue asked for is the least.
 * @param tried how many tries there have been
 * @param random uniform in [0, 1)
 */
export function retryPauseMs(policy: RetryPolicy, tried: number, retryAfterMs: number | null, random: () => number): number {
  const bound = Math.min(policy.pauseMsMax, policy.baseMs * 2 ** (tried - 1));
  return (retryAfterMs ?? 0) + random() * bound;
}

/** A `Retry-After` header: seconds, or an HTTP date. @returns milliseconds from `nowMs`, null when it says nothing */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
