/**
 * The one way out. Each try passes the gate, then the breaker, then runs under the deadline; what fails is tried again only
 * where a repeat does no harm, and ends as one of five coded errors.
 */
import { createHash } from 'node:crypto';
import type { Counter, Histogram } from 'prom-client';
import type { Clock, Millis } from '../../model/time.ts';
import type { Breaker, Breakers, Ticket } from '../breakers/index.ts';
import { isCodedError, type CodedError } from '../errors/index.ts';
import type { Gate } from '../gate/index.ts';
import type { Logger } from '../logging/types.ts';
import { cheapCounter } from '../metrics/on-collect.ts';
import type { Metrics } from '../metrics/types.ts';
import { TimerWheel, pause, type Timers } from '../timers/index.ts';
import { DeadlineExceeded, withDeadline } from './deadline.ts';
import { Failure, circuitOpen, gateRefusal, timedOut, venueFailure } from './failure.ts';
import { httpJson } from './http-json.ts';
import { httpText } from './http-text.ts';
import { redactedError } from './redact.ts';
import { DEFAULT_RETRY, retryPauseMs, type RetryPolicy } from './retry.ts';
import { PEER_BREAKERS, VenueFault, type HttpRequest, type Outbound, type OutboundCall } from './types.ts';

export interface OutboundTracing {
  span<T>(name: string, attributes: Readonly<Record<string, string | number | boolean>>, work: () => Promise<T>): Promise<T>;
  /** The running span as a W3C `traceparent`. */
  traceparent?(): string | undefined;
}

export interface OutboundDependencies {
  readonly gate: Pick<Gate, 'acquire' | 'backOff'>;
  readonly breakers: Breakers;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Default: a wheel of its own. */
  readonly timers?: Timers;
  readonly tracing?: OutboundTracing;
  readonly retry?: RetryPolicy;
  readonly fetch?: typeof fetch;
}

const DEADLINE_MS_DEFAULT = 10_000;
/** A venue that says "too many requests" without saying for how long. */
const BACK_OFF_MS_DEFAULT = 1_000;
const DURATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

type Outcome = 'ok' | 'rate_limited' | 'circuit_open' | 'timeout' | 'refused' | 'failed' | 'error';
const OUTCOMES: Readonly<Record<string, Outcome>> = Object.freeze({
  VENUE_RATE_LIMITED: 'rate_limited',
  VENUE_CIRCUIT_OPEN: 'circuit_open',
  VENUE_TIMEOUT: 'timeout',
  VENUE_REFUSED: 'refused',
  VENUE_FAILED: 'failed',
});

/** What one provider needs on every call, found once. */
interface Provider {
  readonly breaker: Breaker;
  /** Counts one that went well. */
  readonly ok: () => void;
  readonly duration: Histogram.Internal<'provider'>;
}

export function createOutbound(deps: OutboundDependencies): Outbound {
  const { tracing, clock } = deps;
  const path = new CallPath(deps);
  const call: Outbound['call'] = tracing
    ? (asked, attempt) => tracing.span(`${asked.provider} ${asked.operation}`, { provider: asked.provider, operation: asked.operation }, () => path.call(asked, attempt))
    : (asked, attempt) => path.call(asked, attempt);
  const http = { clock, fetch: deps.fetch ?? fetch, ...(tracing?.traceparent ? { traceparent: () => tracing.traceparent?.() } : {}) };
  return {
    call,
    json: (asked, request: HttpRequest, parse) => call(asked, (signal) => httpJson(http, request, parse, signal)),
    text: (asked, request: HttpRequest, parse) => call(asked, (signal) => httpText(http, request, parse, signal)),
  };
}

class CallPath {
  readonly #deps: OutboundDependencies;
  readonly #timers: Timers;
  readonly #retry: RetryPolicy;
  readonly #calls: Counter<'provider' | 'outcome'>;
  readonly #durations: Histogram<'provider'>;
  readonly #providers = new Map<string, Provider>();

  constructor(deps: OutboundDependencies) {
    this.#deps = deps;
    this.#timers = deps.timers ?? new TimerWheel();
    this.#retry = deps.retry ?? DEFAULT_RETRY;
    this.#calls = deps.metrics.counter('outbound_calls_total', 'Calls to providers by outcome, all tries of one call together', ['provider', 'outcome']);
    this.#durations = deps.metrics.histogram('outbound_duration_seconds', 'Duration of calls to providers, with waits and retries', ['provider'], DURATION_BUCKETS_S);
  }

  async call<T>(asked: OutboundCall, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, logger, random } = this.#deps;
    const provider = this.#providerOf(asked);
    const from = clock.now();
    const deadlineAt = from + (asked.deadlineMs ?? DEADLINE_MS_DEFAULT);
    for (let tried = 1; ; tried++) {
      const result = await this.#tryOnce(asked, provider, deadlineAt, attempt);
      if (!(result instanceof Failure)) {
        provider.ok();
        provider.duration.observe((clock.now() - from) / 1_000);
        return result;
      }
      const again = asked.idempotent && result.retryable && tried < this.#retry.tries;
      const pauseMs = again ? retryPauseMs(this.#retry, tried, result.retryAfterMs, random) : Number.POSITIVE_INFINITY;
      if (clock.now() + pauseMs >= deadlineAt) throw this.#end(asked, provider, result.error, from, tried);
      logger.debug('outbound_retry', { provider: asked.provider, operation: asked.operation, tried, pause_ms: Math.round(pauseMs), code: result.error.code });
      await pause(this.#timers, pauseMs);
    }
  }

  /** Never throws, but for what is a fault of this code: an unknown provider, a wrong weight. */
  async #tryOnce<T>(asked: OutboundCall, { breaker }: Provider, deadlineAt: Millis, attempt: (signal: AbortSignal) => Promise<T>): Promise<T | Failure> {
    // Looked at before the gate, so that a call which the breaker will turn away uses up no quota.
    if (breaker.waitMs() > 0) return circuitOpen(asked, breaker);
    const admission = this.#admission(asked, deadlineAt);
    if (admission !== undefined) {
      const refused = await admission;
      if (refused) return refused;
    }
    const ticket = breaker.enter();
    if (ticket === 0) return circuitOpen(asked, breaker);
    const leftMs = deadlineAt - this.#deps.clock.now();
    if (leftMs <= 0) {
      breaker.abandon(ticket);
      return timedOut(asked, 'the deadline passed before it was sent');
    }
    try {
      const value = await withDeadline(this.#timers, leftMs, attempt);
      breaker.succeed(ticket);
      return value;
    } catch (e) {
      return this.#failureOf(asked, breaker, ticket, e);
    }
  }

  /** Nothing when the call may go at once; else a promise of nothing after a wait, or of why not. */
  #admission(asked: OutboundCall, deadlineAt: Millis): undefined | Promise<Failure | undefined> {
    try {
      const waiting = this.#deps.gate.acquire(asked, deadlineAt - this.#deps.clock.now());
      if (waiting === undefined) return undefined;
      return waiting.then(
        () => undefined,
        (e: unknown) => gateRefusal(asked, e),
      );
    } catch (e) {
      return Promise.resolve(gateRefusal(asked, e));
    }
  }

  #failureOf(asked: OutboundCall, breaker: Breaker, ticket: Ticket, e: unknown): Failure {
    if (e instanceof DeadlineExceeded) {
      const failure = timedOut(asked, e.message);
      breaker.fail(ticket, failure.error);
      return failure;
    }
    if (isCodedError(e)) {
      // Another part's refusal inside the try, such as a nested call's: it says nothing of this venue.
      breaker.abandon(ticket);
      return new Failure(e, false);
    }
    const fault = e instanceof VenueFault ? e : new VenueFault(redactedError(e).message, { retryable: true, cause: e });
    const failure = venueFailure(asked, fault);
    if (fault.countsForBreaker && fault.status !== 429) breaker.fail(ticket, failure.error);
    else breaker.succeed(ticket);
    if (fault.status === 429 && asked.peer === undefined) this.#deps.gate.backOff(asked, fault.retryAfterMs ?? BACK_OFF_MS_DEFAULT);
    return failure;
  }

  #end(asked: OutboundCall, provider: Provider, error: CodedError, from: Millis, tries: number): CodedError {
    const { clock, logger } = this.#deps;
    const latencyMs = clock.now() - from;
    this.#calls.inc({ provider: asked.provider, outcome: OUTCOMES[error.code] ?? 'error' });
    provider.duration.observe(latencyMs / 1_000);
    // While a circuit is open every call ends here, and its opening has been told.
    const level = error.code === 'VENUE_CIRCUIT_OPEN' ? 'debug' : 'warn';
    logger[level]('outbound_failed', { provider: asked.provider, operation: asked.operation, code: error.code, detail: error.message, tries, latency_ms: latencyMs });
    return error;
  }

  #providerOf(asked: OutboundCall): Provider {
    const name = breakerOf(asked);
    let provider = this.#providers.get(name);
    if (!provider) {
      const ok = cheapCounter(this.#calls, { provider: asked.provider, outcome: 'ok' });
      provider = { breaker: this.#deps.breakers.get(name), ok, duration: this.#durations.labels({ provider: asked.provider }) };
      this.#providers.set(name, provider);
    }
    return provider;
  }
}

function breakerOf({ provider, peer }: OutboundCall): string {
  if (peer === undefined) return provider;
  const bucket = createHash('sha256').update(peer).digest()[0]! % PEER_BREAKERS;
  return `${provider}.${bucket.toString(16).padStart(2, '0')}`;
}
