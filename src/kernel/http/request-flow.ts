/** What happens to each request around its handler: trace, limits, access, and when it has ended metrics and one line in the log. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Counter } from 'prom-client';
import { isCodedError } from '../errors/index.ts';
import type { Attributes } from '../tracing/types.ts';
import { isSigned, type AccessControl } from './access.ts';
import type { HttpOptions } from './options.ts';
import { createRequestLimits, type RequestLimits } from './request-limits.ts';
import type { RouteMetrics, RouteStats } from './route-metrics.ts';
import { API_HEADERS } from './security-headers.ts';
import type { Access } from './types.ts';

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

export class RequestFlow {
  readonly #options: HttpOptions;
  readonly #control: AccessControl;
  readonly #metrics: RouteMetrics;
  readonly #isDraining: () => boolean;
  readonly #limits: RequestLimits;
  readonly #refusals: Counter<'code'>;
  #inFlight = 0;

  constructor(options: HttpOptions, control: AccessControl, metrics: RouteMetrics, isDraining: () => boolean) {
    const { clock, config } = options;
    this.#options = options;
    this.#control = control;
    this.#metrics = metrics;
    this.#isDraining = isDraining;
    this.#limits = createRequestLimits(clock, config.globalLimitPerMinute, config.callerLimitPerMinute);
    this.#refusals = options.metrics.counter('auth_refusals_total', 'Requests refused for who sent them, by error code', ['code']);
  }

  /** Replies under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The route's first hook. */
  gate(plan: RoutePlan): Hook {
    const prepared: Prepared = {
      ...plan,
      name: `${plan.method} ${plan.route}`,
      attributes: Object.freeze({ 'http.request.method': plan.method, 'http.route': plan.route }),
      stats: this.#metrics.route(plan.method, plan.route),
    };
    const unguarded = plan.access.kind === 'public' && (plan.probe || !this.#limits.any);
    return (request, reply, proceed) => {
      this.#open(request, reply, prepared);
      const span = request.span!;
      if (unguarded) return span.enter(proceed);
      span.enter(() => this.#admit(request, reply, prepared)).then(() => span.enter(proceed), proceed);
    };
  }

  /** After the body was read: the trace is entered again, and a signature is held against the bytes. */
  afterBody({ access }: RoutePlan): Hook {
    return (request, reply, proceed) => {
      // The stream that the body came on belongs to no trace: what follows it must be brought back into its own.
      const span = request.span!;
      if (access.kind !== 'role' || !isSigned(request)) return span.enter(proceed);
      span.enter(() => this.#admitSigned(request, reply, access)).then(() => span.enter(proceed), proceed);
    };
  }

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

  async #admit(request: FastifyRequest, reply: FastifyReply, { access, probe }: Prepared): Promise<void> {
    if (!probe) this.#limits.everyone(reply);
    try {
      if (access.kind === 'role' && !isSigned(request)) request.identity = await this.#control.admit(request, access);
    } catch (e) {
      this.#refused(request, reply, e);
      throw e;
    }
    if (!probe) this.#limits.caller(request.identity?.subject ?? request.ip, reply);
  }

  async #admitSigned(request: FastifyRequest, reply: FastifyReply, access: Access & { kind: 'role' }): Promise<void> {
    try {
      request.identity = await this.#control.admitSigned(request, access, request.rawBody ?? Buffer.alloc(0));
    } catch (e) {
      this.#refused(request, reply, e);
      throw e;
    }
    this.#limits.caller(request.identity.subject, reply);
  }

  /** Counts it; who guesses is limited by address. */
  #refused(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    if (!isCodedError(error) || error.status < 401 || error.status > 403) return;
    this.#refusals.inc({ code: error.code });
    if (error.status === 401) this.#limits.caller(request.ip, reply);
  }
}
