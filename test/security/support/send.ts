/** Sends one request exactly as given: `fetch` would correct paths and headers that this test wants to send wrong. */
import { Agent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export interface Wire {
  readonly method: string;
  /** Path and query, sent as they are. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
}

export interface Reply {
  /** 0: the connection ended without a reply. */
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** A request that has no reply by then hangs. It is a guard, not a measure. */
export const GUARD_MS = 10_000;

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
export const closeConnections = (): void => agent.destroy();

/** @param base `http://127.0.0.1:8000` @throws Error when there is no whole reply within the guard */
export function send(base: string, { method, path, headers = {}, body }: Wire): Promise<Reply> {
  const { hostname, port } = new URL(base);
  return new Promise<Reply>((resolve, reject) => {
    let answered = false;
    const request = httpRequest({
      agent,
      hostname,
      port,
      method,
      path,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': body.length }) },
      insecureHTTPParser: false,
    });
    const guard = setTimeout(() => {
      request.destroy();
      reject(new Error(`no whole reply within ${GUARD_MS} ms`));
    }, GUARD_MS);
    const done = (reply: Reply): void => {
      clearTimeout(guard);
      resolve(reply);
    };
    request.on('response', (response) => {
      answered = true;
      const contentType = response.headers['content-type'] ?? '';
      const status = response.statusCode ?? 0;
      const parts: Buffer[] = [];
      const end = (): void => done({ status, contentType, text: Buffer.concat(parts).toString() });
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', end);
      // The reply came before the whole body was sent, and the rest of the body met a closed connection.
      response.on('error', end);
      // A stream has no end: that it began is the reply.
      if (contentType.startsWith('text/event-stream')) {
        end();
        request.destroy();
      }
    });
    request.on('error', () => {
      if (!answered) done({ status: 0, contentType: '', text: '' });
    });
    request.end(body);
  });
}

/** Writes bytes to a new connection, ends its side, and reads until the other side ends. @returns the first reply */
export function sendBytes(base: string, bytes: Buffer): Promise<Reply> {
  const { hostname, port } = new URL(base);
  return new Promise<Reply>((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () => socket.end(bytes));
    const guard = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection was still open after ${GUARD_MS} ms`));
    }, GUARD_MS);
    socket.on('data', (part) => parts.push(part));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(guard);
      resolve(parse(Buffer.concat(parts).toString('latin1')));
    });
  });
}

function parse(text: string): Reply {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
  const contentType = /^content-type: (.*)\r$/im.exec(text)?.[1] ?? '';
  const length = Number(/^content-length: (\d+)\r$/im.exec(text)?.[1] ?? 0);
  const at = text.indexOf('\r\n\r\n');
  return { status, contentType, text: at === -1 ? '' : text.slice(at + 4, at + 4 + length) };
}
