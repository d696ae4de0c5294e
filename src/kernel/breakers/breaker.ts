/**
 * One circuit breaker: closed, open after so many failures in a row, half open for one probe.
 * Our own, since it stands on the path of every call: see docs/adr/0004-breakers.md for the measurement.
 */
import { iso, type Clock, type Millis } from '../../model/time.ts';
import { errors } from './errors.ts';
import type { BreakerPolicy } from './policies.ts';

export type BreakerState = 'closed' | 'open' | 'half_open';

/** As served under `/health/circuit-breakers`. Instants are ISO 8601. */
export interface BreakerView {
  readonly state: BreakerState;
  /** Failures in a row. */
  readonly failures: number;
  readonly opened_at: string | null;
  /** Open: from when the next call is let through as the probe. */
  readonly next_attempt_at: string | null;
  readonly last_error: string | null;
  readonly calls: number;
  readonly rejected: number;
}

/** What `enter` gives to a call that may pass, and takes back with its outcome. 0: it may not. */
export type Ticket = number;

const LAST_ERROR_CHARS_MAX = 200;

export class Breaker {
  readonly name: string;
  readonly policy: BreakerPolicy;
  readonly #clock: Clock;
  readonly #onChange: (breaker: Breaker, to: BreakerState) => void;
  #state: BreakerState = 'closed';
  #failures = 0;
  #openedAt: Millis | null = null;
  #nextAttemptAt: Millis = 0;
  #lastError: string | null = null;
  #calls = 0;
  #rejected = 0;
  // Grows with every change of state: a call that began before one says nothing about the time after it, and is not heard.
  #generation: Ticket = 1;

  constructor(name: string, policy: BreakerPolicy, clock: Clock, onChange: (breaker: Breaker, to: BreakerState) => void) {
    this.name = name;
    this.policy = policy;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get state(): BreakerState {
    return this.#state;
  }
  get lastError(): string | null {
    return this.#lastError;
  }

  /** Milliseconds until a call may pass; 0 when one may now. Changes nothing. */
  waitMs(): number {
    return this.#state === 'closed' ? 0 : Math.max(0, this.#nextAttemptAt - this.#clock.now());
  }

  /** A place for one call, to be given back with `succeed`, `fail` or `abandon`; or 0. Half open, exactly one probe passes. */
  enter(): Ticket {
    if (this.#state !== 'closed') {
      const now = this.#clock.now();
      if (now < this.#nextAttemptAt) {
        this.#rejected += 1;
        return 0;
      }
      this.#change('half_open');
      // Should the probe never come back, another one is let through after as long again.
      this.#nextAttemptAt = now + this.policy.openMs;
    }
    this.#calls += 1;
    return this.#generation;
  }

  /** The other side answered: also when it answered that we are at fault. */
  succeed(ticket: Ticket): void {
    if (ticket !== this.#generation) return;
    this.#failures = 0;
    if (this.#state !== 'closed') this.#close();
  }

  fail(ticket: Ticket, error: unknown): void {
    if (ticket !== this.#generation) return;
    this.#lastError = describe(error);
    this.#failures += 1;
    if (this.#state === 'half_open' || this.#failures >= this.policy.failures) this.#open();
  }

  /** The call ended without a verdict on the other side, such as one that was never sent: the place is free again. */
  abandon(ticket: Ticket): void {
    if (ticket !== this.#generation || this.#state !== 'half_open') return;
    this.#nextAttemptAt = this.#clock.now();
    this.#change('open');
  }

  /** Closes it by hand. */
  reset(): void {
    this.#failures = 0;
    this.#lastError = null;
    if (this.#state !== 'closed') this.#close();
  }

  /** @throws CodedError BREAKER_OPEN, or what `work` throws (which counts as a failure unless `counts` says no) */
  async run<T>(work: () => Promise<T>, counts: (error: unknown) => boolean = () => true): Promise<T> {
    const ticket = this.enter();
    if (ticket === 0) throw errors.BREAKER_OPEN({ detail: `${this.name}: ${this.#lastError ?? 'failing'}`, retryAfterSeconds: Math.ceil(this.waitMs() / 1_000) });
    try {
      const result = await work();
      this.succeed(ticket);
      return result;
    } catch (e) {
      if (counts(e)) this.fail(ticket, e);
      else this.succeed(ticket);
      throw e;
    }
  }

  view(): BreakerView {
    return {
      state: this.#state,
      failures: this.#failures,
      opened_at: this.#openedAt === null ? null : iso(this.#openedAt),
      next_attempt_at: this.#state === 'closed' ? null : iso(this.#nextAttemptAt),
      last_error: this.#lastError,
      calls: this.#calls,
      rejected: this.#rejected,
    };
  }

  #open(): void {
    this.#openedAt = this.#clock.now();
    this.#nextAttemptAt = this.#openedAt + this.policy.openMs;
    this.#change('open');
  }

  #close(): void {
    this.#openedAt = null;
    this.#change('closed');
  }

  #change(to: BreakerState): void {
    this.#generation += 1;
    this.#state = to;
    this.#onChange(this, to);
  }
}

/** One line, with the code in front where there is one. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, LAST_ERROR_CHARS_MAX);
  const code = (error as { code?: unknown }).code;
  return `${typeof code === 'string' ? code : error.name}: ${error.message}`.split('\n')[0]!.slice(0, LAST_ERROR_CHARS_MAX);
}
