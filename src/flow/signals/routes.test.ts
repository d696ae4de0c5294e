import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import type { Role } from '../../kernel/auth/types.ts';
import { silentLogger } from '../../kernel/logging/types.ts';
import { createMetrics } from '../../kernel/metrics/index.ts';
import { DAY_MS, parseInstant, systemClock } from '../../model/time.ts';
import type { RawStatement } from './ports.ts';
import { signalRoutes } from './routes.ts';
import { createSignals } from './service.ts';
import { statement } from './test-support/statement.ts';

const NOW = parseInstant('2026-02-10T00:00:00Z');

async function served(statements: readonly RawStatement[] = []) {
  const db = await freshDatabase();
  const signals = createSignals({
    db,
    sources: [{ name: 'polymarket', kind: 'twin', fetch: async () => statements }],
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics({ processDefaults: false }),
    events: { publish: async () => undefined, subscribe: () => () => undefined, subscribeAll: () => () => undefined },
    onStored: async () => undefined,
  });
  const http = await testHttp({
    db,
    auth: { byToken: async (token) => ({ subject: `user:${token}`, role: token as Role, scopes: [] }), bySignature: async () => assert.fail('no signature here') },
  });
  signalRoutes({ db, signals, now: () => NOW })(http.app);
  await http.start();
  const ask = (path: string, role: Role = 'viewer', body?: unknown) =>
    http.ask(path, { method: body === undefined ? 'GET' : 'POST', headers: { authorization: `Bearer ${role}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
  return {
    db,
    ask,
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

const handed = {
  external_id: 'ops-1',
  source: 'watch-desk',
  url: 'https://example.org/1',
  claim: 'Will Iran close the Strait of Hormuz by 1 April?',
  probability: 0.12,
  subject: { type: 'chokepoint', id: 'hormuz' },
  polarity: 'raises',
  horizon_end: '2026-04-01T00:00:00Z',
};

test('a refresh reports per source, and the list pages through what it stored', async () => {
  await using desk = await served(Array.from({ length: 5 }, (_, i) => statement({ externalId: `q${i}`, observedAt: NOW - i * DAY_MS, closed: i === 4 })));
  const refused = await desk.ask('/admin/signals/refresh', 'trader', {});
  assert.equal(refused.status, 403);
  const report = await desk.ask('/admin/signals/refresh', 'operator', {});
  assert.deepEqual(report.json, { sources: [{ source: 'polymarket', fetched: 5, new: 4, duplicate: 0, rejected: [{ rule: 'closed', count: 1 }], failed: null }] });
  const first = await desk.ask('/api/v1/signals?limit=2');
  const second = await desk.ask(`/api/v1/signals?limit=3&cursor=${String(first.json['next_cursor'])}`);
  const items = [...(first.json['items'] as Record<string, unknown>[]), ...(second.json['items'] as Record<string, unknown>[])];
  assert.equal(new Set(items.map((s) => s['id'])).size, 5);
  assert.equal(second.json['next_cursor'], null);
  assert.deepEqual(items.map((s) => s['status']), ['live', 'live', 'live', 'live', 'rejected']);
  assert.equal(((await desk.ask('/api/v1/signals?status=rejected')).json['items'] as unknown[]).length, 1);
  const one = await desk.ask(`/api/v1/signals/${String(items[0]!['id'])}`);
  assert.deepEqual(one.json, items[0]);
  assert.deepEqual([one.json['subject'], one.json['polarity'], one.json['observed_at']], [{ type: 'chokepoint', id: 'hormuz' }, 'raises', '2026-02-10T00:00:00.000Z']);
});

test('a handed-over statement is stored once, and a repeat is told its id', async () => {
  await using desk = await served();
  const first = await desk.ask('/api/v1/signals', 'trader', handed);
  assert.deepEqual([first.status, first.json['duplicate'], first.json['status']], [201, false, 'live']);
  const again = await desk.ask('/api/v1/signals', 'trader', handed);
  assert.deepEqual([again.status, again.json['duplicate'], again.json['id']], [200, true, first.json['id']]);
  const changed = await desk.ask('/api/v1/signals', 'trader', { ...handed, probability: 0.2 });
  assert.equal(changed.status, 201);
  const live = (await desk.ask('/api/v1/signals?status=live')).json['items'] as Record<string, unknown>[];
  assert.deepEqual(live.map((s) => [s['source'], s['probability']]), [['external.watch-desk', 0.2]]);
});

test('bad input is refused with a code, and leaves nothing behind', async () => {
  await using desk = await served();
  const bad: readonly (readonly [unknown, number, string])[] = [
    ['{"external_id":', 400, 'BAD_REQUEST'],
    [{ ...handed, probability: '0.5' }, 400, 'VALIDATION_FAILED'],
    [{ ...handed, probability: 1 }, 400, 'VALIDATION_FAILED'],
    [{ ...handed, surprise: true }, 400, 'VALIDATION_FAILED'],
    [{ ...handed, subject: { type: 'chokepoint', id: 'atlantis' } }, 400, 'VALIDATION_FAILED'],
    [{ ...handed, url: 'javascript:alert(1)' }, 400, 'VALIDATION_FAILED'],
    [{ ...handed, horizon_end: 'soon' }, 400, 'VALIDATION_FAILED'],
    [{ ...handed, observed_at: '2026-02-11T00:00:00Z' }, 422, 'SIGNAL_FROM_THE_FUTURE'],
    [{ ...handed, claim: 'x'.repeat(40_000) }, 413, 'BODY_TOO_LARGE'],
  ];
  for (const [body, status, code] of bad) {
    const reply = await desk.ask('/api/v1/signals', 'trader', body);
    assert.deepEqual([reply.status, reply.json['code']], [status, code], JSON.stringify(body).slice(0, 80));
  }
  assert.equal((await desk.ask('/api/v1/signals', 'viewer', handed)).status, 403);
  assert.equal((await desk.db.query('select 1 from signals')).rows.length, 0);
  assert.equal((await desk.ask('/api/v1/signals/sig_none')).json['code'], 'SIGNAL_UNKNOWN');
  assert.equal((await desk.ask('/api/v1/signals?cursor=abc')).json['code'], 'CURSOR_INVALID');
  assert.equal((await desk.ask('/api/v1/signals?limit=101')).json['code'], 'VALIDATION_FAILED');
});

test('what cannot be kept is refused with its field: text that Postgres has not, times beyond four digits, a report that ends before it begins', async () => {
  await using desk = await served();
  const told = { kind: 'report', external_id: 'seen-1', source: 'watch-desk', url: 'https://example.org/1', claim: 'Ships are turned back at the Strait of Hormuz', subject: { type: 'chokepoint', id: 'hormuz' } };
  for (const [field, body] of [
    ['claim', { ...handed, claim: 'Ships\0' }],
    ['claim', { ...handed, claim: 'Ships \ud800 turn' }],
    ['external_id', { ...handed, external_id: 'a\0b' }],
    ['horizon_end', { ...handed, horizon_end: '9999-12-31T23:59:59-14:00' }],
    ['observed_at', { ...handed, observed_at: '0000-01-01T00:00:00Z' }],
    ['expires_at', { ...told, expires_at: '2026-01-01T00:00:00Z' }],
    ['expires_at', { ...told, expires_at: '2026-03-13T00:00:00Z' }],
    ['expires_at', { ...told, observed_at: '2026-02-01T00:00:00Z', expires_at: '2026-02-01T00:00:00Z' }],
  ] as const) {
    const reply = await desk.ask('/api/v1/signals', 'trader', body);
    assert.deepEqual([reply.status, reply.json['code'], reply.json['field']], [400, 'VALIDATION_FAILED', field], JSON.stringify(body));
  }
  for (const path of ['/api/v1/signals/%00', '/api/v1/signals?source=%00']) assert.equal((await desk.ask(path)).status, 400, path);
  assert.equal((await desk.ask('/api/v1/signals', 'trader', { ...told, expires_at: '2026-03-12T00:00:00Z' })).status, 201, 'thirty days to the hour');
});

test('one statement that cannot be kept is malformed, and keeps no other from being stored', async () => {
  await using desk = await served([statement(), statement({ externalId: 'nul', question: 'US strikes\0 Iran?' }), statement({ externalId: 'half', question: 'US strikes \udc00 Iran?' }), statement({ externalId: 'late', horizonEnd: 8.64e15 })]);
  const report = await desk.ask('/admin/signals/refresh', 'operator', {});
  assert.deepEqual(report.json['sources'], [{ source: 'polymarket', fetched: 4, new: 1, duplicate: 0, rejected: [{ rule: 'malformed', count: 3 }], failed: null }]);
});
