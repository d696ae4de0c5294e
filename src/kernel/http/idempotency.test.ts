import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import type { Authenticator } from '../auth/types.ts';
import { common } from '../errors/index.ts';
import { ManualClock } from '../../model/time.ts';
import { body, publicAccess, purgeIdempotency, roleAccess } from './index.ts';

/** Each token is its own identity. */
const auth: Authenticator = { byToken: async (token) => ({ subject: `user:${token}`, role: 'trader', scopes: [] }), bySignature: () => Promise.reject(new Error('not here')) };

async function desk() {
  const db = await freshDatabase();
  const clock = new ManualClock('2026-03-01T00:00:00Z');
  const http = await testHttp({ db, auth, clock, config: { idempotencyLeaseMs: 60_000, idempotencyTtlMs: 86_400_000 } });
  const ran: number[] = [];
  const gate: { wait: Promise<void>; entered: () => void } = { wait: Promise.resolve(), entered: () => undefined };
  const schema = { body: body({ n: z.number(), outcome: z.enum(['ok', 'fails', 'refused']).optional() }) };
  http.app.post('/orders', { config: { access: roleAccess('trader'), idempotent: true }, schema }, async (request, reply) => {
    ran.push(request.body.n);
    gate.entered();
    await gate.wait;
    if (request.body.outcome === 'fails') throw new Error('broken');
    if (request.body.outcome === 'refused') throw common.NOT_FOUND({ detail: 'no such instrument' });
    return reply.code(201).send({ order: ran.length });
  });
  await http.start();
  const send = (key: string | null, content: unknown, who = 'ann') =>
    http.ask('/orders', { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${who}`, ...(key === null ? {} : { 'idempotency-key': key }) }, body: JSON.stringify(content) });
  return { db, clock, http, ran, gate, send, [Symbol.asyncDispose]: async () => (await http.close(), await db[Symbol.asyncDispose]()) };
}

test('a repeat gets the stored reply and does nothing', async () => {
  await using d = await desk();
  const first = await d.send('k1', { n: 1 });
  const again = await d.send('k1', { n: 1 });
  assert.deepEqual([first.status, again.status, again.text, d.ran.length], [201, 201, first.text, 1]);
  assert.deepEqual([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')], [null, 'true']);
  await d.send(null, { n: 1 });
  assert.equal(d.ran.length, 2, 'without a key each request counts');
});

test('another body with the same key is 422, another sender is not the same key', async () => {
  await using d = await desk();
  await d.send('k1', { n: 1 });
  const other = await d.send('k1', { n: 2 });
  assert.deepEqual([other.status, other.json['code'], d.ran.length], [422, 'IDEMPOTENCY_KEY_REUSED', 1]);
  assert.equal((await d.send('k1', { n: 1 }, 'bob')).json['order'], 2);
  assert.equal((await d.send('k 2', { n: 1 })).json['code'], 'IDEMPOTENCY_KEY_INVALID');
});

test('a refusal is repeated, a fault of ours is tried again, bad input takes no key', async () => {
  await using d = await desk();
  assert.equal((await d.send('k1', { n: 1, outcome: 'refused' })).status, 404);
  const again = await d.send('k1', { n: 1, outcome: 'refused' });
  assert.deepEqual([again.status, again.json['code'], again.headers.get('content-type'), d.ran.length], [404, 'NOT_FOUND', 'application/problem+json; charset=utf-8', 1]);
  assert.equal((await d.send('k2', { n: 2, outcome: 'fails' })).status, 500);
  assert.equal((await d.send('k2', { n: 2, outcome: 'fails' })).status, 500);
  assert.equal(d.ran.length, 3);
  assert.equal((await d.send('k3', { n: 'x' })).status, 400);
  assert.equal((await d.send('k3', { n: 3 })).status, 201);
});

test('of many at once one runs, the others are told to wait', async () => {
  await using d = await desk();
  let release: () => void = () => undefined;
  d.gate.wait = new Promise((resolve) => (release = resolve));
  const entered = new Promise<void>((resolve) => (d.gate.entered = resolve));
  const first = d.send('k1', { n: 1 });
  await entered;
  const others = await Promise.all([1, 2, 3].map(() => d.send('k1', { n: 1 })));
  assert.deepEqual(others.map((r) => [r.status, r.json['code'], r.headers.get('retry-after')]), [1, 2, 3].map(() => [409, 'IDEMPOTENCY_IN_PROGRESS', '1']));
  release();
  assert.equal((await first).status, 201);
  assert.equal(d.ran.length, 1);
});

test('a request whose process died may be run by a repeat once its lease is over', async () => {
  await using d = await desk();
  await d.send('k1', { n: 1 });
  // As a crash leaves it: reserved, never answered.
  await d.db.query('update idempotency_keys set status = null, body = null');
  assert.equal((await d.send('k1', { n: 1 })).status, 409);
  d.clock.advance(60_001);
  assert.equal((await d.send('k1', { n: 2 })).status, 422, 'and only by a repeat of the same');
  assert.deepEqual([(await d.send('k1', { n: 1 })).status, d.ran.length], [201, 2]);
});

test('keys expire', async () => {
  await using d = await desk();
  await d.send('k1', { n: 1 });
  d.clock.advance(86_400_001);
  assert.equal((await d.send('k1', { n: 2 })).status, 201);
  d.clock.advance(86_400_001);
  assert.equal(await purgeIdempotency(d.db, d.clock), 1);
});

test('an idempotent route must have someone to whom keys belong, and a database', async () => {
  await using http = await testHttp();
  assert.throws(() => http.app.post('/x', { config: { access: roleAccess('trader'), idempotent: true } }, async () => ({})), /no database/);
  await using d = await desk();
  await using open = await testHttp({ db: d.db });
  assert.throws(() => open.app.post('/x', { config: { access: publicAccess('a test'), idempotent: true } }, async () => ({})), /public/);
});
