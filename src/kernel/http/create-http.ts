/** The web server: fastify with zod types, made so that a route cannot be registered without a rule of access. */
import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { DAY_MS, MINUTE_MS } from '../../model/time.ts';
import { newTraceId } from '../tracing/traceparent.ts';
import { createAccessControl } from './access.ts';
import { addressList } from './addresses.ts';
import { readJsonBodies } from './body-parser.ts';
import { errors } from './errors.ts';
import { etagOf, matchesEtag } from './etag.ts';
import { createIdempotency, type Idempotency } from './idempotency.ts';
import { describeRoutes, DOCS_PREFIX, openapiRoutes } from './openapi.ts';
import type { HttpOptions } from './options.ts';
import { answerBrokenClient, notFound, replyWithProblem } from './replies.ts';
import { RequestFlow } from './request-flow.ts';
import { createRouteMetrics } from './route-metrics.ts';
import { RouteTable } from './route-table.ts';
import { publicAccess, type HttpApp } from './types.ts';
import { zodValidator } from './validation.ts';

export interface Http {
  readonly app: HttpApp;
  /** @returns where it listens @throws CodedError PORT_IN_USE */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string; readonly port: number }>;
  /** From now on readiness says 503 and each reply asks its caller to connect anew; traffic is still served. */
  drain(): void;
  readonly draining: () => boolean;
  /** Drains, stops accepting, lets what is under way finish. When `signal` ends, the rest is cut. */
  close(signal?: AbortSignal): Promise<void>;
}

const DEFAULT_BODY_LIMIT = 1_048_576;
const DEFAULT_DRAIN_MS = 1_000;

/** @throws RangeError when `adminAddresses` or `trustProxy` holds what is no address or network */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const { config, logger } = options;
  let draining = false;
  const table = new RouteTable();
  const control = createAccessControl({
    auth: options.auth ?? null,
    adminLoopback: config.adminLoopback ?? false,
    adminAddresses: config.adminAddresses?.length ? addressList(config.adminAddresses) : null,
  });
  const flow = new RequestFlow(options, control, createRouteMetrics(options.metrics), () => draining);
  const unknown = flow.gate({ method: 'ANY', route: 'unmatched', access: publicAccess('There is nothing here'), probe: false, stream: false });
  const app = bareApp(options, unknown);
  const idempotency = options.db
    ? createIdempotency({ db: options.db, clock: options.clock, logger, ttlMs: config.idempotencyTtlMs ?? DAY_MS, leaseMs: config.idempotencyLeaseMs ?? MINUTE_MS })
    : null;
  app.addHook('onRoute', (route) => prepareRoute(route, flow, table, idempotency));
  app.addHook('onRequest', (request, reply, done) => (request.is404 ? unknown(request, reply, done) : done()));
  await describeRoutes(app, config.version);
  await app.register(websocket, { options: { maxPayload: 16_384, handleProtocols: (offered: Set<string>) => (offered.has('bellwether') ? 'bellwether' : false) }, preClose: closeSockets });
  const typed = app as unknown as HttpApp;
  openapiRoutes(typed);
  app.setNotFoundHandler(notFound(table));

  const drain = (): void => void (draining = true);
  return {
    app: typed,
    drain,
    draining: () => draining,
    async listen({ host, port }) {
      try {
        const url = await app.listen({ host, port });
        const address = app.server.address();
        return { url, port: typeof address === 'object' && address !== null ? address.port : port };
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
        throw errors.PORT_IN_USE({ detail: `Port ${port} on ${host} is in use by another program`, fix: 'Stop that program, or choose another port', cause });
      }
    },
    async close(signal) {
      drain();
      await sleep(app.server.listening ? (config.drainMs ?? DEFAULT_DRAIN_MS) : 0, undefined, signal ? { signal } : {}).catch(() => undefined);
      const { server } = app;
      const cut = (): void => server.closeAllConnections();
      signal?.addEventListener('abort', cut, { once: true });
      const { ended } = await stopAccepting(server);
      const watch = closeWhenQuiet(server, flow);
      await app.close();
      await ended.finally(() => clearInterval(watch));
      signal?.removeEventListener('abort', cut);
      logger.info('http_closed', { in_flight: flow.inFlight });
    },
  };
}

/** @param unknown what opens a request that reaches no route: one whose path cannot be read runs no hooks */
function bareApp({ config, logger }: HttpOptions, unknown: ReturnType<RequestFlow['gate']>): FastifyInstance {
  const trusted = config.trustProxy?.length ? addressList(config.trustProxy) : null;
  const app = fastify({
    logger: false,
    bodyLimit: config.bodyLimitBytes ?? DEFAULT_BODY_LIMIT,
    trustProxy: trusted ? (address: string) => trusted.contains(address) : false,
    // While closing, what was accepted is still answered.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: (error, socket) => answerBrokenClient(newTraceId)(error, socket as Socket),
    frameworkErrors: (error, request, reply) => unknown(request, reply, (refused) => void replyWithProblem(logger)(refused ?? error, request, reply)),
  }).withTypeProvider<ZodTypeProvider>() as unknown as FastifyInstance;
  app.decorateRequest('identity', null);
  app.decorateRequest('traceId', '');
  app.decorateRequest('span', null);
  app.decorateRequest('rawBody', null);
  app.decorateRequest('errorCode', null);
  app.setValidatorCompiler(zodValidator as Parameters<FastifyInstance['setValidatorCompiler']>[0]);
  app.setSerializerCompiler(serializerCompiler as Parameters<FastifyInstance['setSerializerCompiler']>[0]);
  app.setErrorHandler(replyWithProblem(logger));
  readJsonBodies(app);
  return app;
}

const asList = <T>(hooks: T | T[] | undefined): T[] => (hooks === undefined ? [] : Array.isArray(hooks) ? hooks : [hooks]);

/** @throws Error when the route has no rule of access: deny by default */
function prepareRoute(route: RouteOptions & { path: string }, flow: RequestFlow, table: RouteTable, idempotency: Idempotency | null): void {
  const url = route.url;
  if (url === DOCS_PREFIX || url.startsWith(`${DOCS_PREFIX}/`)) {
    route.config = { ...route.config, access: publicAccess('Swagger UI: describes the interface, and holds no data') };
  }
  const { access, probe = false, etag = false, idempotent = false, stream = false } = route.config ?? {};
  const methods = asList(route.method);
  if (!access) throw new Error(`route ${methods.join(',')} ${url} has no config.access: say who may call it (readAccess, roleAccess, publicAccess)`);
  for (const method of methods) table.add(method, url);
  const plan = { method: methods[0]!, route: url, access, probe, stream: stream || (route as { websocket?: boolean }).websocket === true };
  route.onRequest = [flow.gate(plan), ...asList(route.onRequest)];
  if (!methods.every((m) => m === 'GET' || m === 'HEAD')) route.preValidation = [flow.afterBody(plan), ...asList(route.preValidation)];
  if (idempotent) makeIdempotent(route, idempotency);
  if (etag) route.onSend = [...asList(route.onSend), tagReply];
}

/** @throws Error when there is no database to remember replies in, or nobody to whom a key could belong */
function makeIdempotent(route: RouteOptions, idempotency: Idempotency | null): void {
  if (!idempotency) throw new Error(`route ${route.url} is idempotent, and there is no database to remember replies in`);
  if (route.config?.access?.kind !== 'role') throw new Error(`route ${route.url} is idempotent and public: a key would belong to everybody`);
  route.preHandler = [(request, reply) => idempotency.before(request, reply), ...asList(route.preHandler)];
  route.onSend = [...asList(route.onSend), (request, reply, payload) => idempotency.after(request, reply, payload)];
}

async function tagReply(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode !== 200 || (typeof payload !== 'string' && !Buffer.isBuffer(payload))) return payload;
  const tag = etagOf(payload);
  reply.header('etag', tag).header('cache-control', 'private, no-cache');
  const asked = request.headers['if-none-match'];
  if (asked === undefined || !matchesEtag(asked, tag)) return payload;
  reply.code(304).removeHeader('content-length').removeHeader('content-type');
  return null;
}

/** Turns of the event loop in which we wait for one that is short and without a new connection. */
const QUIET_TURNS_MAX = 500;
/**
 * Whoever connects between the last look at the queue and the close is reset, so the turn in which we close must be short:
 * an empty one takes a few µs. A desk that is never idle has no such turn: what is taken for short grows up to a millisecond.
 */
const SHORT_TURN_MS = 0.01;
const SHORT_TURN_GROWTH_MS = 0.002;

/**
 * Closes the listening socket right after a turn of the event loop in which nobody connected: the kernel resets what
 * still waits in its queue, so the queue must be empty at that moment. Done here and not by fastify, whose close
 * runs hooks in between, in which the queue fills again.
 * @returns `ended`: when the last connection has ended (wrapped, so that awaiting this does not wait for that)
 */
async function stopAccepting(server: Server): Promise<{ readonly ended: Promise<void> }> {
  if (!server.listening) return { ended: Promise.resolve() };
  let connected = false;
  const note = (): void => void (connected = true);
  server.on('connection', note);
  for (let turn = 0; turn < QUIET_TURNS_MAX; turn++) {
    connected = false;
    const from = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    if (!connected && performance.now() - from < SHORT_TURN_MS + turn * SHORT_TURN_GROWTH_MS) break;
  }
  // The bare close: http's own looks for idle connections first, which takes half a millisecond. `app.close()` does that after.
  const ended = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  server.off('connection', note);
  return { ended };
}

/** A browser opens connections ahead of need, and those are not idle to Node: once nothing has been under way for half a second they go. */
function closeWhenQuiet(server: Server, flow: RequestFlow): NodeJS.Timeout {
  let quiet = 0;
  return setInterval(() => {
    quiet = flow.inFlight === 0 ? quiet + 1 : 0;
    if (quiet === 10) server.closeAllConnections();
  }, 50);
}

/** 1001: we are going away, connect anew. One that does not answer is cut. */
function closeSockets(this: FastifyInstance, done: () => void): void {
  const { clients } = this.websocketServer;
  for (const client of clients) client.close(1001, 'The server stops');
  setTimeout(() => {
    for (const client of clients) client.terminate();
  }, 500).unref();
  this.websocketServer.close(() => undefined);
  done();
}
