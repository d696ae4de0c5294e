/** `Outbound` without gate and breaker: the call, its deadline and its typed errors, for tests of one venue. */
import { defineErrors, isCodedError } from '../../../kernel/errors/index.ts';
import { VenueFault, type HttpRequest, type Outbound, type OutboundCall } from '../../../kernel/outbound/types.ts';

const errors = defineErrors({
  TEST_VENUE_TIMEOUT: { status: 504, title: 'Timeout' },
});

const named = (code: string, occurrence: Parameters<typeof errors.TEST_VENUE_TIMEOUT>[0]): Error => Object.defineProperty(errors.TEST_VENUE_TIMEOUT(occurrence), 'code', { value: code });

export const plainOutbound: Outbound = {
  async call(call, attempt) {
    const signal = AbortSignal.timeout(call.deadlineMs ?? 10_000);
    try {
      return await attempt(signal);
    } catch (cause) {
      if (isCodedError(cause)) throw cause;
      if (signal.aborted) throw named('VENUE_TIMEOUT', { cause });
      if (cause instanceof VenueFault && cause.status !== null && cause.status < 500) {
        throw named(cause.status === 429 ? 'VENUE_RATE_LIMITED' : 'VENUE_REFUSED', { ...factsOf(cause), cause });
      }
      throw named('VENUE_FAILED', { ...(cause instanceof VenueFault && factsOf(cause)), cause });
    }
  },
  json: (call, request, parse) => plainOutbound.call(call, async (signal) => parse(await fetchJson(call, request, signal))),
};

const factsOf = (fault: VenueFault): object => ({
  ...(fault.venueCode !== null && { facts: { venue_code: fault.venueCode } }),
  ...(fault.retryAfterMs !== null && { retryAfterSeconds: fault.retryAfterMs / 1_000 }),
});

async function fetchJson(_call: OutboundCall, request: HttpRequest, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(request.url, {
    method: request.method ?? 'GET',
    headers: { 'content-type': 'application/json', ...request.headers },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal,
  });
  const text = await response.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  if (response.ok) return body;
  const read = request.fault?.(response.status, body);
  const after = response.headers.get('retry-after');
  throw new VenueFault(read?.message ?? `status ${response.status}`, {
    status: response.status,
    retryable: read?.retryable ?? response.status >= 500,
    ...(read?.venueCode === undefined ? {} : { venueCode: read.venueCode }),
    ...(after === null ? {} : { retryAfterMs: Number(after) * 1_000 }),
  });
}
