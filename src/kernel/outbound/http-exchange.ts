/**
 * One HTTP request as one try of an outbound call: what is sent, how much is read, and how each way in which it can go wrong becomes a VenueFault.
 * Not here: what the bytes are (http-json.ts, http-text.ts).
 */
import type { Clock } from '../../model/time.ts';
import { publicFetch } from './public-fetch.ts';
import { redact, redactedError, secretsOf } from './redact.ts';
import { parseRetryAfter } from './retry.ts';
import { VenueFault, type HttpRequest } from './types.ts';

const BYTES_MAX_DEFAULT = 8 * 1024 * 1024;
/** As much of an error's body as is read for the venue's own code. */
const ERROR_BYTES_MAX = 64 * 1024;
const MESSAGE_CHARS_MAX = 300;

export interface HttpDependencies {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** The trace to which the request belongs, as a W3C `traceparent`. */
  readonly traceparent?: () => string | undefined;
}

/** A reply with a status of success, whole; or a 304 that was asked for. */
export interface Exchanged {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** As the header says, or null. */
  readonly retryAfterMs: number | null;
  /** What no error may tell. */
  readonly secrets: readonly string[];
}

/** What one kind of reader asks for. */
export interface ExchangeOptions {
  /** The `accept` header where the request has none. */
  readonly accept: string;
  /** A 304 is a reply, with no bytes: the request was conditional. */
  readonly notModified: boolean;
}

/** @param read gets the whole reply; what it throws is a VenueFault already, or is told as a broken connection @throws VenueFault */
export async function exchange<T>(deps: HttpDependencies, request: HttpRequest, options: ExchangeOptions, read: (reply: Exchanged) => T, signal: AbortSignal): Promise<T> {
  const url = urlOf(request);
  const headers = headersOf(deps, request, options.accept);
  const secrets = secretsOf(url, headers, request.secretPath);
  const init: RequestInit = { method: request.method ?? 'GET', headers, signal, redirect: 'manual' };
  if (request.body !== undefined) init.body = JSON.stringify(request.body);

  let response: Response;
  try {
    response = await (request.onlyPublic ? publicFetch : deps.fetch)(url, init);
  } catch (e) {
    throw networkFault(e, signal, secrets);
  }
  try {
    const unchanged = response.status === 304 && options.notModified;
    if (response.status >= 300 && !unchanged) throw await refusal(deps, request, response, secrets);
    const bytes = await wholeBody(response, request.maxBytes ?? BYTES_MAX_DEFAULT);
    const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), deps.clock.now());
    return read({ status: response.status, headers: response.headers, bytes, retryAfterMs, secrets });
  } catch (e) {
    if (!response.bodyUsed) await response.body?.cancel().catch(() => undefined);
    throw e instanceof VenueFault ? e : networkFault(e, signal, secrets);
  }
}

/** What `parse` throws as a VenueFault is the venue's refusal under a status of success: its code, kind and wait stand. */
export function parsedBy<I, T>(parse: (body: I) => T, body: I, { status, retryAfterMs, secrets }: Exchanged): T {
  try {
    return parse(body);
  } catch (e) {
    if (e instanceof VenueFault) throw toldInBody(e, retryAfterMs, secrets);
    const detail = redact(e instanceof Error ? e.message : String(e), secrets).slice(0, MESSAGE_CHARS_MAX);
    throw new VenueFault(`the reply has another shape than agreed: ${detail}`, { status, venueCode: 'UNEXPECTED_SHAPE', retryable: false, countsForBreaker: true, cause: redactedError(e, secrets) });
  }
}

async function wholeBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new VenueFault(`the reply is larger than ${maxBytes} bytes`, { status: response.status, venueCode: 'BODY_TOO_LARGE', retryable: false, countsForBreaker: true });
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  return readBytes(response, maxBytes, tooLarge);
}

function urlOf({ url, secretPath }: HttpRequest): URL {
  // The platform's own error would quote the whole URL, with the keys in its query.
  if (!URL.canParse(url)) throw new VenueFault(secretPath ? 'not a URL' : `not a URL: ${redact(url.split('?')[0]!)}`, { retryable: false, countsForBreaker: false });
  return new URL(url);
}

function headersOf(deps: HttpDependencies, request: HttpRequest, accept: string): Record<string, string> {
  const traceparent = deps.traceparent?.();
  return {
    accept,
    'user-agent': 'bellwether',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...request.headers,
  };
}

/** No reply, or half of one: refused, cut, reset, not resolved. Worth another try. */
function networkFault(error: unknown, signal: AbortSignal, secrets: readonly string[]): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof VenueFault) return error;
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (inner as { code?: unknown }).code;
  const what = inner instanceof Error ? inner.message || inner.name : String(inner);
  const message = redact(typeof code === 'string' ? `${code}: ${what}` : what, secrets).slice(0, MESSAGE_CHARS_MAX);
  return new VenueFault(message, { retryable: true, ...(typeof code === 'string' ? { venueCode: code } : {}), cause: redactedError(error, secrets) });
}

/** A status that is no success: what the venue says of it decides, else the status does. */
async function refusal(deps: HttpDependencies, request: HttpRequest, response: Response, secrets: readonly string[]): Promise<VenueFault> {
  const { status } = response;
  const text = new TextDecoder().decode(await readBytes(response, ERROR_BYTES_MAX, () => null));
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // An error page in HTML, or nothing: the status says enough.
  }
  const told = request.fault?.(status, body);
  const retryAfterMs = told?.retryAfterMs ?? parseRetryAfter(response.headers.get('retry-after'), deps.clock.now());
  const redirect = status < 400 ? ': redirects are not followed, so that keys go to no other host' : '';
  return new VenueFault(redact(told?.message ?? `HTTP ${status}${redirect}`, secrets).slice(0, MESSAGE_CHARS_MAX), {
    status,
    retryable: told?.retryable ?? (status === 408 || status === 425 || status === 429 || status >= 500),
    countsForBreaker: told?.countsForBreaker ?? status >= 500,
    ...(told?.venueCode === undefined ? {} : { venueCode: told.venueCode }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

/** @param whenLarger gives what to throw, or null to stop reading at `maxBytes` */
async function readBytes(response: Response, maxBytes: number, whenLarger: () => Error | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the rest of the body.
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) {
      const error = whenLarger();
      if (error) throw error;
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** As it is, but without what the request carried in secret, and with the header's wait where the body gives none. */
function toldInBody(fault: VenueFault, headerMs: number | null, secrets: readonly string[]): VenueFault {
  const retryAfterMs = fault.retryAfterMs ?? headerMs;
  return new VenueFault(redact(fault.message, secrets).slice(0, MESSAGE_CHARS_MAX), {
    retryable: fault.retryable,
    countsForBreaker: fault.countsForBreaker,
    ...(fault.status === null ? {} : { status: fault.status }),
    ...(fault.venueCode === null ? {} : { venueCode: fault.venueCode }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    ...(fault.cause === undefined ? {} : { cause: redactedError(fault.cause, secrets) }),
  });
}
