import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import { createAuth } from '../../kernel/auth/index.ts';
import { silentLogger } from '../../kernel/logging/types.ts';
import { createMetrics } from '../../kernel/metrics/index.ts';
import { HOUR_MS, ManualClock, MINUTE_MS, parseInstant } from '../../model/time.ts';
import { signalRoutes } from './routes.ts';
import { createSignals } from './service.ts';
import type { Order, Reply } from './test-support/producer.ts';

const PRODUCER = join(import.meta.dirname, 'test-support/producer.ts');
const START = parseInstant('2026-02-10T00:00:00Z');

interface Producer extends Disposable {
  /** The body as JSON, or as it is when it is text already. */
  post(body: unknown, order?: Partial<Order>): Promise<Reply>;
}

/** The desk's web server with real keys, and producers beside it as processes that know it by its address alone. */
async function desk() {
  const db = await freshDatabase();
  const clock = new ManualClock(START);
  const auth = await createAuth({ db, clock, logger: silentLogger });
  const events = { publish: async () => undefined, subscribe: () => () => undefined, subscribeAll: () => () => undefined };
  const signals = createSignals({ db, sources: [], clock, logger: silentLogger, metrics: createMetrics({ processDefaults: false }), events, onStored: async () => undefined });
  const http = await testHttp({ db, auth, clock });
  signalRoutes({ db, signals, now: () => clock.now() })(http.app);
  const url = await http.start();

  async function producer(name: string, scopes: readonly string[] = ['signals:write']): Promise<Producer> {
    const { key, signingSecret } = await auth.keys.create({ name, role: 'trader', scopes }, { subject: 'cli', reason: 'a test' });
    const child = spawn(process.execPath, [PRODUCER], { env: { ...process.env, TEST_URL: url, TEST_KEY: key.id, TEST_SECRET: signingSecret }, stdio: ['pipe', 'pipe', 'inherit'] });
    const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      async post(body, order = {}) {
        clock.advance(1);
        child.stdin.write(`${JSON.stringify({ body: typeof body === 'string' ? body : JSON.stringify(body), timestamp: String(clock.now()), ...order })}\n`);
        return JSON.parse((await replies.next()).value as string) as Reply;
      },
      [Symbol.dispose]: () => child.kill(),
    };
  }
  const rows = async () => (await db.query('select id from signals')).rows.length;
  return {
    clock,
    producer,
    rows,
    live: async () => (await db.query<{ probability: number }>(`select probability from signals where status = 'live' order by seq`)).rows.map((r) => r.probability),
    async [Symbol.asyncDispose]() {
      await http.close();
      await db[Symbol.asyncDispose]();
    },
  };
}

const forecast = {
  external_id: 'ops-1',
  source: 'watch-desk',
  url: 'https://example.org/1',
  claim: 'Will Iran close the Strait of Hormuz by 1 April?',
  probability: 0.12,
  subject: { type: 'chokepoint', id: 'hormuz' },
  polarity: 'raises',
  horizon_end: '2026-04-01T00:00:00Z',
};
const seen = (reply: Reply) => [reply.status, reply.body['code'] ?? reply.body['duplicate']];

test('a signed forecast is stored once: its repeats, under its own or another id, are told the first one’s', async () => {
  await using d = await desk();
  using ann = await d.producer('ann');
  const first = await ann.post(forecast);
  assert.deepEqual(seen(first), [201, false]);
  for (const again of [forecast, { ...forecast, external_id: 'ops-2' }, { ...forecast, external_id: 'ops-3', claim: forecast.claim.toUpperCase(), url: 'https://example.org/2' }]) {
    const reply = await ann.post(again);
    assert.deepEqual([...seen(reply), reply.body['id']], [200, true, first.body['id']]);
  }
  assert.equal(await d.rows(), 1);
});

test('five minutes later the same content under another id is another statement; under its own it still is not', async () => {
  await using d = await desk();
  using ann = await d.producer('ann');
  const first = await ann.post(forecast);
  d.clock.advance(5 * MINUTE_MS - 10);
  assert.deepEqual(seen(await ann.post({ ...forecast, external_id: 'ops-2' })), [200, true], 'the window does not move with its repeats');
  d.clock.advance(MINUTE_MS);
  assert.deepEqual(seen(await ann.post({ ...forecast, external_id: 'ops-2' })), [201, false]);
  const own = await ann.post(forecast);
  assert.deepEqual([...seen(own), own.body['id']], [200, true, first.body['id']]);
  d.clock.advance(25 * HOUR_MS);
  assert.deepEqual(seen(await ann.post(forecast)), [201, false], 'after a day it is fresh evidence');
  assert.equal(await d.rows(), 3);
});

test('another price, passage or producer is another statement, and a price that comes back is news', async () => {
  await using d = await desk();
  using ann = await d.producer('ann');
  using bob = await d.producer('bob');
  await ann.post(forecast);
  assert.deepEqual(seen(await ann.post({ ...forecast, external_id: 'ops-7', claim: 'Will the Suez canal be blocked by 1 April?', subject: { type: 'chokepoint', id: 'suez' } })), [201, false]);
  assert.deepEqual(seen(await bob.post({ ...forecast, source: 'bobs-desk' })), [201, false]);
  assert.deepEqual(seen(await ann.post({ ...forecast, probability: 0.2 })), [201, false]);
  assert.deepEqual(seen(await ann.post(forecast)), [201, false]);
  assert.deepEqual(await d.live(), [0.12, 0.12, 0.12]);
});

test('a burst of one content, each with its own id, is one row', async () => {
  await using d = await desk();
  using ann = await d.producer('ann');
  using more = await d.producer('more');
  const replies = await Promise.all([ann, more].flatMap((p) => Array.from({ length: 4 }, (_, i) => p.post({ ...forecast, source: p === ann ? 'ann' : 'more', external_id: `burst-${i}` }))));
  assert.equal(replies.filter((r) => r.status === 201).length, 2, 'one for each producer');
  assert.equal(await d.rows(), 2);
});

test('a report is taken without a probability; told again by another producer it is corroboration, and no second row', async () => {
  await using d = await desk();
  using ann = await d.producer('ann');
  using bob = await d.producer('bob');
  const { probability: _p, horizon_end: _h, ...rest } = forecast;
  const told = { ...rest, kind: 'report', claim: 'Ships are turned back at the Strait of Hormuz by patrol boats', relation: 'harm', expires_at: '2026-02-11T00:00:00Z' };
  const first = await ann.post(told);
  assert.deepEqual(seen(first), [201, false]);
  const again = await bob.post({ ...told, source: 'bobs-desk', claim: `${told.claim} – update` });
  assert.deepEqual([...seen(again), again.body['id']], [200, true, first.body['id']]);
  for (const [field, body] of [['probability', { ...told, probability: 0.5 }], ['probability', { ...forecast, probability: undefined }], ['relation', { ...forecast, relation: 'harm' }], ['subject.id', { ...told, subject: { type: 'port', id: 'dubai' } }]] as const) {
    const reply = await ann.post(body);
    assert.deepEqual([reply.status, reply.body['code'], reply.body['field']], [400, 'VALIDATION_FAILED', field]);
  }
  assert.deepEqual(seen(await ann.post({ ...told, claim: 'Cranes stand still', subject: { type: 'port', id: 'AEJEA' } })), [201, false]);
  assert.equal(await d.rows(), 2);
});

test('a wrong, replayed, stale or missing proof, or too large a body, stores nothing', async () => {
  await using d = await desk();
  using ann = await d.producer('ann');
  using reader = await d.producer('reader', ['decisions:read']);
  const good = await ann.post(forecast);
  const { nonce, signature } = good;
  const replayed = await ann.post(forecast, { timestamp: String(d.clock.now()), nonce, signature });
  assert.deepEqual(seen(replayed), [401, 'SIGNATURE_REPLAYED']);
  assert.deepEqual(seen(await ann.post({ ...forecast, probability: 0.9 }, { signature: good.signature })), [401, 'SIGNATURE_INVALID'], 'a signature of another body');
  const misdirected = await ann.post(forecast, { signedTarget: '/api/v1/signals?x=1' });
  assert.deepEqual(seen(misdirected), [401, 'SIGNATURE_INVALID'], 'a signature for another target');
  assert.deepEqual(seen(await ann.post(forecast, { secret: 'a guess' })), [401, 'SIGNATURE_INVALID']);
  assert.deepEqual(seen(await ann.post(forecast, { signature: 'xyz' })), [401, 'SIGNATURE_MALFORMED']);
  for (const off of [-6 * MINUTE_MS, 6 * MINUTE_MS]) assert.deepEqual(seen(await ann.post(forecast, { timestamp: String(d.clock.now() + off) })), [401, 'SIGNATURE_EXPIRED']);
  assert.deepEqual(seen(await ann.post({ ...forecast, claim: 'x'.repeat(33 * 1_024) })), [413, 'BODY_TOO_LARGE']);
  assert.equal((await reader.post({ ...forecast, external_id: 'ops-9' })).status, 403);
  assert.equal(await d.rows(), 1);
});
