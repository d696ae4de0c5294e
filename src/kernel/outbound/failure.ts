/** How a try that failed is told: as one of the five coded errors, and whether another try makes sense. */
import type { Breaker } from '../breakers/index.ts';
import { isCodedError, type CodedError, type ErrorFactory } from '../errors/index.ts';
import { errors } from './errors.ts';
import { redact, redactedError } from './redact.ts';
import type { OutboundCall, VenueFault } from './types.ts';

export class Failure {
  readonly error: CodedError;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  constructor(error: CodedError, retryable: boolean, retryAfterMs: number | null = null) {
    this.error = error;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The gate waited as long as the deadline allowed, or knew that it would be in vain. @throws what is no refusal: a fault of this code */
export function gateRefusal(asked: OutboundCall, e: unknown): Failure {
  if (!isCodedError(e) || (e.code !== 'GATE_QUOTA_EXHAUSTED' && e.code !== 'GATE_CLOSED')) throw e;
  const waitMs = e.occurrence.facts?.['wait_ms'];
  return new Failure(errors.VENUE_RATE_LIMITED({ ...told(asked, null, e.message, e), ...(typeof waitMs === 'number' ? { retryAfterSeconds: Math.ceil(waitMs / 1_000) } : {}) }), false);
}

export function circuitOpen(asked: OutboundCall, breaker: Breaker): Failure {
  const detail = breaker.lastError === null ? 'it keeps failing' : `it keeps failing (${breaker.lastError})`;
  return new Failure(errors.VENUE_CIRCUIT_OPEN({ ...told(asked, null, detail), retryAfterSeconds: Math.max(1, Math.ceil(breaker.waitMs() / 1_000)) }), false);
}

export const timedOut = (asked: OutboundCall, detail: string): Failure => new Failure(errors.VENUE_TIMEOUT(told(asked, null, detail)), false);

/** 429: limited. Ours to mend (a 4xx, or a refusal told in the body): refused. The rest: failed. */
export function venueFailure(asked: OutboundCall, fault: VenueFault): Failure {
  const { status } = fault;
  const refused = (status !== null && status >= 400 && status < 500) || (!fault.retryable && !fault.countsForBreaker);
  const make: ErrorFactory = status === 429 ? errors.VENUE_RATE_LIMITED : refused ? errors.VENUE_REFUSED : errors.VENUE_FAILED;
  const cause = fault.cause === undefined ? undefined : redactedError(fault.cause);
  const coded = make({ ...told(asked, fault, redact(fault.message), cause), ...(fault.retryAfterMs === null ? {} : { retryAfterSeconds: Math.ceil(fault.retryAfterMs / 1_000) }) });
  return new Failure(coded, fault.retryable, fault.retryAfterMs);
}

function told(asked: OutboundCall, fault: VenueFault | null, detail: string, cause?: unknown) {
  return {
    detail: `${asked.provider} ${asked.operation}: ${detail}`,
    facts: { provider: asked.provider, operation: asked.operation, venue_code: fault?.venueCode ?? null, status: fault?.status ?? null },
    ...(cause === undefined ? {} : { cause }),
  };
}
