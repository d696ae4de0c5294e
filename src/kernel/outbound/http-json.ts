/** One HTTP request with a JSON reply, as one try of an outbound call. */
import { exchange, parsedBy, type Exchanged, type HttpDependencies } from './http-exchange.ts';
import { redactedError } from './redact.ts';
import { VenueFault, type HttpRequest } from './types.ts';

/** @throws VenueFault; what else `parse` throws becomes one too */
export function httpJson<T>(deps: HttpDependencies, request: HttpRequest, parse: (body: unknown) => T, signal: AbortSignal): Promise<T> {
  return exchange(deps, request, { accept: 'application/json', notModified: false }, (reply) => parsedBy(parse, bodyOf(request, reply), reply), signal);
}

function bodyOf(request: HttpRequest, { status, bytes, secrets }: Exchanged): unknown {
  const text = new TextDecoder().decode(bytes);
  if (request.reply === 'text') return text;
  if (bytes.length === 0 && (status === 204 || status === 205)) return null;
  try {
    return JSON.parse(text);
  } catch (e) {
    // Half a document through a broken proxy, or a page in HTML: another try may bring the whole.
    throw new VenueFault('the reply is not JSON', { status, venueCode: 'MALFORMED_JSON', retryable: true, cause: redactedError(e, secrets) });
  }
}
