/** The web server: fastify with zod types, made so that a route cannot be registered without a rule of access. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { DAY_MS, MINUTE_MS } from '../../model/time.ts';
import { newTraceId } from '../tracing/traceparent.ts';
import { createAccessControl } from './access.ts';
import type { Gatekeepers } from './admission.ts';
import { addressList, type AddressList } from './addresses.ts';
import { checkRule, requireRow } from './authorisation.ts';
import { readJsonBodies } from './body-parser.ts';
import { errors } from './errors.ts';
import { etagOf, matchesEtag } from './etag.ts';
import { closeWhenQuiet, stopAccepting } from './drain.ts';
import { createIdempotency, type Idempotency } from './idempotency.ts';
import { createLocalCallers } from './local-caller.ts';
import { describeRoutes, DOCS_PREFIX, openapiRoutes } from './openapi.ts';
import type { HttpOptions } from './options.ts';
import { answerBrokenClient, answerExpectation, notFound, replyWithProblem } from './replies.ts';
import { createRefusalCounter } from './refusal-counter.ts';
import { RequestFlow } from './request-flow.ts';
import { createRequestLimits } from './request-limits.ts';
import { createRouteMetrics } from './route-metrics.ts';
import { RouteTable } from './route-table.ts';
import { createSiteCheck } from './site-check.ts';
import { asksForWebSocket, createSockets, type SocketRoute, type Sockets } from './sockets.ts';
import { publicAccess, type Access, type HttpApp } from './types.ts';
import { zodValidator } from './validation.ts';

export interface Http {
  readonly app: HttpApp;
  /** Registers a WebSocket; a plain GET of its path answers 426. @throws Error when its rule is not in the authorisation table */
  socket(route: SocketRoute): void;
  /** @returns where it listens @throws CodedError PORT_IN_USE */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string; readonly port: number }>;
  /** From now on readiness says 503 and each reply asks its caller to connect anew; traffic is still served. */
  drain(): void;
  readonly draining: () => boolean;
  /** Drains, stops accepting, lets what is under way finish. When `signal` ends, the rest is cut. */
  close(signal?: AbortSignal): Promise<void>;
}

const DEFAULT_BODY_LIMIT = 1_048_576;
/** A stranger's body: signing in needs 1 KiB. */
const PUBLIC_BODY_LIMIT = 65_536;
/** The body of a request that may be signed is read before its sender is known. */
const SIGNED_BODY_LIMIT = 262_144;
const DEFAULT_DRAIN_MS = 1_000;
const DEFAULT_REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks for requests that take too long to arrive: the most by which one can overstay. Its default is 30 s. */
const TIMEOUT_CHECK_MS = 1_000;
/** Headers must have arrived within this time. Node swaps the two times when this one is the longer. */
const HEADERS_TIMEOUT_MS = 15_000;

interface Registration {
  readonly flow: RequestFlow;
  readonly table: RouteTable;
  readonly idempotency: Idempotency | null;
  readonly options: HttpOptions;
}

/** @throws RangeError when `adminAddresses` or `trustProxy` holds what is no address or network */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const { config, logger } = options;
  let draining = false;
  const isDraining = (): boolean => draining;
  const trusted = config.trustProxy?.length ? addressList(config.trustProxy) : null;
  const keepers = gatekeepers(options, trusted);
  const flow = new RequestFlow(options, keepers, isDraining);
  const sockets = createSockets({ keepers, logger, tracing: options.tracing, draining: isDraining, trusted, ...(config.socketRecheckMs === undefined ? {} : { recheckMs: config.socketRecheckMs }) });
  const unknown = flow.gate({ method: 'ANY', route: 'unmatched', access: publicAccess('There is nothing here'), probe: false, stream: false });
  const app = bareApp(options, trusted, unknown);
  const idempotency = options.db
    ? createIdempotency({ db: options.db, clock: options.clock, logger, ttlMs: config.idempotencyTtlMs ?? DAY_MS, leaseMs: config.idempotencyLeaseMs ?? MINUTE_MS })
    : null;
  const registration: Registration = { flow, table: new RouteTable(), idempotency, options };
  app.addHook('onRoute', (route) => prepareRoute(route, registration));
  const answerUnknown = notFound(registration.table);
  // Answered before the body is parsed: nobody's rule has let it in.
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    unknown(request, reply, (refused) => done(refused ?? thrownBy(() => answerUnknown(request, reply))));
  });
  app.addHook('preClose', async () => sockets.close());
  await describeRoutes(app, config.version);
  sockets.attach(app.server);
  app.server.on('checkExpectation', answerExpectation(newTraceId));
  const typed = app as unknown as HttpApp;
  openapiRoutes(typed);
  app.setNotFoundHandler(answerUnknown);

  const drain = (): void => void (draining = true);
  return {
    app: typed,
    socket: (route) => addSocket(typed, sockets, registration, route),
    drain,
    draining: isDraining,
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
      if (signal?.aborted) cut();
      const { ended } = await stopAccepting(server);
      const watch = closeWhenQuiet(server, flow);
      await app.close();
      await ended.finally(() => clearInterval(watch));
      signal?.removeEventListener('abort', cut);
      logger.info('http_closed', { in_flight: flow.inFlight });
    },
  };
}

function gatekeepers({ config, logger, metrics, clock, auth, ownsPeer }: HttpOptions, trusted: AddressList | null): Gatekeepers {
  const localCallers = createLocalCallers({ logger, trusted, token: config.localToken ?? null, ...(ownsPeer === undefined ? {} : { ownsPeer }) });
  return {
    siteCheck: createSiteCheck({ publicUrl: config.publicUrl ?? null, allowedHosts: config.allowedHosts ?? [] }),
    control: createAccessControl({
      auth: auth ?? null,
      localCallers,
      localReads: config.adminLoopback ?? false,
      adminAddresses: config.adminAddresses?.length ? addressList(config.adminAddresses) : null,
    }),
    limits: createRequestLimits(clock, config.globalLimitPerMinute, config.callerLimitPerMinute),
    metrics: createRouteMetrics(metrics),
    refusals: createRefusalCounter(metrics),
  };
}

/** @param unknown what opens a request that reaches no route: one whose path cannot be read runs no hooks */
function bareApp({ config, logger }: HttpOptions, trusted: AddressList | null, unknown: ReturnType<RequestFlow['gate']>): FastifyInstance {
  const requestTimeout = config.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS;
  const headersTimeout = Math.min(HEADERS_TIMEOUT_MS, requestTimeout);
  const app = fastify({
    logger: false,
    // Node's own refusal of a missing Host has no body: ours has. Upgrades to anything but a WebSocket are plain requests.
    http: {
      requireHostHeader: false,
      headersTimeout,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      shouldUpgradeCallback: (request: IncomingMessage) => asksForWebSocket(request),
    },
    bodyLimit: config.bodyLimitBytes ?? DEFAULT_BODY_LIMIT,
    trustProxy: trusted ? (address: string) => trusted.contains(address) : false,
    // While closing, what was accepted is still answered.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: (error, socket) => answerBrokenClient(newTraceId)(error, socket as Socket),
    frameworkErrors: (error, request, reply) => unknown(request, reply, (refused) => void replyWithProblem(logger)(refused ?? error, request, reply)),
  }).withTypeProvider<ZodTypeProvider>() as unknown as FastifyInstance;
  app.decorateRequest('identity', null);
  app.decorateRequest('admitted', false);
  app.decorateRequest('stillAdmitted', null);
  app.decorateRequest('readBody', null);
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

function thrownBy(run: () => unknown): Error | undefined {
  try {
    run();
    return undefined;
  } catch (e) {
    return e as Error;
  }
}

const isDocs = (url: string): boolean => url === DOCS_PREFIX || url.startsWith(`${DOCS_PREFIX}/`);

/** @throws Error when the route has no rule of access, or not the one of the authorisation table: deny by default */
function prepareRoute(route: RouteOptions & { path: string }, { flow, table, idempotency, options }: Registration): void {
  const url = route.url;
  if (isDocs(url)) {
    route.config = { ...route.config, access: publicAccess('Swagger UI: describes the interface, and holds no data') };
  }
  const { access, probe = false, etag = false, idempotent = false, stream = false } = route.config ?? {};
  const methods = asList(route.method);
  if (!access) throw new Error(`route ${methods.join(',')} ${url} has no config.access: say who may call it (readAccess, roleAccess, publicAccess)`);
  checkRule(access, methods, url);
  for (const method of methods) {
    table.add(method, url);
    if (method === 'HEAD' || isDocs(url)) continue;
    if (options.authorisation) requireRow(options.authorisation, `${method} ${url}`, access);
  }
  boundBody(route, access, options.config.bodyLimitBytes ?? DEFAULT_BODY_LIMIT);
  const plan = { method: methods[0]!, route: url, access, probe, stream };
  route.onRequest = [flow.gate(plan), ...asList(route.onRequest)];
  if (!methods.every((m) => m === 'GET' || m === 'HEAD')) route.preValidation = [flow.afterBody(plan), ...asList(route.preValidation)];
  if (idempotent) makeIdempotent(route, idempotency);
  route.preHandler = [flow.requireDecision, ...asList(route.preHandler)];
  if (etag) route.onSend = [...asList(route.onSend), tagReply];
}

/** Bodies of unknown senders are small. A webhook's body may be large: it is not parsed before its proof. */
function boundBody(route: RouteOptions, access: Access, fallback: number): void {
  const most = access.kind === 'public' ? PUBLIC_BODY_LIMIT : access.kind === 'role' && access.signed === true ? SIGNED_BODY_LIMIT : Number.POSITIVE_INFINITY;
  route.bodyLimit = Math.min(route.bodyLimit ?? fallback, most);
}

/** The path of a WebSocket as a plain route too, so that a GET without an upgrade is told what is wrong. */
function addSocket(app: HttpApp, sockets: Sockets, { options }: Registration, route: SocketRoute): void {
  checkRule(route.access, ['GET'], route.path);
  if (options.authorisation) requireRow(options.authorisation, `WS ${route.path}`, route.access);
  sockets.add(route);
  app.get(route.path, { config: { access: route.access }, schema: { hide: true } }, (_request, reply) => {
    reply.header('upgrade', 'websocket').header('connection', 'upgrade, close');
    throw errors.UPGRADE_REQUIRED({ fix: 'Connect with a WebSocket client; a proxy in between must pass the headers Upgrade and Connection on' });
  });
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
