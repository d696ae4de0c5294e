import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordingLogger } from '../../../test/support/recording-logger.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { ManualClock } from '../../model/time.ts';
import { isCodedError } from '../errors/index.ts';
import { ManualTimers } from '../timers/index.ts';
import { createGate, createMemoryBackend, type GateBackend, type QuotaSpec } from './index.ts';

const START = '2026-03-01T00:00:00.000Z';
const QUOTAS: Readonly<Record<string, QuotaSpec>> = {
  broker: { tiers: { default: [{ limit: 10, windowMs: 1_000 }], fast: [{ limit: 20, windowMs: 1_000 }] }, urgentShare: 0.2, source: 'test' },
  news: { tiers: { default: [{ limit: 5, windowMs: 60_000 }] }, source: 'test' },
  market: { tiers: { default: [{ limit: 100, windowMs: 10_000 }] }, source: 'test' },
  'market.book': { tiers: { default: [{ limit: 4, windowMs: 10_000 }] }, source: 'test' },
};

function setUp(options: { tiers?: Record<string, string>; backend?: (clock: ManualClock) => GateBackend } = {}) {
  const timers = new ManualTimers(new ManualClock(START));
  const { clock } = timers;
  const [logger, metrics] = [recordingLogger(), testMetrics()];
  const gate = createGate({ clock, timers, logger, metrics, quotas: QUOTAS, tiers: options.tiers ?? {}, backend: options.backend?.(clock) ?? createMemoryBackend(clock) });
  return { timers, clock, logger, metrics, gate };
}

const codeOf = (code: string) => (e: unknown) => isCodedError(e) && e.code === code;
const broker = { provider: 'broker', operation: 'orders.create' } as const;
const cancel = { provider: 'broker', operation: 'orders.cancel', lane: 'urgent' } as const;

test('a call that may go costs no promise; one that may not waits for its turn, or is refused with the wait', async () => {
  const { gate, timers, metrics } = setUp();
  for (let i = 0; i < 8; i++) assert.equal(gate.acquire(broker, 5_000), undefined);
  await assert.rejects(async () => gate.acquire(broker, 500), (e) => isCodedError(e) && e.code === 'GATE_QUOTA_EXHAUSTED' && e.occurrence.retryAfterSeconds === 2 && e.occurrence.facts?.['wait_ms'] === 1_010);
  let passed = false;
  const waiting = Promise.resolve(gate.acquire(broker, 5_000)).then(() => (passed = true));
  await timers.advance(1_009);
  assert.equal(passed, false);
  await timers.advance(1);
  await waiting;
  assert.equal(await metrics.value('rate_gate_requests_total', { provider: 'broker', outcome: 'allowed' }), 9);
  assert.equal(await metrics.value('rate_gate_requests_total', { provider: 'broker', outcome: 'queued' }), 1);
  assert.equal(await metrics.value('rate_gate_requests_total', { provider: 'broker', outcome: 'denied' }), 1);
  assert.equal(await metrics.value('rate_gate_backoff_count', { provider: 'broker' }), 1);
});

test('the urgent lane has its reserved share, and passes those who wait', async () => {
  const { gate, timers } = setUp();
  for (let i = 0; i < 8; i++) gate.acquire(broker, 0);
  const order: string[] = [];
  const waitAs = (name: string, request: Parameters<typeof gate.acquire>[0]) => Promise.resolve(gate.acquire(request, 60_000)).then(() => order.push(name));
  const all = [waitAs('normal 1', broker), waitAs('normal 2', broker)];
  assert.equal(gate.acquire(cancel, 0), undefined);
  assert.equal(gate.acquire(cancel, 0), undefined, 'two of ten are reserved');
  all.push(waitAs('urgent 1', cancel), waitAs('urgent 2', cancel), waitAs('normal 3', broker));
  await timers.advance(1_010);
  await Promise.all(all);
  assert.deepEqual(order, ['urgent 1', 'urgent 2', 'normal 1', 'normal 2', 'normal 3']);
});

test('who waits too long is refused and leaves; who needs less behind it goes then, and nobody overtakes in the same lane', async () => {
  const { gate, timers } = setUp();
  for (let i = 0; i < 8; i++) gate.acquire(broker, 0);
  const ended: string[] = [];
  const all = [
    (async () => gate.acquire({ ...broker, weight: 8 }, 1_020))().catch((e: unknown) => ended.push(isCodedError(e) ? e.code : 'other')),
    (async () => gate.acquire(broker, 60_000))().then(() => ended.push('small')),
  ];
  await timers.advance(500);
  for (let i = 0; i < 2; i++) gate.acquire(cancel, 0); // now the first one's 8 fit at 1,510 only
  await timers.advance(519);
  assert.deepEqual(ended, []);
  await timers.advance(1);
  assert.deepEqual(ended.sort(), ['GATE_QUOTA_EXHAUSTED', 'small']);
  await Promise.all(all);
  assert.equal(timers.size, 0, 'no timer is left behind');
});

test('a call counts against its operation, the API it belongs to and the provider', async () => {
  const { gate } = setUp();
  for (let i = 0; i < 4; i++) assert.equal(gate.acquire({ provider: 'market', operation: 'book.top' }, 0), undefined);
  await assert.rejects(async () => gate.acquire({ provider: 'market', operation: 'book' }, 0), codeOf('GATE_QUOTA_EXHAUSTED'));
  assert.equal(gate.acquire({ provider: 'market', operation: 'bookmarks' }, 0), undefined, 'a part ends at a dot');
  const statuses = await gate.statuses();
  assert.equal(statuses['market']?.used, 5);
  assert.equal(statuses['market.book']?.used, 4);
  assert.throws(() => gate.acquire({ provider: 'markt', operation: 'x' }, 0), (e) => codeOf('GATE_PROVIDER_UNKNOWN')(e) && /broker, market, market\.book, news/.test((e as { occurrence: { fix: string } }).occurrence.fix));
});

test('status has both field sets, and warns from 80 %', async () => {
  const { gate, clock, metrics } = setUp();
  for (let i = 0; i < 3; i++) gate.acquire({ provider: 'news', operation: 'articles' }, 0);
  assert.equal((await gate.status('news')).warning, false);
  clock.advance(30_000);
  gate.acquire({ provider: 'news', operation: 'articles' }, 0);
  assert.deepEqual(await gate.status('news'), {
    provider: 'news',
    tier: 'default',
    used: 4,
    count: 4,
    limit: 5,
    remaining: 1,
    usagePercentage: 80,
    utilizationPercent: 80,
    resetTime: '2026-03-01T00:01:30.600Z',
    warning: true,
    blocking: false,
    backing_off_until: null,
    backend: 'memory',
    windows: [{ limit: 5, window_ms: 60_000, used: 4, remaining: 1, reserved_for_urgent: 0 }],
  });
  await metrics.registry.metrics();
  assert.equal(await metrics.value('rate_gate_quota_remaining', { provider: 'news' }), 1);
  assert.equal(await metrics.value('rate_gate_utilization_ratio', { provider: 'news' }), 0.8);
});

test('check looks, consume counts, both tell when to come back', async () => {
  const { gate, clock } = setUp();
  for (let i = 0; i < 3; i++) assert.equal((await gate.check('news')).allowed, true);
  assert.equal((await gate.consume('news', 5)).allowed, true);
  const refused = await gate.consume('news');
  assert.deepEqual([refused.allowed, refused.waitMs, refused.status.used], [false, 60_600, 5]);
  assert.equal((await gate.check('news')).waitMs, 60_600);
  clock.advance(60_600);
  assert.equal((await gate.consume('news')).allowed, true);
  await assert.rejects(gate.consume('news', 6), codeOf('GATE_WEIGHT_TOO_LARGE'));
  await assert.rejects(gate.consume('broker', 9), codeOf('GATE_WEIGHT_TOO_LARGE'), 'the normal lane has 8 of 10');
  for (const weight of [0, -1, 1.5, Number.NaN]) await assert.rejects(gate.consume('news', weight), codeOf('VALIDATION_FAILED'));
});

test('a reset is refused with the reason unless the quota blocks, or it is forced with a reason', async () => {
  const { gate, logger, timers } = setUp();
  await gate.consume('news', 3);
  await assert.rejects(gate.reset('news', {}), (e) => codeOf('GATE_NOT_BLOCKING')(e) && /used 3 of 5/.test((e as Error).message));
  await assert.rejects(gate.reset(null, {}), codeOf('GATE_NOT_BLOCKING'));
  await assert.rejects(gate.reset('news', { force: true, reason: ' ' }), codeOf('VALIDATION_FAILED'));
  assert.equal((await gate.status('news')).used, 3, 'nothing was done');
  assert.equal((await gate.reset('news', { force: true, reason: 'a new key' }))[0]?.used, 3);
  assert.equal((await gate.status('news')).used, 0);

  await gate.consume('news', 5);
  await gate.consume('broker', 2);
  let passed = false;
  const waiting = Promise.resolve(gate.acquire({ provider: 'news', operation: 'articles' }, 100_000)).then(() => (passed = true));
  const reset = await gate.reset(null, {});
  assert.deepEqual(reset.map((s) => s.provider), ['news'], 'only what blocks');
  assert.equal((await gate.status('broker')).used, 2);
  await waiting;
  assert.ok(passed, 'who waited goes at once');
  assert.equal(timers.size, 0);
  assert.equal(logger.events().filter((e) => e === 'gate_quota_reset').length, 2);
});

test("the provider's own word to stay away holds for all lanes and can be reset", async () => {
  const { gate, metrics, clock } = setUp();
  gate.backOff(broker, 30_000);
  const status = await gate.status('broker');
  assert.deepEqual([status.blocking, status.backing_off_until], [true, '2026-03-01T00:00:30.000Z']);
  await assert.rejects(async () => gate.acquire(cancel, 1_000), codeOf('GATE_QUOTA_EXHAUSTED'));
  clock.advance(30_000);
  assert.equal(gate.acquire(broker, 0), undefined);
  gate.backOff(broker, 30_000);
  await gate.reset('broker', {});
  assert.equal(gate.acquire(broker, 0), undefined);
  assert.equal(await metrics.value('rate_gate_backoff_count', { provider: 'broker' }), 3);
});

test('tiers: chosen by provider, a twin has room for a replay, an unknown one stops the start', async () => {
  assert.equal((await setUp({ tiers: { broker: 'fast' } }).gate.status('broker')).limit, 20);
  const { gate } = setUp({ tiers: { market: 'twin' } });
  for (let i = 0; i < 5_000; i++) assert.equal(gate.acquire({ provider: 'market', operation: 'book' }, 0), undefined);
  assert.equal((await gate.status('market.book')).tier, 'twin');
  assert.throws(() => setUp({ tiers: { broker: 'platinum' } }), (e) => codeOf('GATE_TIER_UNKNOWN')(e) && /default, fast, twin/.test((e as { occurrence: { fix: string } }).occurrence.fix));
});

test('closing refuses those who wait, and those who come', async () => {
  const { gate, timers } = setUp();
  for (let i = 0; i < 8; i++) gate.acquire(broker, 0);
  const waiting = assert.rejects(async () => gate.acquire(broker, 60_000), codeOf('GATE_CLOSED'));
  await timers.advance(1);
  gate.close();
  await waiting;
  assert.throws(() => gate.acquire(broker, 0), codeOf('GATE_CLOSED'));
  assert.equal(timers.size, 0);
});

test('whoever waits in whatever crowd: every caller gets an answer, within its patience, and never more than the limit passes in a window', async () => {
  const crowd = fc.array(fc.record({ atMs: fc.integer({ min: 0, max: 3_000 }), weight: fc.integer({ min: 1, max: 8 }), urgent: fc.boolean(), patienceMs: fc.integer({ min: 0, max: 4_000 }) }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(crowd, fc.boolean(), async (callers, slow) => {
      // The slow backend answers a turn of the loop later, as a shared one does.
      const { gate, timers, clock } = setUp({
        backend: (c) => {
          const memory = createMemoryBackend(c);
          return slow ? { ...memory, take: async (chain, weight, lane) => memory.take(chain, weight, lane) } : memory;
        },
      });
      const start = clock.now();
      const passed: { at: number; weight: number }[] = [];
      let answered = 0;
      for (const caller of callers.toSorted((a, b) => a.atMs - b.atMs)) {
        await timers.advance(start + caller.atMs - clock.now());
        const from = clock.now();
        const request = { provider: 'broker', operation: 'x', weight: caller.weight, lane: caller.urgent ? 'urgent' : 'normal' } as const;
        void (async () => gate.acquire(request, caller.patienceMs))()
          .then(() => passed.push({ at: clock.now(), weight: caller.weight }))
          .catch((e: unknown) => assert.ok(codeOf('GATE_QUOTA_EXHAUSTED')(e)))
          .finally(() => {
            answered += 1;
            assert.ok(clock.now() - from <= caller.patienceMs);
          });
      }
      await timers.advance(10_000);
      assert.equal(answered, callers.length);
      assert.equal(timers.size, 0);
      for (const last of passed) {
        const used = passed.filter((p) => p.at > last.at - 1_000 && p.at <= last.at).reduce((sum, p) => sum + p.weight, 0);
        assert.ok(used <= 10, `${used}`);
      }
    }),
    { numRuns: 60 },
  );
});
