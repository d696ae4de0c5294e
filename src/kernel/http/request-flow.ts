/**
 * What happens to each request around its handler: trace, check of the site, access, limits, and at its end metrics and one
 * line in the log. Every route is decided here, before its body is parsed or right after its raw body was read.
 */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { common } from '../errors/index.ts';
import type { Attributes } from '../tracing/types.ts';
import { decidesAfterBody } from './access.ts';
import { admitByBody, admitByHeaders, type Gatekeepers } from './admission.ts';
import type { HttpOptions } from './options.ts';
import type { RouteStats } from './route-metrics.ts';
import { API_HEADERS } from './security-headers.ts';
import type { SiteCheck } from './site-check.ts';
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
  readonly #keepers: Gatekeepers;
  readonly #isDraining: () => boolean;
  #inFlight = 0;

  constructor(options: HttpOptions, keepers: Gatekeepers, isDraining: () => boolean) {
    this.#options = options;
    this.#keepers = keepers;
    this.#isDraining = isDraining;
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
        this.#keepers.refusals.count(e);
        return span.enter(() => proceed(e as Error));
      }
      if (unguarded) {
        request.admitted = true;
        return span.enter(proceed);
      }
      this.#decide(admitByHeaders, prepared, request, reply, proceed);
    };
  }

  /** After the raw body was read: enters the trace again, and checks a signature or a webhook's proof over the bytes. */
  afterBody(plan: RoutePlan): Hook {
    const { access } = plan;
    return (request, reply, proceed) => {
      // The stream that the body came on belongs to no trace: what follows it must be brought back into its own.
      const span = request.span!;
      if (request.admitted || !decidesAfterBody(access, request)) return span.enter(proceed);
      this.#decide(admitByBody, plan, request, reply, proceed);
    };
  }

  /** The last hook before the handler: a request that no hook has decided about is our fault, and is refused. */
  readonly requireDecision: Hook = (request, _reply, proceed) => {
    if (request.admitted) return proceed();
    proceed(common.INTERNAL({ detail: 'No rule of access has decided about this request' }));
  };

  #decide(admit: typeof admitByHeaders, plan: RoutePlan, request: FastifyRequest, reply: FastifyReply, proceed: HookHandlerDoneFunction): void {
    const span = request.span!;
    span
      .enter(() => admit(this.#keepers, plan, request, reply))
      .then(
        () => span.enter(proceed),
        (e: unknown) => {
          this.#keepers.refusals.count(e);
          span.enter(() => proceed(e as Error));
        },
      );
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

  #finish(request: FastifyRequest, reply: FastifyReply, { method, route, stats }: Prepared, from: number): void {
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
    if (!isWorthKeeping(request, status)) return span.discard();
    span.set({ 'http.response.status_code': status });
    span.end();
  }
}

/**
 * The viewer keeps the last spans: what anybody can send all day would push out what somebody looks for. So what
 * strangers and probes send is kept only when we failed (5xx). The log has a line for each.
 */
function isWorthKeeping({ identity, admitted, routeOptions }: FastifyRequest, status: number): boolean {
  if (status >= 500) return true;
  return identity !== null || (admitted && routeOptions.config.access?.kind === 'proof');
}
