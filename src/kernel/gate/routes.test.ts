import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { testHttp } from '../../../test/support/http.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { ManualClock } from '../../model/time.ts';
import type { Authenticator, Identity } from '../auth/types.ts';
import { isCodedError } from '../errors/index.ts';
import type { HttpApp } from '../http/types.ts';
import { silentLogger } from '../logging/types.ts';
import { ManualTimers } from '../timers/index.ts';
import { createGate, gateRoutes, type GateRoutesDependencies } from './index.ts';

type Act = Parameters<NonNullable<GateRoutesDependencies['audit']>>[0];

async function setUp(identity: Identity | null = null) {
  const timers = new ManualTimers(new ManualClock('2026-03-01T00:00:00Z'));
  const gate = createGate({ clock: timers.clock, timers, logger: silentLogger, metrics: testMetrics() });
  const app: HttpApp = Fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('identity', null);
  app.decorateRequest('traceId', '');
  app.addHook('onRequest', async (request) => void (request.identity = identity));
  // The least of what the house's own error handler does.
  app.setErrorHandler((e, _request, reply) => {
    if (!isCodedError(e)) return reply.code((e as { statusCode?: number }).statusCode ?? 500).send({ message: (e as Error).message });
    if (e.occurrence.retryAfterSeconds !== undefined) reply.header('retry-after', e.occurrence.retryAfterSeconds);
    return reply.code(e.status).send({ code: e.code, detail: e.message, fix: e.occurrence.fix, ...e.occurrence.facts });
  });
  const acts: Act[] = [];
  const access = new Map<string, unknown>();
  app.addHook('onRoute', (route) => void access.set(`${String(route.method)} ${route.url}`, route.config?.access));
  gateRoutes({ gate, clock: timers.clock, audit: async (act) => void acts.push(act) })(app);
  await app.ready();
  return { app, gate, acts, access, timers };
}

const operator: Identity = { subject: 'user:usr_1', role: 'admin', scopes: [] };

test('80 questions end in 429 with Retry-After, and asking without counting does not', async () => {
  const { app, timers } = await setUp();
  for (let i = 0; i < 10; i++) assert.equal((await app.inject('/check/alphavantage')).json().allowed, true);
  const replies = [];
  for (let i = 0; i < 80; i++) replies.push(await app.inject({ method: 'POST', url: '/check/alphavantage' }));
  assert.equal(replies.filter((r) => r.statusCode === 200).length, 5);
  assert.deepEqual(replies[4]!.json(), { allowed: true, ...(await app.inject('/status/alphavantage')).json() });
  const last = replies.at(-1)!;
  assert.deepEqual([last.statusCode, last.headers['retry-after'], last.headers['x-ratelimit-remaining']], [429, '61', '0']);
  const { code, allowed, limit, used, backoffSeconds } = last.json();
  assert.deepEqual({ code, allowed, limit, used, backoffSeconds }, { code: 'GATE_QUOTA_EXHAUSTED', allowed: false, limit: 5, used: 5, backoffSeconds: 61 });
  await timers.advance(60_600);
  assert.equal((await app.inject({ method: 'POST', url: '/check/alphavantage' })).statusCode, 200);
});

test('consume takes a weight from the body or the query, all of it or nothing', async () => {
  const { app } = await setUp();
  assert.equal((await app.inject({ method: 'POST', url: '/consume/alphavantage', payload: { weight: 3 } })).json().used, 3);
  assert.equal((await app.inject({ method: 'POST', url: '/consume/alphavantage?weight=3' })).statusCode, 429);
  assert.equal((await app.inject({ method: 'POST', url: '/consume/alphavantage?weight=2' })).json().remaining, 0);
  for (const payload of [{ weight: 0 }, { weight: 1.5 }, { weight: '2' }, { wieght: 2 }]) {
    assert.equal((await app.inject({ method: 'POST', url: '/consume/gdelt', payload })).statusCode, 400, JSON.stringify(payload));
  }
  assert.equal((await app.inject('/status/gdelt')).json().used, 0);
});

test('status is keyed by provider; an unknown one is a coded 404 that names those that there are', async () => {
  const { app } = await setUp();
  const all = (await app.inject('/status')).json();
  assert.deepEqual(Object.keys(all.alphavantage).filter((k) => ['used', 'count', 'limit', 'remaining', 'usagePercentage', 'utilizationPercent', 'resetTime', 'warning'].includes(k)).length, 8);
  assert.equal(all.bybit.limit, 600);
  for (const [method, url] of [['GET', '/status/x'], ['GET', '/check/x'], ['POST', '/check/x'], ['POST', '/consume/x'], ['GET', '/status/__proto__']] as const) {
    const reply = await app.inject({ method, url });
    assert.deepEqual([reply.statusCode, reply.json().code], [404, 'GATE_PROVIDER_UNKNOWN'], url);
    assert.match(reply.json().fix, /alphavantage.*polymarket\.gamma\.events/);
  }
});

test('programs of this machine count without a token; proxies, pages of other sites and other users sign in', async () => {
  const timers = new ManualTimers(new ManualClock('2026-03-01T00:00:00Z'));
  const gate = createGate({ clock: timers.clock, timers, logger: silentLogger, metrics: testMetrics() });
  const auth: Authenticator = { byToken: async () => operator, bySignature: () => Promise.reject(new Error('not here')) };
  let ours: boolean | null = true;
  await using http = await testHttp({ auth, ownsPeer: async () => ours });
  gateRoutes({ gate, clock: timers.clock })(http.app);
  await http.start();
  const count = async (headers: Record<string, string> = {}) => {
    // A connection's owner is asked for once: each call has its own.
    const { status, json } = await http.ask('/check/polymarket', { method: 'POST', headers: { connection: 'close', ...headers } });
    return [status, json['code'] ?? null];
  };
  assert.deepEqual(await count(), [200, null]);
  const refused = [{ 'x-forwarded-for': '127.0.0.1' }, { 'x-real-ip': '127.0.0.1' }, { via: '1.1 squid' }];
  for (const headers of refused) assert.deepEqual(await count(headers as Record<string, string>), [401, 'UNAUTHENTICATED'], JSON.stringify(headers));
  assert.deepEqual(await count({ origin: 'http://evil.example' }), [403, 'ORIGIN_NOT_ALLOWED']);
  assert.deepEqual(await count({ 'sec-fetch-site': 'cross-site' }), [403, 'ORIGIN_NOT_ALLOWED']);
  ours = false;
  assert.deepEqual(await count(), [401, 'UNAUTHENTICATED'], 'a reverse proxy runs as another user');
  assert.deepEqual(await count({ authorization: 'Bearer admin', 'x-forwarded-for': '192.0.2.7' }), [200, null], 'who signed in may call through a proxy');
  assert.equal((await gate.check('polymarket')).status.used, 2);
});

test('reset is for admins, refuses what is not blocking, and is written down', async () => {
  const { app, acts, access } = await setUp(operator);
  for (const route of ['POST /reset', 'POST /reset/:provider']) assert.deepEqual(access.get(route), { kind: 'role', role: 'admin', scope: 'gate:reset' });
  await app.inject({ method: 'POST', url: '/consume/alphavantage?weight=2' });
  const refused = await app.inject({ method: 'POST', url: '/reset/alphavantage' });
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'GATE_NOT_BLOCKING']);
  assert.match(refused.json().detail, /used 2 of 5/);
  assert.equal((await app.inject({ method: 'POST', url: '/reset/alphavantage?force=true' })).statusCode, 400);
  assert.equal(acts.length, 0);
  const forced = await app.inject({ method: 'POST', url: '/reset/alphavantage', payload: { force: true, reason: 'the key was replaced' } });
  assert.deepEqual(forced.json().reset, ['alphavantage']);
  await app.inject({ method: 'POST', url: '/consume/alphavantage?weight=5' });
  const whole = await app.inject({ method: 'POST', url: '/reset' });
  assert.deepEqual([whole.statusCode, whole.json().reset, whole.json().timestamp], [200, ['alphavantage'], '2026-03-01T00:00:00.000Z']);
  assert.deepEqual(
    acts.map((act) => [act.identity?.subject, act.provider, act.forced, act.reason, act.before[0]?.used]),
    [
      ['user:usr_1', 'alphavantage', true, 'the key was replaced', 2],
      ['user:usr_1', null, false, null, 5],
    ],
  );
});
