/** What happens to each request around its handler: trace, limits, access, and when it has ended metrics and one line in the log. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { common, isCodedError, type CodedError } from '../errors/index.ts';
import type { AccessControl } from './access.ts';
import { isSigned } from './access.ts';
import { createLimiter, type Limiter, type Verdict } from './limits.ts';
import type { HttpOptions } from './options.ts';
import type { Attributes } from '../tracing/types.ts';
import type { RouteMetrics, RouteStats } from './route-metrics.ts';
import { API_HEADERS } from './security-headers.ts';
import type { Access } from './types.ts';

const REQUEST_ID = /^[\w.:-]{1,128}$/;
const MINUTE_MS = 60_000;
const SERVER = Object.freeze({ server: true });
/** nginx' status for a caller that went away before the reply: no reply has it, only logs and metrics. */
const CLIENT_GONE = 499;

export interface RoutePlan {
  readonly method: string;
  /** The pattern, as in `/api/v1/signals/:id`. */
  readonly route: string;
  readonly access: Access;
  readonly probe: boolean;
  readonly websocket: boolean;
}

export interface RequestFlow {
  /** The route's first hook. */
  gate(plan: RoutePlan): (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;
  /** After the body was read: the trace is entered again, and a signature is held against the bytes. */
  afterBody(plan: RoutePlan): (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;
  /** Replies under way. */
  readonly inFlight: number;
}

export function createRequestFlow(options: HttpOptions, control: AccessControl, metrics: RouteMetrics, isDraining: () => boolean): RequestFlow {
  const { tracing, logger, clock, config } = options;
  const limiterOf = (limit: number | undefined): Limiter | null => (limit === undefined || limit <= 0 ? null : createLimiter({ limit, windowMs: MINUTE_MS, clock }));
  const everyone = limiterOf(config.globalLimitPerMinute);
  const callers = limiterOf(config.callerLimitPerMinute);
  const refusals = options.metrics.counter('auth_refusals_total', 'Requests refused for who sent them, by error code', ['code']);
  let inFlight = 0;

  function finish(request: FastifyRequest, reply: FastifyReply, plan: RoutePlan, stats: RouteStats, from: number): void {
    inFlight -= 1;
    const latency = performance.now() - from;
    const status = reply.raw.writableFinished ? reply.raw.statusCode : CLIENT_GONE;
    stats.finished(status, latency);
    const { span, identity, errorCode } = request;
    const fields: Record<string, unknown> = { method: plan.method, route: plan.route, status, latency_ms: Math.round(latency * 100) / 100 };
    if (identity) fields['subject'] = identity.subject;
    if (errorCode !== null) fields['code'] = errorCode;
    if (!span) return logger.info('http_request', fields);
    span.set({ 'http.response.status_code': status });
    span.enter(() => logger.info('http_request', fields));
    span.end();
  }

  function open(request: FastifyRequest, reply: FastifyReply, plan: RoutePlan, name: string, attributes: Attributes, stats: RouteStats): void {
    const from = performance.now();
    const { raw } = reply;
    const parent = request.headers['traceparent'];
    const span = tracing.begin(typeof parent === 'string' ? parent : null, name, attributes, SERVER);
    request.span = span;
    request.traceId = span.traceId;
    const given = request.headers['x-request-id'];
    // Through fastify, not `raw.setHeader`: headers set there make Node merge two lists when it writes the head (3 µs).
    for (const header in API_HEADERS) reply.header(header, API_HEADERS[header]!);
    reply.header('x-request-id', typeof given === 'string' && REQUEST_ID.test(given) ? given : span.traceId);
    if (isDraining()) reply.header('connection', 'close');
    if (plan.websocket) return span.end();
    inFlight += 1;
    stats.started();
    raw.on('close', () => finish(request, reply, plan, stats, from));
  }

  function count(limiter: Limiter | null, key: string, reply: FastifyReply, whose: string): void {
    if (!limiter) return;
    const verdict = limiter.take(key);
    tell(reply, verdict);
    if (verdict.allowed) return;
    throw common.RATE_LIMITED({
      detail: `${whose} at most ${verdict.limit} requests a minute`,
      retryAfterSeconds: Math.max(1, Math.ceil(verdict.retryAfterMs / 1_000)),
      facts: { limit: verdict.limit },
    });
  }

  async function admit(request: FastifyRequest, reply: FastifyReply, { access }: RoutePlan): Promise<void> {
    try {
      if (access.kind === 'role' && !isSigned(request)) request.identity = await control.admit(request, access);
    } catch (e) {
      if (isCodedError(e)) refused(request, reply, e);
      throw e;
    }
    count(callers, request.identity?.subject ?? request.ip, reply, 'One caller may send');
  }

  function refused(request: FastifyRequest, reply: FastifyReply, error: CodedError): void {
    if (error.status === 401 || error.status === 403) refusals.inc({ code: error.code });
    // A caller who guesses is counted by address.
    if (error.status === 401) count(callers, request.ip, reply, 'One address may send');
  }

  return {
    get inFlight() {
      return inFlight;
    },
    gate(plan) {
      const stats = metrics.route(plan.method, plan.route);
      const name = `${plan.method} ${plan.route}`;
      const attributes = Object.freeze({ 'http.request.method': plan.method, 'http.route': plan.route });
      const free = plan.probe || (plan.access.kind === 'public' && !everyone && !callers);
      return (request, reply, done) => {
        open(request, reply, plan, name, attributes, stats);
        const span = request.span!;
        if (free && plan.access.kind === 'public') return span.enter(done);
        span.enter(() => {
          if (!plan.probe) {
            try {
              count(everyone, 'everyone', reply, 'This server takes');
            } catch (e) {
              return done(e as Error);
            }
          }
          admit(request, reply, plan).then(() => span.enter(done), done);
        });
      };
    },
    afterBody(plan) {
      const { access } = plan;
      return (request, reply, done) => {
        // The stream that the body came on belongs to no trace: what follows it must be brought back into its own.
        const resume = (): void => request.span!.enter(done);
        if (access.kind !== 'role' || !isSigned(request)) return resume();
        control
          .admitSigned(request, access, request.rawBody ?? Buffer.alloc(0))
          .then((identity) => {
            request.identity = identity;
            count(callers, identity.subject, reply, 'One caller may send');
          })
          .then(resume, (e: Error) => {
            if (isCodedError(e)) refusals.inc({ code: e.code });
            done(e);
          });
      };
    },
  };
}

function tell(reply: FastifyReply, { limit, remaining, resetMs }: Verdict): void {
  // Of several limits the one that is nearest is told.
  const told = reply.getHeader('x-ratelimit-remaining');
  if (told !== undefined && Number(told) <= remaining) return;
  reply.header('x-ratelimit-limit', limit).header('x-ratelimit-remaining', remaining).header('x-ratelimit-reset', Math.ceil(resetMs / 1_000));
}
