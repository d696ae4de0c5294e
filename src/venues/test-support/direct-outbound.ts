/** The way out without gate, breaker or retry: deadline and typed errors only, so that a client's own behaviour is what a test sees. */
import { CodedError, type ErrorOccurrence } from '../../kernel/errors/index.ts';
import { httpText } from '../../kernel/outbound/http-text.ts';
import { VenueFault, type HttpRequest, type Outbound, type OutboundCall } from '../../kernel/outbound/types.ts';
import { systemClock } from '../../model/time.ts';

const failure = (code: string, status: number, occurrence: ErrorOccurrence): CodedError => new CodedError(code, { status, title: code }, occurrence);

export function directOutbound(): Outbound {
  const run = async <T>(call: OutboundCall, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const deadline = AbortSignal.timeout(call.deadlineMs ?? 10_000);
    try {
      return await attempt(deadline);
    } catch (cause) {
      if (deadline.aborted) throw failure('VENUE_TIMEOUT', 504, { detail: call.operation, cause });
      if (!(cause instanceof VenueFault)) throw failure('VENUE_FAILED', 502, { detail: `${call.operation}: ${String(cause)}`, cause });
      const facts = { venue_code: cause.venueCode };
      if (cause.status === 429) throw failure('VENUE_RATE_LIMITED', 503, { detail: cause.message, facts, ...(cause.retryAfterMs === null ? {} : { retryAfterSeconds: cause.retryAfterMs / 1_000 }) });
      throw failure(cause.retryable ? 'VENUE_FAILED' : 'VENUE_REFUSED', 502, { detail: cause.message, facts, cause });
    }
  };
  return {
    call: run,
    json: (call, request, parse) => run(call, async (signal) => parse(await send(request, signal))),
    text: (call, request, parse) => run(call, (signal) => httpText({ clock: systemClock, fetch }, request, parse, signal)),
  };
}

async function send(request: HttpRequest, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(request.url, {
    method: request.method ?? 'GET',
    headers: { ...(request.body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    redirect: 'manual',
    signal,
  });
  const text = await response.text();
  if (response.ok) return request.reply === 'text' ? text : JSON.parse(text);
  const told = request.fault?.(response.status, readJson(text));
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw new VenueFault(told?.message ?? `HTTP ${response.status}`, {
    status: response.status,
    retryable: told?.retryable ?? (response.status === 429 || response.status >= 500),
    ...(told?.venueCode === undefined ? {} : { venueCode: told.venueCode }),
    ...(Number.isNaN(retryAfter) ? {} : { retryAfterMs: retryAfter * 1_000 }),
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
