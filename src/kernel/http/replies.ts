/** Replies to errors, all problem+json: what a handler throws, unknown addresses, broken HTTP, refused WebSockets. */
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { CodedError, common } from '../errors/index.ts';
import type { Logger } from '../logging/types.ts';
import { errors } from './errors.ts';
import { toCoded, toProblem } from './problem.ts';
import type { RouteTable } from './route-table.ts';
import { API_HEADERS } from './security-headers.ts';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
const REALM = 'Bearer realm="bellwether"';

export const pathOf = (url: string): string => {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
};

/** For `setErrorHandler`. */
export function replyWithProblem(logger: Logger) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = bodyTooLarge(thrown, request) ?? toCoded(thrown);
    request.errorCode = error.code;
    if (error.status >= 500) request.span?.fail(thrown);
    // What is reported is told with its cause: the reply says nothing of the inside.
    if (error.spec.report) logger.error('request_failed', { code: error.code, method: request.method, route: request.routeOptions.url, error: thrown });
    const { retryAfterSeconds } = error.occurrence;
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
    if (error.status === 401) reply.header('www-authenticate', REALM);
    const traceId = request.traceId === '' ? (request.span?.traceId ?? '') : request.traceId;
    return reply.code(error.status).type(PROBLEM_TYPE).send(JSON.stringify(toProblem(error, pathOf(request.url), traceId)));
  };
}

/** For `setNotFoundHandler`: 405 with `Allow` where the address is known with another method, else 404. */
export function notFound(table: RouteTable) {
  return (request: FastifyRequest, reply: FastifyReply): never => {
    const path = pathOf(request.url);
    const methods = table.methodsFor(path);
    if (methods.length === 0) throw common.NOT_FOUND({ detail: `There is nothing at ${path.slice(0, 200)}`, fix: 'See /docs for what there is' });
    reply.header('allow', methods.join(', '));
    throw common.METHOD_NOT_ALLOWED({ detail: `${path.slice(0, 200)} does not take ${request.method}`, fix: `It takes ${methods.join(', ')}` });
  };
}

function bodyTooLarge(thrown: unknown, request: FastifyRequest): CodedError | null {
  if ((thrown as { code?: unknown } | null)?.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') return null;
  const limit = request.routeOptions.bodyLimit;
  return common.BODY_TOO_LARGE({ detail: `At most ${limit} bytes are taken here`, fix: 'Send less at a time', facts: { limit_bytes: limit }, cause: thrown });
}

/** For `clientErrorHandler`: what came was no HTTP, was too slow, or had too long headers. */
export function answerBrokenClient(traceId: () => string) {
  return (error: FastifyError | NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable || socket.destroyed) return void socket.destroy();
    const coded =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? errors.HEADERS_TOO_LARGE()
        : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? errors.REQUEST_TIMEOUT()
          : common.BAD_REQUEST({ detail: 'This is not HTTP/1.1' });
    writeRawProblem(socket, coded, '', traceId());
  };
}

/** For Node's `checkExpectation`: an `Expect` header with anything but `100-continue`. */
export function answerExpectation(traceId: () => string) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const coded = errors.EXPECTATION_FAILED({ field: 'Expect', fix: 'Leave the header out, or send 100-continue' });
    const id = traceId();
    const text = JSON.stringify(toProblem(coded, pathOf(request.url ?? '/'), id));
    const headers = { 'content-type': PROBLEM_TYPE, 'content-length': Buffer.byteLength(text), 'x-request-id': id, connection: 'close' };
    response.writeHead(coded.status, { ...headers, ...API_HEADERS });
    response.end(text);
  };
}

/**
 * A whole reply on a connection that has no response object: a broken request, a refused WebSocket. The connection is closed
 * once the reply is written: half-closed it would stay for as long as the peer likes, and a request that was answered 408
 * would still run when the rest of its body came.
 */
export function writeRawProblem(socket: Socket, error: CodedError, path: string, traceId: string): void {
  const text = JSON.stringify(toProblem(error, path, traceId));
  const { retryAfterSeconds } = error.occurrence;
  const headers = {
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(text),
    'x-request-id': traceId,
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': Math.ceil(retryAfterSeconds) }),
    ...(error.status === 401 ? { 'www-authenticate': REALM } : {}),
    ...API_HEADERS,
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\n${head}\r\n${text}`);
  socket.destroySoon();
}
