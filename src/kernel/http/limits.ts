/** Limits on requests: an exact sliding window in memory. Limits that hold over several processes are not here. */
import type { Clock } from '../../model/time.ts';

export interface Verdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** How many more are allowed at this moment. */
  readonly remaining: number;
  /** Milliseconds until one more is allowed, when none is; else 0. */
  readonly retryAfterMs: number;
  /** Milliseconds until the oldest counted one leaves the window. */
  readonly resetMs: number;
}

export interface Limiter {
  /** Counts one for `key`, if it is allowed: what is refused is not counted. */
  take(key: string): Verdict;
  /** Whether one more would be allowed; counts nothing. */
  peek(key: string): Verdict;
}

export interface LimiterOptions {
  /** Largest number in any window. */
  readonly limit: number;
  readonly windowMs: number;
  readonly clock: Clock;
  /** Keys remembered; beyond it the one used longest ago is forgotten. Default 10,000. */
  readonly maxKeys?: number;
}

/** A ring of the times of what was allowed, grown as needed up to the limit. */
class Window {
  #times = new Float64Array(16);
  #head = 0;
  count = 0;

  oldest(): number {
    return this.#times[this.#head]!;
  }
  dropUntil(time: number): void {
    while (this.count > 0 && this.oldest() <= time) {
      this.#head = (this.#head + 1) % this.#times.length;
      this.count -= 1;
    }
  }
  push(time: number): void {
    if (this.count === this.#times.length) this.#grow();
    this.#times[(this.#head + this.count) % this.#times.length] = time;
    this.count += 1;
  }
  #grow(): void {
    const longer = new Float64Array(this.#times.length * 2);
    for (let i = 0; i < this.count; i++) longer[i] = this.#times[(this.#head + i) % this.#times.length]!;
    this.#times = longer;
    this.#head = 0;
  }
}

/** Exact: never more than `limit` in any `windowMs`, and never refused while fewer were allowed. O(1), 8 bytes a request counted. */
export function createLimiter({ limit, windowMs, clock, maxKeys = 10_000 }: LimiterOptions): Limiter {
  const windows = new Map<string, Window>();
  return {
    peek(key) {
      const now = clock.now();
      const window = windows.get(key);
      window?.dropUntil(now - windowMs);
      const count = window?.count ?? 0;
      const resetMs = window && count > 0 ? window.oldest() + windowMs - now : 0;
      const allowed = count < limit;
      return { allowed, limit, remaining: limit - count, retryAfterMs: allowed ? 0 : resetMs, resetMs };
    },
    take(key) {
      const now = clock.now();
      let window = windows.get(key);
      if (window) {
        // The order of a Map is that of insertion: put last what was used last, so that the first is the one to forget.
        windows.delete(key);
        windows.set(key, window);
      } else {
        windows.set(key, (window = new Window()));
        if (windows.size > maxKeys) windows.delete(windows.keys().next().value!);
      }
      window.dropUntil(now - windowMs);
      const allowed = window.count < limit;
      if (allowed) window.push(now);
      const resetMs = window.count === 0 ? 0 : window.oldest() + windowMs - now;
      return { allowed, limit, remaining: limit - window.count, retryAfterMs: allowed ? 0 : resetMs, resetMs };
    },
  };
}
