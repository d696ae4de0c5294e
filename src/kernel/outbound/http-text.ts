/** One HTTP request whose reply is a document of another kind than JSON (a feed, a page), as one try of an outbound call. */
import { exchange, parsedBy, type Exchanged, type HttpDependencies } from './http-exchange.ts';
import { VenueFault, type HttpRequest, type TextReply } from './types.ts';

const CONDITIONAL = /^if-(none-match|modified-since)$/i;
const CHARSET = /;\s*charset\s*=\s*"?([\w.:-]+)/i;

/**
 * A 304 is a reply (`status` 304, no bytes) where the request has `if-none-match` or `if-modified-since`, and a refusal where it has not.
 * A body that is shorter than it was announced is a failure of the connection, as everywhere.
 * @throws VenueFault @throws what `parse` throws, as a VenueFault
 */
export function httpText<T>(deps: HttpDependencies, request: HttpRequest, parse: (reply: TextReply) => T, signal: AbortSignal): Promise<T> {
  const notModified = Object.keys(request.headers ?? {}).some((name) => CONDITIONAL.test(name));
  return exchange(deps, request, { accept: '*/*', notModified }, (reply) => parsedBy(parse, textReply(reply), reply), signal);
}

function textReply({ status, headers, bytes }: Exchanged): TextReply {
  const charset = CHARSET.exec(headers.get('content-type') ?? '')?.[1] ?? null;
  return {
    status,
    bytes,
    charset,
    header: (name) => headers.get(name),
    text: (encoding) => decoderOf(encoding ?? charset ?? 'utf-8', status).decode(bytes),
  };
}

/** @throws VenueFault for an encoding that the platform does not know: guessing would make other words of it */
function decoderOf(label: string, status: number): { decode(bytes: Uint8Array): string } {
  try {
    return new TextDecoder(label);
  } catch {
    throw new VenueFault(`the reply is in an encoding that is not known: ${label.slice(0, 40)}`, { status, venueCode: 'UNKNOWN_ENCODING', retryable: false, countsForBreaker: true });
  }
}
