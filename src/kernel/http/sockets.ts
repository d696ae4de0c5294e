/**
 * WebSockets: each handshake is decided like a request (site, route, access, limits) and refused before it is accepted.
 * Lives here: the handshake and the count of open connections. Not here: what is said over a connection (ws-events.ts).
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Identity } from '../auth/types.ts';
import { common, type CodedError } from '../errors/index.ts';
import type { Logger } from '../logging/types.ts';
import { newTraceId } from '../tracing/traceparent.ts';
import type { Tracing } from '../tracing/types.ts';
import { forwardedAddress, type AddressList } from './addresses.ts';
import { identifyWithin, type Gatekeepers } from './admission.ts';
import { errors } from './errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { toCoded } from './problem.ts';
import { pathOf, writeRawProblem } from './replies.ts';
import type { RouteStats } from './route-metrics.ts';
import type { Caller, PublicAccess, RoleAccess } from './types.ts';

export interface SocketClient {
  /** Null on a public route. */
  readonly identity: Identity | null;
  readonly ip: string;
  readonly traceId: string;
}

export interface SocketRoute {
  /** Exact, without query: `/ws/events`. */
  readonly path: string;
  readonly access: RoleAccess | PublicAccess;
  /** Open connections of all callers together. Default 500. */
  readonly maxConnections?: number | undefined;
  /** Open connections of one caller: a user, a key or an address. Default 50. */
  readonly maxPerCaller?: number | undefined;
  open(socket: WebSocket, client: SocketClient): void;
}

export interface Sockets {
  add(route: SocketRoute): void;
  /** Takes the server's upgrades. */
  attach(server: Server): void;
  /** Tells each client to connect anew (1001); one that does not answer is cut after half a second. */
  close(): void;
}

export interface SocketsOptions {
  readonly keepers: Gatekeepers;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly draining: () => boolean;
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trusted: AddressList | null;
  /** How often an open connection's credential is checked again. Default 30,000. */
  readonly recheckMs?: number;
}

/** Largest message from a client, in bytes. */
const MESSAGE_BYTES_MAX = 16_384;
const SUBPROTOCOL = 'bellwether';
const CLOSE_GRACE_MS = 500;
const RECHECK_MS = 30_000;
const GOING_AWAY = 1001;
/** Ours: the credential with which the connection was opened has ended. Connect anew with another one. */
const CREDENTIAL_ENDED = 4401;

interface Registered extends SocketRoute {
  readonly stats: RouteStats;
  /** Open connections, and handshakes that were admitted, by caller. */
  readonly callers: Map<string, number>;
  connections: number;
}

/** True for a request that asks for a WebSocket. Other upgrades (`h2c`) are answered as plain HTTP. */
export const asksForWebSocket = (request: IncomingMessage): boolean => request.headers.upgrade?.toLowerCase() === 'websocket';

export function createSockets(options: SocketsOptions): Sockets {
  const { keepers, logger } = options;
  const routes = new Map<string, Registered>();
  const unmatched = keepers.metrics.route('GET', 'unmatched');
  const open = new Map<WebSocket, () => Promise<boolean>>();
  const recheck = setInterval(oneAtATime(() => closeEnded(open)), options.recheckMs ?? RECHECK_MS).unref();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  // What the library finds wrong with a handshake (no key, another version) is answered by us, as every other refusal.
  server.on('wsClientError', (error: Error, socket: Socket, request: IncomingMessage) =>
    refuse(socket, request, common.BAD_REQUEST({ detail: `The WebSocket handshake is wrong: ${error.message}`, cause: error }), newTraceId(), routes.get(pathOf(request.url ?? '/'))?.stats ?? unmatched, performance.now()),
  );

  function refuse(socket: Socket, request: IncomingMessage, error: CodedError, traceId: string, stats: RouteStats, from: number): void {
    const path = pathOf(request.url ?? '/');
    keepers.refusals.count(error);
    writeRawProblem(socket, error, path, traceId);
    stats.finished(error.status, performance.now() - from);
    logger.info('websocket_refused', { trace_id: traceId, route: path.slice(0, 200), status: error.status, code: error.code });
  }

  async function handshake(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const from = performance.now();
    const path = pathOf(request.url ?? '/');
    const route = routes.get(path) ?? null;
    const stats = route?.stats ?? unmatched;
    const parent = request.headers['traceparent'];
    const span = options.tracing.begin(typeof parent === 'string' ? parent : null, `WS ${route?.path ?? 'unmatched'}`, {}, { server: true });
    stats.started();
    // A peer that resets during the handshake must not end the process.
    socket.on('error', () => socket.destroy());
    try {
      const { identity, ip, who, stillAllowed } = await admit(options, request, route);
      if (socket.destroyed) return stats.finished(499, performance.now() - from);
      const admitted = route!;
      takePlace(admitted, who);
      socket.once('close', () => leavePlace(admitted, who));
      server.handleUpgrade(request, socket, head, (webSocket) => {
        stats.finished(101, performance.now() - from);
        webSocket.on('error', () => webSocket.terminate());
        if (stillAllowed) open.set(webSocket, stillAllowed);
        webSocket.once('close', () => open.delete(webSocket));
        admitted.open(webSocket, { identity, ip, traceId: span.traceId });
      });
    } catch (e) {
      const coded = toCoded(e);
      if (coded.spec.report) logger.error('websocket_failed', { route: path, error: e });
      refuse(socket, request, coded, span.traceId, stats, from);
      // As with requests: what strangers send must not push other traces out of the viewer.
      if (coded.status < 500) span.discard();
    } finally {
      span.end();
    }
  }

  return {
    add(route) {
      if (routes.has(route.path)) throw new Error(`two WebSockets at ${route.path}`);
      routes.set(route.path, { ...route, stats: keepers.metrics.route('GET', route.path), callers: new Map(), connections: 0 });
    },
    attach: (http) => void http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => void handshake(request, socket, head)),
    close() {
      clearInterval(recheck);
      closeAll(server);
    },
  };
}

/** Asks each client to go, and cuts those that do not. */
function closeAll(server: WebSocketServer): void {
  for (const client of server.clients) client.close(GOING_AWAY, 'The server stops');
  setTimeout(() => {
    for (const client of server.clients) client.terminate();
  }, CLOSE_GRACE_MS).unref();
  server.close();
}

/** Closes the connections whose credential has ended since they were opened. */
async function closeEnded(open: ReadonlyMap<WebSocket, () => Promise<boolean>>): Promise<void> {
  // One after the other: they share the database with requests.
  for (const [socket, stillAllowed] of open) {
    if (!(await stillAllowed())) socket.close(CREDENTIAL_ENDED, 'The credential has ended');
  }
}

interface Admitted {
  readonly identity: Identity | null;
  readonly ip: string;
  /** Whose connections it counts as: a subject or an address. */
  readonly who: string;
  /** Null where anyone may connect. */
  readonly stillAllowed: (() => Promise<boolean>) | null;
}

/** The same decision as for a request. @throws CodedError when the handshake is refused */
async function admit(
  { keepers, trusted, draining }: SocketsOptions,
  request: IncomingMessage,
  route: Registered | null,
): Promise<Admitted> {
  const { siteCheck, control, limits } = keepers;
  const { headers } = request;
  const ip = forwardedAddress(request.socket.remoteAddress ?? '', oneOf(headers['x-forwarded-for']), trusted);
  const caller: Caller = { method: request.method ?? 'GET', url: request.url ?? '/', headers, ip, socket: request.socket };
  siteCheck(request as Parameters<typeof siteCheck>[0], 'socket');
  if (draining()) throw common.UNAVAILABLE({ detail: 'This server is stopping', retryAfterSeconds: 1 });
  if (!route) {
    limits.stranger(ip, null, null);
    throw common.NOT_FOUND({ detail: `There is no WebSocket at ${pathOf(caller.url).slice(0, 200)}` });
  }
  if (route.access.kind === 'public') {
    limits.stranger(ip, null, null);
    return { identity: null, ip, who: ip, stillAllowed: null };
  }
  const { access } = route;
  const identity = await identifyWithin(limits, caller, null, () => control.identify(caller, access));
  limits.known(identity.subject, null, null);
  control.authorise(caller, route.path, access, identity);
  return { identity, ip, who: identity.subject, stillAllowed: () => control.stillAllows(caller, route.path, access) };
}

/** @throws CodedError TOO_MANY_CONNECTIONS */
function takePlace(route: Registered, who: string): void {
  const { maxConnections = 500, maxPerCaller = 50 } = route;
  const ofCaller = route.callers.get(who) ?? 0;
  if (route.connections >= maxConnections || ofCaller >= maxPerCaller) {
    const limit = ofCaller >= maxPerCaller ? maxPerCaller : maxConnections;
    throw errors.TOO_MANY_CONNECTIONS({
      detail: `At most ${limit} connections ${limit === maxPerCaller ? 'of one caller ' : ''}are open at a time`,
      retryAfterSeconds: 30,
      facts: { limit },
    });
  }
  route.connections += 1;
  route.callers.set(who, ofCaller + 1);
}

function leavePlace(route: Registered, who: string): void {
  route.connections -= 1;
  const left = (route.callers.get(who) ?? 1) - 1;
  if (left > 0) route.callers.set(who, left);
  else route.callers.delete(who);
}

const oneOf = (header: string | readonly string[] | undefined): string | undefined => (typeof header === 'string' ? header : header?.join(','));
