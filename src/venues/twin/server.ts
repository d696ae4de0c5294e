/**
 * A loopback server that stands in for a venue: same wire protocol, played from a clock, failing on request.
 * Lives here: sockets, routing, faults, `/__twin/*` control.
 * Not here: any venue's protocol (its `twin.ts`), who may call (`guard.ts`).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wallDelay } from 'node:timers/promises';
import { z } from 'zod';
import { CounterBook } from './counters.ts';
import { twinErrors } from './errors.ts';
import { arrange, TwinFaults, twinFaultSchema } from './faults.ts';
import { newTwinKey, refuseForeign, refuseWithoutKey } from './guard.ts';
import { matchPath, splitTarget } from './routing.ts';
import { socketSide } from './sockets.ts';
import type { TwinContext, TwinOptions, TwinReply, TwinRequest, TwinRoute, TwinServer } from './types.ts';

const BODY_BYTES_MAX = 4 << 20;
const TOO_LARGE: TwinReply = { status: 413, json: { error: `the body is over ${BODY_BYTES_MAX} bytes` } };
const LOOPBACK = '127.0.0.1';

/**
 * Starts a twin on 127.0.0.1.
 * @returns the running server; `close()` or `await using` ends it
 * @throws CodedError TWIN_NOT_STARTED when the port is taken
 * @example
 * await using twin = await startTwin({ name: 'acme', clock, routes: [{ method: 'GET', path: '/ok', handle: () => ({ json: 'OK' }) }] });
 * twin.faults.set([{ kind: 'rate_limited', retry_after_s: 2, times: 1 }]);
 */
export async function startTwin(options: TwinOptions): Promise<TwinServer> {
  const faults = options.faults ?? new TwinFaults();
  const key = options.key ?? newTwinKey();
  const book = new CounterBook();
  const contextFor = (path: string): TwinContext => ({
    now: () => options.clock.now() + (faults.peek(path, ['clock_skew'])?.ms ?? 0),
    arrange: (items) => arrange(faults, path, items),
  });
  const ended = new AbortController();
  const server = createServer((request, response) => {
    const serving: Serving = { options, key, faults, book, contextFor, ended: ended.signal };
    serve(serving, request, response).catch((error: unknown) => {
      // A fault of the twin itself, told on the wire so that it cannot pass for one that was asked for.
      if (response.headersSent || response.destroyed) return void response.destroy();
      book.outcome('500');
      write(response, { status: 500, json: { error: `twin of ${options.name}: ${String(error)}` } }, {});
    });
  });
  // A held request is a fault on purpose; Node would end it after five minutes.
  server.requestTimeout = 0;
  // Node forgets a socket once it is upgraded, and closing would wait for one that is held half-open.
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const sockets = socketSide(options.sockets ?? [], faults, book, contextFor);
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  await listen(server, options);
  const port = (server.address() as AddressInfo).port;
  const close = async (): Promise<void> => {
    ended.abort();
    sockets.close();
    for (const socket of connections) socket.destroy();
    if (server.listening) await new Promise<void>((done) => server.close(() => done()));
  };
  return {
    name: options.name,
    url: `http://${LOOPBACK}:${port}`,
    wsUrl: `ws://${LOOPBACK}:${port}`,
    port,
    key,
    faults,
    counters: () => book.read(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: ReturnType<typeof createServer>, options: TwinOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(twinErrors.TWIN_NOT_STARTED({ detail: `The twin of ${options.name} cannot listen on ${LOOPBACK}:${options.port ?? 0}: ${cause.code ?? cause.message}`, fix: 'Give port 0 for any free one', cause })),
    );
    server.listen(options.port ?? 0, LOOPBACK, resolve);
  });
}

interface Serving {
  readonly options: TwinOptions;
  readonly key: string;
  readonly faults: TwinFaults;
  readonly book: CounterBook;
  readonly contextFor: (path: string) => TwinContext;
  readonly ended: AbortSignal;
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options, key, faults, book, contextFor, ended } = serving;
  const foreign = refuseForeign(request);
  if (foreign) return write(response, foreign, {});
  const { path, query } = splitTarget(request.url);
  const body = await readBody(request);
  if (body === null) return write(response, TOO_LARGE, {});
  const base = { method: request.method ?? 'GET', path, query, headers: request.headers, body };
  if (path.startsWith('/__twin/')) {
    return write(response, refuseWithoutKey('control', base, key) ?? control(base, faults, book), {});
  }
  const found = route(options.routes, base.method, path);
  const refusal = found?.route.guard ? refuseWithoutKey(found.route.guard, base, key) : null;
  if (refusal) return write(response, refusal, {});
  book.request(found ? `${found.route.method} ${found.route.path}` : 'unmatched');
  const context = contextFor(path);
  const dates = { date: new Date(context.now()).toUTCString() };
  if (await strike('before', path, faults, book, response, dates, ended)) return;
  const twinRequest: TwinRequest = { ...base, params: found?.params ?? {} };
  const reply = found ? await found.route.handle(twinRequest, context) : (options.notFound?.(twinRequest) ?? { status: 404, json: { error: 'not found' } });
  if (await strike('after', path, faults, book, response, dates, ended)) return;
  book.outcome(String(reply.status ?? 200));
  write(response, reply, dates, faults.take(path, ['malformed_body']) !== undefined);
}

function route(routes: readonly TwinRoute[], method: string, path: string): { readonly route: TwinRoute; readonly params: Readonly<Record<string, string>> } | null {
  for (const candidate of routes) {
    const params = candidate.method === method ? matchPath(candidate.path, path) : null;
    if (params) return { route: candidate, params };
  }
  return null;
}

/** Does what the armed faults say at this moment. @returns true when the request is done with */
async function strike(when: 'before' | 'after', path: string, faults: TwinFaults, book: CounterBook, response: ServerResponse, dates: Record<string, string>, ended: AbortSignal): Promise<boolean> {
  const late = faults.take(path, ['latency'], when);
  if (late) {
    // Wall time: the wire is slow, whatever the replay's clock says.
    await wallDelay(late.ms, undefined, { signal: ended, ref: false }).catch(() => undefined);
    if (response.destroyed || ended.aborted) return true;
  }
  const fault = faults.take(path, ['dropped_socket', 'half_open', 'rate_limited', 'server_error'], when);
  switch (fault?.kind) {
    case undefined:
      return false;
    case 'half_open':
      book.outcome('held');
      return true;
    case 'dropped_socket':
      book.outcome('dropped');
      response.socket?.resetAndDestroy();
      return true;
    case 'rate_limited':
      book.outcome('429');
      write(response, { status: 429, headers: { 'retry-after': String(fault.retry_after_s) }, json: { error: 'too many requests' } }, dates);
      return true;
    case 'server_error':
      book.outcome(String(fault.status));
      write(response, { status: fault.status, json: { error: 'told to fail' } }, dates);
      return true;
  }
}

/** `GET`, `POST` (replaces) and `DELETE /__twin/faults`; `GET /__twin/requests`. Faults do not touch these. */
function control(request: Omit<TwinRequest, 'params'>, faults: TwinFaults, book: CounterBook): TwinReply {
  if (request.path === '/__twin/requests' && request.method === 'GET') return { json: book.read() };
  if (request.path !== '/__twin/faults') return { status: 404, json: { error: 'GET, POST or DELETE /__twin/faults, or GET /__twin/requests' } };
  if (request.method === 'DELETE') faults.clear();
  if (request.method === 'POST') {
    const parsed = faultsBody.safeParse(parseJson(request.body));
    if (!parsed.success) return { status: 400, json: { error: 'faults are wrong; none was set', issues: parsed.error.issues.map((i) => ({ field: i.path.join('.'), message: i.message })) } };
    faults.set(parsed.data.faults);
  }
  return { json: { faults: faults.list() } };
}

const faultsBody = z.strictObject({ faults: z.array(twinFaultSchema).max(50) });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns null for a body over the limit; the rest of it is read and dropped, so that the client gets its reply */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Destroying the request would close the socket before the reply.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) {
      request.resume();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function write(response: ServerResponse, reply: TwinReply, dates: Readonly<Record<string, string>>, cut = false): void {
  const whole = reply.text ?? JSON.stringify(reply.json ?? null);
  const body = Buffer.from(cut ? whole.slice(0, Math.floor(whole.length / 2)) : whole, 'utf8');
  response.writeHead(reply.status ?? 200, {
    'content-type': reply.text === undefined ? 'application/json' : 'text/plain; charset=utf-8',
    ...dates,
    ...reply.headers,
    'content-length': body.length,
  });
  response.end(body);
}
