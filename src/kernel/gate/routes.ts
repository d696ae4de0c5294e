/** The gate over HTTP (port 3001), for programs that call providers themselves and for the operator. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { iso, type Clock } from '../../model/time.ts';
import type { Identity } from '../auth/types.ts';
import { id, text, whole } from '../http/fields.ts';
import { operationalAccess, roleAccess, type HttpApp, type RoleAccess } from '../http/types.ts';
import { errors } from './errors.ts';
import type { CheckResult, Gate, QuotaStatus } from './types.ts';

/** What the audit chain is told of a reset. */
export interface GateResetAct {
  readonly identity: Identity | null;
  readonly traceId: string | undefined;
  readonly provider: string | null;
  readonly forced: boolean;
  readonly reason: string | null;
  readonly before: readonly QuotaStatus[];
}

export interface GateRoutesDependencies {
  readonly gate: Gate;
  readonly clock: Clock;
  /** Writes the act down before it is answered. */
  readonly audit?: (act: GateResetAct) => Promise<void>;
}

const providerParams = z.object({
  provider: id(80).describe('A quota, such as `alphavantage` or `polymarket.gamma.events`'),
});
const weightQuery = z.object({ weight: z.coerce.number().int().min(1).max(1_000_000).optional(), lane: z.enum(['normal', 'urgent']).optional() });
const weightBody = z.strictObject({ weight: whole(1, 1_000_000).optional(), lane: z.enum(['normal', 'urgent']).optional() }).nullish();
const resetQuery = z.object({ force: z.enum(['true', 'false']).optional(), reason: text(500, 0).optional() });
const resetBody = z.strictObject({ force: z.boolean().optional(), reason: text(500, 0).optional() }).nullish();

/** Programs of this machine ask before each call. A counter that anybody may raise stops the desk: others sign in. */
const callAccess: RoleAccess = Object.freeze({ kind: 'role', role: 'viewer', local: 'call' });

/** @returns a function that registers the routes on an app; its error handler turns coded errors into replies */
export function gateRoutes({ gate, clock, audit }: GateRoutesDependencies): (app: HttpApp) => void {
  return (app) => {
    const sameMachine = { config: { access: callAccess } };

    app.get('/check/:provider', { ...sameMachine, schema: { params: providerParams, tags: ['gate'], summary: 'Would one call pass now? Counts nothing' } }, async (request, reply) =>
      answer(reply, await gate.check(request.params.provider)),
    );
    app.post('/check/:provider', { ...sameMachine, schema: { params: providerParams, body: weightBody, tags: ['gate'], summary: 'May one call pass? Counts it when it may' } }, async (request, reply) =>
      answer(reply, await gate.consume(request.params.provider, 1, request.body?.lane)),
    );
    app.post(
      '/consume/:provider',
      { ...sameMachine, schema: { params: providerParams, querystring: weightQuery, body: weightBody, tags: ['gate'], summary: 'Counts units when all of them may pass' } },
      async (request, reply) => {
        const { provider } = request.params;
        return answer(reply, await gate.consume(provider, request.body?.weight ?? request.query.weight, request.body?.lane ?? request.query.lane));
      },
    );

    app.get('/status', { config: { access: operationalAccess }, schema: { tags: ['gate'], summary: 'All quotas, by provider' } }, () => gate.statuses());
    app.get('/status/:provider', { config: { access: operationalAccess }, schema: { params: providerParams, tags: ['gate'], summary: 'One quota' } }, (request) => gate.status(request.params.provider));

    const reset = async (request: FastifyRequest, provider: string | null, query: z.infer<typeof resetQuery>, body: z.infer<typeof resetBody>) => {
      const force = body?.force ?? query.force === 'true';
      const reason = body?.reason ?? query.reason;
      const before = await gate.reset(provider, { force, ...(reason === undefined ? {} : { reason }) });
      await audit?.({ identity: request.identity, traceId: request.traceId, provider, forced: force, reason: reason ?? null, before });
      const names = before.map((status) => status.provider);
      return { message: `Reset ${names.join(', ')}`, reset: names, before, timestamp: iso(clock.now()) };
    };
    const admin = { access: roleAccess('admin', 'gate:reset') };
    app.post('/reset', { config: admin, schema: { querystring: resetQuery, body: resetBody, tags: ['gate'], summary: 'Resets every quota that is blocking' } }, (request) =>
      reset(request, null, request.query, request.body),
    );
    app.post('/reset/:provider', { config: admin, schema: { params: providerParams, querystring: resetQuery, body: resetBody, tags: ['gate'], summary: 'Resets a quota that is blocking' } }, (request) =>
      reset(request, request.params.provider, request.query, request.body),
    );
  };
}

/** 200 with the state, or a coded 429 with `Retry-After` and the same facts. */
function answer(reply: FastifyReply, { allowed, waitMs, status }: CheckResult): object {
  reply.headers({ 'x-ratelimit-limit': status.limit, 'x-ratelimit-remaining': status.remaining, 'x-ratelimit-reset': Math.ceil(Date.parse(status.resetTime) / 1_000) });
  if (allowed) return { allowed: true, ...status };
  const retryAfterSeconds = Math.ceil(waitMs / 1_000);
  throw errors.GATE_QUOTA_EXHAUSTED({
    detail: `${status.provider} has used ${status.used} of ${status.limit}; ask again in ${retryAfterSeconds} s`,
    retryAfterSeconds,
    facts: { allowed: false, provider: status.provider, used: status.used, count: status.count, limit: status.limit, remaining: status.remaining, backoffSeconds: retryAfterSeconds, resetTime: status.resetTime },
  });
}
