/**
 * What happens to each request around its handler: trace, check of the site, access, limits, and at its end metrics and one
 * line in the log. Every route is decided here, before its body is parsed or right after its raw body was read.
 */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Counter } from 'prom-client';
import type { Identity } from '../auth/types.ts';
import { common, isCodedError } from '../errors/index.ts';
import type { Attributes } from '../tracing/types.ts';
import { isSigned, type AccessControl } from './access.ts';
import type { HttpOptions } from './options.ts';
import type { LimitHeaders, RequestLimits, Share } from './request-limits.ts';
import type { RouteMetrics, RouteStats } from './route-metrics.ts';
import { API_HEADERS } from './security-headers.ts';
import type { SiteCheck } from './site-check.ts';
import type { Access, Caller, RoleAccess } from './types.ts';

const REQUEST_ID = /^[\w.:-]{1,128}$/;
/** nginx' status for a caller that went away before the reply: no reply has it, only logs and metrics. */
const CLIENT_GONE = 499;
const SERVER = Object.freeze({ server: true });

export interface RoutePlan {
  readonly method: string;
  /** The pattern, as in `/api/v1/signals/:id`. */
  readonly route: string;
  readonly access: Access;
  readonly probe: boolean;
  readonly stream: boolean;
}

/** A plan with what is made of it once, so that a request need not. */
interface Prepared extends RoutePlan {
  readonly name: string;
  readonly attributes: Attributes;
  readonly stats: RouteStats;
}

type Hook = (request: FastifyRequest, reply: FastifyReply, proceed: HookHandlerDoneFunction) => void;

/** What decides about requests, whether they come as HTTP or as a WebSocket handshake. */
export interface Gatekeepers {
  readonly siteCheck: SiteCheck;
  readonly control: AccessControl;
  readonly limits: RequestLimits;
  readonly metrics: RouteMetrics;
}

/** True when the rule needs the raw body: a webhook's proof, or the signature of this request. */
const decidesAfterBody = (access: Access, request: FastifyRequest): boolean =>
  access.kind === 'proof' || (access.kind === 'role' && access.signed === true && isSigned(request));

const callerOf = (request: FastifyRequest): Caller => ({
  method: request.method,
  url: request.raw.url ?? '/',
  headers: request.headers,
  ip: request.ip,
  socket: request.raw.socket,
});

export class RequestFlow {
  readonly #options: HttpOptions;
  readonly #keepers: Gatekeepers;
  readonly #isDraining: () => boolean;
  readonly #refusals: Counter<'code'>;
  #inFlight = 0;

  constructor(options: HttpOptions, keepers: Gatekeepers, isDraining: () => boolean) {
    this.#options = options;
    this.#keepers = keepers;
    this.#isDraining = isDraining;
    this.#refusals = options.metrics.counter('auth_refusals_total', 'Requests refused for who sent them, by error code', ['code']);
  }

  /** Replies under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The route's first hook: decides from the headers, where the rule can. */
  gate(plan: RoutePlan): Hook {
    const { siteCheck, limits, metrics } = this.#keepers;
    const prepared: Prepared = {
      ...plan,
      name: `${plan.method} ${plan.route}`,
      attributes: Object.freeze({ 'http.request.method': plan.method, 'http.route': plan.route }),
      stats: metrics.route(plan.method, plan.route),
    };
    const unguarded = plan.access.kind === 'public' && (plan.probe || !limits.any);
    return (request, reply, proceed) => {
      this.#open(request, reply, prepared);
      const span = request.span!;
      try {
        siteCheck(request.raw as Parameters<SiteCheck>[0], 'request');
      } catch (e) {
        this.#countRefusal(e);
        return span.enter(() => proceed(e as Error));
      }
      if (unguarded) {
        request.admitted = true;
        return span.enter(proceed);
      }
      span.enter(() => this.#admit(request, reply, prepared)).then(() => span.enter(proceed), proceed);
    };
  }

  /** After the raw body was read: enters the trace again, and checks a signature or a webhook's proof over the bytes. */
  afterBody(plan: RoutePlan): Hook {
    const { access } = plan;
    return (request, reply, proceed) => {
      // The stream that the body came on belongs to no trace: what follows it must be brought back into its own.
      const span = request.span!;
      if (request.admitted || !decidesAfterBody(access, request)) return span.enter(proceed);
      span.enter(() => this.#admitWithBody(request, reply, plan)).then(() => span.enter(proceed), proceed);
    };
  }

  /** The last hook before the handler: a request that no hook has decided about is our fault, and is refused. */
  readonly requireDecision: Hook = (request, _reply, proceed) => {
    if (request.admitted) return proceed();
    proceed(common.INTERNAL({ detail: 'No rule of access has decided about this request' }));
  };

  #open(request: FastifyRequest, reply: FastifyReply, plan: Prepared): void {
    const from = performance.now();
    const { headers } = request;
    const parent = headers['traceparent'];
    const span = this.#options.tracing.begin(typeof parent === 'string' ? parent : null, plan.name, plan.attributes, SERVER);
    request.span = span;
    request.traceId = span.traceId;
    const given = headers['x-request-id'];
    // Through fastify, not `raw.setHeader`: headers set there make Node merge two lists when it writes the head (3 µs).
    for (const header in API_HEADERS) reply.header(header, API_HEADERS[header]!);
    reply.header('x-request-id', typeof given === 'string' && REQUEST_ID.test(given) ? given : span.traceId);
    if (this.#isDraining()) reply.header('connection', 'close');
    if (plan.stream) return span.end();
    this.#inFlight += 1;
    plan.stats.started();
    reply.raw.on('close', () => this.#finish(request, reply, plan, from));
  }

  #finish(request: FastifyRequest, reply: FastifyReply, { method, route, probe, stats }: Prepared, from: number): void {
    this.#inFlight -= 1;
    const latency = performance.now() - from;
    const status = reply.raw.writableFinished ? reply.raw.statusCode : CLIENT_GONE;
    stats.finished(status, latency);
    const { identity, errorCode } = request;
    const span = request.span!;
    const fields: Record<string, unknown> = { trace_id: span.traceId, method, route, status, latency_ms: Math.round(latency * 100) / 100 };
    if (identity) fields['subject'] = identity.subject;
    if (errorCode !== null) fields['code'] = errorCode;
    this.#options.logger.info('http_request', fields);
    // Probes come all day: those that went well would push out of the viewer what somebody looks for.
    if (probe && status < 400) return span.discard();
    span.set({ 'http.response.status_code': status });
    span.end();
  }

  async #admit(request: FastifyRequest, reply: FastifyReply, { access, route, probe, stream }: Prepared): Promise<void> {
    if (access.kind === 'public') {
      if (!probe) this.#keepers.limits.count(request.ip, access.share ?? null, headersOf(reply));
      request.admitted = true;
      return;
    }
    if (access.kind === 'proof' || decidesAfterBody(access, request)) return;
    const caller = callerOf(request);
    const share = probe ? 'none' : null;
    if (stream) request.stillAdmitted = () => this.#keepers.control.stillAllows(caller, route, access);
    await this.#decide(request, reply, route, access, share, () => this.#keepers.control.identify(caller, access));
  }

  async #admitWithBody(request: FastifyRequest, reply: FastifyReply, { access, route }: RoutePlan): Promise<void> {
    const body = request.rawBody ?? Buffer.alloc(0);
    if (access.kind === 'role') {
      const caller = callerOf(request);
      return this.#decide(request, reply, route, access, 'signed', () => this.#keepers.control.identifySigned(caller, body));
    }
    if (access.kind !== 'proof') return;
    try {
      access.prove(request.headers, body);
    } catch (e) {
      this.#refuse(request, reply, e);
      throw e;
    }
    this.#keepers.limits.count(`service ${access.service}`, 'webhook', headersOf(reply));
    request.admitted = true;
  }

  /** Who it is, whether their limit allows one more, whether they may: in this order, so that a stranger costs a stranger's limit. */
  async #decide(request: FastifyRequest, reply: FastifyReply, route: string, access: RoleAccess, share: Share | 'none' | null, identify: () => Promise<Identity>): Promise<void> {
    const { control, limits } = this.#keepers;
    try {
      const identity = await identify();
      if (share !== 'none') limits.count(identity.subject, share, headersOf(reply));
      control.authorise(callerOf(request), route, access, identity);
      request.identity = identity;
      request.admitted = true;
    } catch (e) {
      this.#refuse(request, reply, e);
      throw e;
    }
  }

  /** Counts a refusal; a caller who cannot say who they are is limited by address. @throws CodedError RATE_LIMITED */
  #refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    this.#countRefusal(error);
    if (isCodedError(error) && error.status === 401) this.#keepers.limits.count(request.ip, null, headersOf(reply));
  }

  #countRefusal(error: unknown): void {
    if (!isCodedError(error) || !REFUSALS.has(error.status)) return;
    this.#refusals.inc({ code: error.code });
  }
}

const REFUSALS: ReadonlySet<number> = new Set([401, 403, 421]);

const headersOf = (reply: FastifyReply): LimitHeaders => ({
  getHeader: (name) => reply.getHeader(name),
  header: (name, value) => reply.header(name, value),
});
