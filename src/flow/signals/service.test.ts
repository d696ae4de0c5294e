import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counter, Registry } from 'prom-client';
import { freshDatabase } from '../../../test/support/database.ts';
import { common } from '../../kernel/errors/index.ts';
import { silentLogger } from '../../kernel/logging/types.ts';
import type { Metrics } from '../../kernel/metrics/types.ts';
import { sourceStates } from '../../kernel/sweeps/index.ts';
import { DAY_MS, HOUR_MS, ManualClock, parseInstant } from '../../model/time.ts';
import type { RawStatement, SignalSource } from './ports.ts';
import { getSignal, listSignals, liveSignals, resolvedSignals, signalHistory } from './reads.ts';
import { createSignals, type StoredSignals } from './service.ts';
import { statement } from './test-support/statement.ts';

const NOW = parseInstant('2026-02-10T00:00:00Z');

function source(name: string, answer: () => readonly RawStatement[] | Error): SignalSource {
  return {
    name,
    kind: 'twin',
    fetch: async () => {
      const given = answer();
      if (given instanceof Error) throw given;
      return given;
    },
  };
}

function desk(db: Awaited<ReturnType<typeof freshDatabase>>, sources: readonly SignalSource[], onStored?: (stored: StoredSignals) => void) {
  const registry = new Registry();
  const told: { stored: StoredSignals[]; events: object[] } = { stored: [], events: [] };
  const metrics = { registry, counter: (name: string, help: string, labelNames: readonly string[] = []) => new Counter({ name, help, labelNames, registers: [registry] }) } as unknown as Metrics;
  const service = createSignals({
    db,
    sources,
    clock: new ManualClock(NOW),
    logger: silentLogger,
    metrics,
    events: { publish: async (_on, name, payload) => void told.events.push({ name, ...payload }), subscribe: () => () => undefined, subscribeAll: () => () => undefined },
    fetchTimeoutMs: 200,
    onStored: async (_tx, stored) => {
      onStored?.(stored);
      told.stored.push(stored);
    },
  });
  return { service, told, detected: async (label: string) => (await registry.getSingleMetric('riskcast_signals_detected_total')!.get()).values.find((v) => v.labels['source'] === label)?.value ?? 0 };
}

test('what is heard between two sweeps is stored as a sweep would, once, and hands over; a price that comes back counts again', async () => {
  await using db = await freshDatabase();
  const { service, told } = desk(db, []);
  const at = (minutes: number, probability: number) => statement({ probability, observedAt: NOW + minutes * 60_000, knownAt: NOW + minutes * 60_000 });
  for (const [minutes, probability] of [[0, 0.5], [1, 0.6], [1, 0.6], [2, 0.5]] as const) await service.hear([at(minutes, probability)], NOW + minutes * 60_000, 'polymarket');
  assert.deepEqual((await liveSignals(db, NOW + DAY_MS)).map((s) => [s.probability, s.observedAt - NOW]), [[0.5, 120_000]]);
  assert.deepEqual(told.stored.map((s) => [s.cause, s.source, s.chokepoints]), Array.from({ length: 3 }, () => ['stream', 'polymarket', ['hormuz']]));
});

test('a sweep stores what counts and what was rejected, hands over in the same transaction, and reports', async () => {
  await using db = await freshDatabase();
  const { service, told, detected } = desk(db, [source('polymarket', () => [statement(), statement({ externalId: 'rain', question: 'Rain in Oslo?' }), statement({ externalId: 'thin', liquidityUsd: 5 }), statement({ externalId: 'bad', probability: 7 })])]);
  const report = await service.sweep(NOW, 'test');
  assert.deepEqual(report.sources, [
    { source: 'polymarket', fetched: 4, new: 1, duplicate: 0, rejected: [{ rule: 'irrelevant', count: 1 }, { rule: 'malformed', count: 1 }, { rule: 'thin-market', count: 1 }], failed: null },
  ]);
  assert.deepEqual(told.stored.map((s) => [s.source, s.chokepoints, s.ids.length]), [['polymarket', ['hormuz'], 3]]);
  assert.equal(told.events.length, 1);
  assert.equal(await detected('polymarket'), 1);
  const live = await liveSignals(db, NOW);
  assert.deepEqual(live.map((s) => [s.subject.id, s.probability]), [['hormuz', 0.525]]);
  assert.deepEqual(await getSignal(db, live[0]!.id, NOW), live[0]);
});

test('the same answer again is all duplicates, and hands nothing over', async () => {
  await using db = await freshDatabase();
  let asked = 0;
  const { service, told } = desk(db, [source('polymarket', () => [statement({ observedAt: NOW + (asked++ * HOUR_MS) }), statement({ externalId: 'rain', question: 'Rain in Oslo?', observedAt: NOW + asked * HOUR_MS })])]);
  await service.sweep(NOW + 5 * HOUR_MS, 'test');
  const again = await service.sweep(NOW + 5 * HOUR_MS, 'test');
  assert.deepEqual([again.sources[0]!.new, again.sources[0]!.duplicate], [0, 2], 'a poll an hour later that saw the same price');
  assert.equal(told.stored.length, 1);
});

test('an unchanged price is fresh evidence again after a day', async () => {
  await using db = await freshDatabase();
  let at = NOW;
  const { service } = desk(db, [source('polymarket', () => [statement({ observedAt: at })])]);
  await service.sweep(NOW, 'test');
  at = NOW + DAY_MS;
  assert.equal((await service.sweep(at, 'test')).sources[0]!.new, 1);
  const live = await liveSignals(db, at);
  assert.deepEqual(live.map((s) => s.observedAt), [at], 'one question has one live statement');
});

test('a market whose time moves at every poll is stored when its price moves, and once a day', async () => {
  await using db = await freshDatabase();
  let poll = 0;
  const at = () => NOW + poll * 15 * 60_000;
  const { service } = desk(db, [source('polymarket', () => [statement({ observedAt: at(), liquidityUsd: 80_000 + poll, probability: poll === 50 ? 0.53 : 0.525, raw: `{"updatedAt":${at()}}` })])]);
  const stored: number[] = [];
  for (; poll < 26 * 4; poll++) if ((await service.sweep(at(), 'test')).sources[0]!.new === 1) stored.push(poll);
  // The first; the price that moved; the price that came back. That one holds for less than a day.
  assert.deepEqual(stored, [0, 50, 51]);
  for (; poll < 52 + 24 * 4; poll++) if ((await service.sweep(at(), 'test')).sources[0]!.new === 1) stored.push(poll);
  assert.deepEqual(stored, [0, 50, 51, 51 + 24 * 4], 'a day later that it still holds is fresh evidence');
  assert.equal((await liveSignals(db, at())).length, 1);
});

test('the same price under other rules is another signal', async () => {
  await using db = await freshDatabase();
  const { service } = desk(db, [source('polymarket', () => [statement()])]);
  await service.sweep(NOW, 'test');
  await db.query(`update signals set rules_version = 'signals-0', id = 'sig_old'`);
  assert.equal((await service.sweep(NOW, 'test')).sources[0]!.new, 1);
  assert.deepEqual((await liveSignals(db, NOW)).map((s) => s.rulesVersion), ['signals-2']);
});

test('one source failing, or hanging until its time is over, never stops another', async () => {
  await using db = await freshDatabase();
  const sources = [
    source('broken', () => common.UNAVAILABLE()),
    source('rude', () => new TypeError('not coded')),
    { name: 'hangs', kind: 'real' as const, fetch: () => new Promise<never>(() => undefined) },
    source('polymarket', () => [statement()]),
  ];
  const { service } = desk(db, sources);
  const { sources: reports } = await service.sweep(NOW, 'test');
  assert.deepEqual(reports.map((r) => [r.source, r.new, r.failed]), [['broken', 0, 'UNAVAILABLE'], ['rude', 0, 'SOURCE_FAILED'], ['hangs', 0, 'SOURCE_TIMEOUT'], ['polymarket', 1, null]]);
  const states = await sourceStates(db);
  assert.deepEqual(states.map((s) => [s.source, s.healthy, s.lastFailure?.code ?? null]), [['broken', false, 'UNAVAILABLE'], ['hangs', false, 'SOURCE_TIMEOUT'], ['polymarket', true, null], ['rude', false, 'SOURCE_FAILED']]);
});

test('when the hand-over fails nothing is stored, and the next sweep does it all', async () => {
  await using db = await freshDatabase();
  let broken = true;
  const { service } = desk(db, [source('polymarket', () => [statement()])], () => {
    if (broken) throw new Error('queue is down');
  });
  await assert.rejects(service.sweep(NOW, 'test'), /queue is down/);
  assert.equal((await db.query('select 1 from signals union all select 1 from source_sweeps')).rows.length, 0);
  broken = false;
  assert.equal((await service.sweep(NOW, 'test')).sources[0]!.new, 1);
});

test('a newer price replaces an older one, a closed market ends it, an ended question expires', async () => {
  await using db = await freshDatabase();
  let now: RawStatement[] = [statement()];
  const { service, told } = desk(db, [source('polymarket', () => now)]);
  await service.sweep(NOW, 'test');
  now = [statement({ probability: 0.7, observedAt: NOW + DAY_MS })];
  await service.sweep(NOW + DAY_MS, 'test');
  assert.deepEqual((await liveSignals(db, NOW + DAY_MS)).map((s) => s.probability), [0.7]);
  assert.deepEqual((await listSignals(db, NOW + DAY_MS, { limit: 10 })).map((s) => [s.probability, s.status]), [[0.7, 'live'], [0.525, 'expired']]);
  assert.deepEqual((await liveSignals(db, parseInstant('2026-07-01T00:00:00Z'))).length, 0, 'the question has ended');
  now = [statement({ closed: true, probability: 1, observedAt: NOW + 2 * DAY_MS })];
  await service.sweep(NOW + 2 * DAY_MS, 'test');
  assert.equal((await liveSignals(db, NOW + 2 * DAY_MS)).length, 0);
  const cameTrue = (asOf: number) => resolvedSignals(db, asOf, 30 * DAY_MS).then((all) => all.map((s) => s.claim));
  assert.deepEqual([await cameTrue(NOW + DAY_MS), await cameTrue(NOW + 2 * DAY_MS), await cameTrue(NOW + 33 * DAY_MS)], [[], ['US strikes Iran by June 30, 2026?'], []]);
  assert.deepEqual(told.stored.at(-1)!.chokepoints, ['hormuz'], 'that it closed is told below');
  assert.deepEqual((await db.query('select status from signals order by known_at')).rows.map((r) => r['status']), ['expired', 'expired', 'rejected']);
  assert.deepEqual((await liveSignals(db, NOW)).map((s) => s.probability), [0.525], 'as of then it still counts');
  assert.deepEqual((await signalHistory(db, 'hormuz', 0, NOW + 9 * DAY_MS, NOW + DAY_MS)).map((s) => s.probability), [0.525, 0.7]);
});

test('a statement that is not known yet is neither stored nor seen', async () => {
  await using db = await freshDatabase();
  const { service } = desk(db, [source('polymarket', () => [statement({ observedAt: NOW + 1 })])]);
  assert.deepEqual((await service.sweep(NOW, 'test')).sources[0]!.rejected, [{ rule: 'look-ahead', count: 1 }]);
  assert.equal((await db.query('select 1 from signals')).rows.length, 0);
});

test('no look-ahead: whatever is stored, a read as of t returns nothing known after t', async () => {
  await using db = await freshDatabase();
  const all = Array.from({ length: 40 }, (_, i) => statement({ externalId: `q${i % 7}`, probability: 0.1 + i / 100, observedAt: NOW + ((i * 37) % 40) * HOUR_MS }));
  const { service } = desk(db, [source('polymarket', () => all)]);
  await service.sweep(NOW + 40 * HOUR_MS, 'test');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -1, max: 41 }), async (hours) => {
      const asOf = NOW + hours * HOUR_MS;
      const seen = [...(await liveSignals(db, asOf)), ...(await listSignals(db, asOf, { limit: 100 }))];
      assert.ok(seen.every((s) => s.knownAt <= asOf));
      // Of each question the newest known by then, as if the later ones did not exist.
      const newest = new Map(all.filter((s) => s.knownAt <= asOf).sort((a, b) => a.knownAt - b.knownAt).map((s) => [s.externalId, s.probability]));
      assert.deepEqual(new Map((await liveSignals(db, asOf)).map((s) => [s.externalId, s.probability])), newest);
    }),
    { numRuns: 25 },
  );
});

test('two sweeps at once store each statement once', async () => {
  await using db = await freshDatabase();
  const { service, told } = desk(db, [source('polymarket', () => Array.from({ length: 50 }, (_, i) => statement({ externalId: `q${i}` })))]);
  await Promise.all([service.sweep(NOW, 'a'), service.sweep(NOW, 'b'), service.sweep(NOW, 'c')]);
  assert.equal((await db.query('select 1 from signals')).rows.length, 50);
  assert.equal(told.stored.flatMap((s) => s.ids).length, 50);
});
