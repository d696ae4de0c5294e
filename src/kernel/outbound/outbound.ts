/**
 * The one way out. Each try passes the gate, then the breaker, then runs under the deadline; what fails is tried again only
 * where a repeat does no harm, and ends as one of five coded errors.
 */
import type { Histogram } from 'prom-client';
import type { Clock, Millis } from '../../model/time.ts';
import type { Breaker, Breakers } from '../breakers/index.ts';
import { CodedError, isCodedError, type ErrorFactory } from '../errors/index.ts';
import type { Gate } from '../gate/index.ts';
import type { Logger } from '../logging/types.ts';
import { cheapCounter } from '../metrics/on-collect.ts';
import type { Metrics } from '../metrics/types.ts';
import { TimerWheel, pause, type Timers } from '../timers/index.ts';
import { DeadlineExceeded, withDeadline } from './deadline.ts';
import { errors } from './errors.ts';
import { httpJson } from './http-json.ts';
import { redact, redactedError } from './redact.ts';
import { DEFAULT_RETRY, retryPauseMs, type RetryPolicy } from './retry.ts';
import { VenueFault, type HttpRequest, type Outbound, type OutboundCall } from './types.ts';

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

/** A try that failed: the error to end with, and whether another try makes sense. */
class Failure {
  readonly error: CodedError;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  constructor(error: CodedError, retryable: boolean, retryAfterMs: number | null = null) {
    this.error = error;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

export function createOutbound(deps: OutboundDependencies): Outbound {
  const { gate, breakers, clock, logger, metrics, random, tracing, timers = new TimerWheel(), retry = DEFAULT_RETRY } = deps;
  const calls = metrics.counter('outbound_calls_total', 'Calls to providers by outcome, all tries of one call together', ['provider', 'outcome']);
  const durations = metrics.histogram('outbound_duration_seconds', 'Duration of calls to providers, with waits and retries', ['provider'], DURATION_BUCKETS_S);
  const providers = new Map<string, Provider>();
  const http = { clock, fetch: deps.fetch ?? fetch, ...(tracing?.traceparent ? { traceparent: () => tracing.traceparent?.() } : {}) };

  function providerOf(name: string): Provider {
    let provider = providers.get(name);
    if (!provider) {
      provider = { breaker: breakers.get(name), ok: cheapCounter(calls, { provider: name, outcome: 'ok' }), duration: durations.labels({ provider: name }) };
      providers.set(name, provider);
    }
    return provider;
  }

  async function call<T>(asked: OutboundCall, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const provider = providerOf(asked.provider);
    const from = clock.now();
    const deadlineAt = from + (asked.deadlineMs ?? DEADLINE_MS_DEFAULT);
    for (let tried = 1; ; tried++) {
      const result = await tryOnce(asked, provider, deadlineAt, attempt);
      if (!(result instanceof Failure)) {
        provider.ok();
        provider.duration.observe((clock.now() - from) / 1_000);
        return result;
      }
      const pauseMs = asked.idempotent && result.retryable && tried < retry.tries ? retryPauseMs(retry, tried, result.retryAfterMs, random) : Number.POSITIVE_INFINITY;
      if (clock.now() + pauseMs >= deadlineAt) throw end(asked, provider, result.error, from, tried);
      logger.debug('outbound_retry', { provider: asked.provider, operation: asked.operation, tried, pause_ms: Math.round(pauseMs), code: result.error.code });
      await pause(timers, pauseMs);
    }
  }

  function end(asked: OutboundCall, provider: Provider, error: CodedError, from: Millis, tries: number): CodedError {
    const latencyMs = clock.now() - from;
    calls.inc({ provider: asked.provider, outcome: OUTCOMES[error.code] ?? 'error' });
    provider.duration.observe(latencyMs / 1_000);
    // While a circuit is open every call ends here, and its opening has been told.
    const level = error.code === 'VENUE_CIRCUIT_OPEN' ? 'debug' : 'warn';
    logger[level]('outbound_failed', { provider: asked.provider, operation: asked.operation, code: error.code, detail: error.message, tries, latency_ms: latencyMs });
    return error;
  }

  /** Never throws, but for what is a fault of this code: an unknown provider, a wrong weight. */
  async function tryOnce<T>(asked: OutboundCall, { breaker }: Provider, deadlineAt: Millis, attempt: (signal: AbortSignal) => Promise<T>): Promise<T | Failure> {
    // Looked at before the gate, so that a call which the breaker will turn away uses up no quota.
    if (breaker.waitMs() > 0) return circuitOpen(asked, breaker);
    const admitted = admission(asked, deadlineAt);
    if (admitted !== undefined) {
      const refused = await admitted;
      if (refused) return refused;
    }
    const ticket = breaker.enter();
    if (ticket === 0) return circuitOpen(asked, breaker);
    const leftMs = deadlineAt - clock.now();
    if (leftMs <= 0) {
      breaker.abandon(ticket);
      return new Failure(errors.VENUE_TIMEOUT(told(asked, null, 'the deadline passed before it was sent')), false);
    }
    try {
      const value = await withDeadline(timers, leftMs, attempt);
      breaker.succeed(ticket);
      return value;
    } catch (e) {
      return failureOf(asked, breaker, ticket, e);
    }
  }

  /** Nothing when the call may go, at once or after a wait; else why not. */
  function admission(asked: OutboundCall, deadlineAt: Millis): undefined | Promise<Failure | undefined> {
    try {
      const waiting = gate.acquire(asked, deadlineAt - clock.now());
      if (waiting === undefined) return undefined;
      return waiting.then(
        () => undefined,
        (e: unknown) => gateRefusal(asked, e),
      );
    } catch (e) {
      return Promise.resolve(gateRefusal(asked, e));
    }
  }

  function gateRefusal(asked: OutboundCall, e: unknown): Failure {
    if (!isCodedError(e) || (e.code !== 'GATE_QUOTA_EXHAUSTED' && e.code !== 'GATE_CLOSED')) throw e;
    const waitMs = e.occurrence.facts?.['wait_ms'];
    const coded = errors.VENUE_RATE_LIMITED({ ...told(asked, null, e.message, e), ...(typeof waitMs === 'number' ? { retryAfterSeconds: Math.ceil(waitMs / 1_000) } : {}) });
    // The gate has waited as long as the deadline allowed.
    return new Failure(coded, false);
  }

  function circuitOpen(asked: OutboundCall, breaker: Breaker): Failure {
    const waitMs = breaker.waitMs();
    const detail = breaker.lastError === null ? 'it keeps failing' : `it keeps failing (${breaker.lastError})`;
    return new Failure(errors.VENUE_CIRCUIT_OPEN({ ...told(asked, null, detail), retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) }), false);
  }

  function failureOf(asked: OutboundCall, breaker: Breaker, ticket: number, e: unknown): Failure {
    if (e instanceof DeadlineExceeded) {
      const timeout = errors.VENUE_TIMEOUT(told(asked, null, e.message));
      breaker.fail(ticket, timeout);
      return new Failure(timeout, false);
    }
    if (isCodedError(e)) {
      // Another part's refusal inside the try, such as a nested call's: it says nothing of this venue.
      breaker.abandon(ticket);
      return new Failure(e, false);
    }
    const fault = e instanceof VenueFault ? e : new VenueFault(redactedError(e).message, { retryable: true, cause: redactedError(e) });
    const coded = codedFault(asked, fault);
    if (fault.countsForBreaker && fault.status !== 429) breaker.fail(ticket, coded);
    else breaker.succeed(ticket);
    if (fault.status === 429) gate.backOff(asked, fault.retryAfterMs ?? BACK_OFF_MS_DEFAULT);
    return new Failure(coded, fault.retryable, fault.retryAfterMs);
  }

  const traced: Outbound['call'] = tracing
    ? (asked, attempt) => tracing.span(`${asked.provider} ${asked.operation}`, { provider: asked.provider, operation: asked.operation }, () => call(asked, attempt))
    : call;
  return {
    call: traced,
    json: (asked, request: HttpRequest, parse) => traced(asked, (signal) => httpJson(http, request, parse, signal)),
  };
}

/** 429: limited. Ours to mend (a 4xx, or a refusal told in the body): refused. The rest: failed. */
function codedFault(asked: OutboundCall, fault: VenueFault): CodedError {
  const { status } = fault;
  const refused = (status !== null && status >= 400 && status < 500) || (!fault.retryable && !fault.countsForBreaker);
  const make: ErrorFactory = status === 429 ? errors.VENUE_RATE_LIMITED : refused ? errors.VENUE_REFUSED : errors.VENUE_FAILED;
  const cause = fault.cause === undefined ? undefined : redactedError(fault.cause);
  return make({ ...told(asked, fault, redact(fault.message), cause), ...(fault.retryAfterMs === null ? {} : { retryAfterSeconds: Math.ceil(fault.retryAfterMs / 1_000) }) });
}

function told(asked: OutboundCall, fault: VenueFault | null, detail: string, cause?: unknown) {
  return {
    detail: `${asked.provider} ${asked.operation}: ${detail}`,
    facts: { provider: asked.provider, operation: asked.operation, venue_code: fault?.venueCode ?? null, status: fault?.status ?? null },
    ...(cause === undefined ? {} : { cause }),
  };
}
