/** The record's pool and the decisions' pool are one arithmetic in two stages: here they are held together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Executor } from '../../kernel/database/types.ts';
import { probabilityWithin } from '../../model/probability.ts';
import { DAY_MS, parseInstant } from '../../model/time.ts';
import { decide } from '../decisions/decide.ts';
import { prepareRisk } from '../decisions/hit-probability.ts';
import { createRiskReader, interval, type EventRisk, type SourceSignal } from '../decisions/index.ts';
import { recordOf, normalInputs } from '../decisions/record.ts';
import { replayDecision } from '../decisions/replay.ts';
import { gulfInputs } from '../decisions/test-support/hormuz.ts';
import { poolQuestion, type Opinion } from './pooling.ts';
import type { PoolingInUse } from './pooling-store.ts';

const NOW = parseInstant('2026-02-14T00:00:00Z');
const nowhere = {} as Executor; // The sources below never look at it.
const inUse = (change: Partial<PoolingInUse> = {}): PoolingInUse => ({ version: 'pool_1', use: 'pooled', extremizing: 1, reliabilityOf: (source) => (source === 'a' ? 0.9 : 0.4), learntUntil: null, why: null, ...change });

const signalOf = (o: Opinion, i: number): SourceSignal => ({
  id: `s${i}`, source: o.source, externalId: `q${i}`, claim: `Question ${i}?`, probability: o.probability, observedAt: NOW - o.ageDays * DAY_MS, knownAt: NOW - o.ageDays * DAY_MS, horizonEnd: NOW + (o.days - o.ageDays) * DAY_MS,
  classifiedBy: 'strike', confidence: 0.5 + i / 100, confidenceReasons: [], contentHash: 'ab'.repeat(32), evidence: [{ url: 'https://market.test/q' }],
});

async function riskOf(opinions: readonly Opinion[], pooling?: PoolingInUse): Promise<EventRisk> {
  const live = opinions.map(signalOf);
  const reader = createRiskReader(
    {
      liveSignals: async () => live,
      occurredSignals: async () => [],
      signalHistory: async () => live,
      linksOf: () => [{ id: 'strike.hormuz', version: 'links-1', chokepoint: 'hormuz', effect: 'disrupts', probability: interval(0.08, 0.25, 0.55), delayDays: interval(0, 2, 14), durationDays: interval(5, 21, 90), statement: 'harm', source: 'Declared judgement' }],
      reliabilityOf: () => 0.9,
      chokepointStates: async () => [],
    },
    pooling && (async () => pooling),
  );
  const [risk] = await reader.eventRisks(nowhere, NOW, null);
  return risk!;
}

const opinion = fc.record({ source: fc.constantFrom('a', 'b'), probability: fc.double({ min: 0.01, max: 0.9, noNaN: true }), ageDays: fc.integer({ min: 0, max: 20 }), days: fc.integer({ min: 30, max: 200 }) });

test('what the record scores as the pool is what the decisions went by, for any a and any weights', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(opinion, { minLength: 1, maxLength: 5 }), fc.double({ min: 0.5, max: 2.5, noNaN: true }), async (opinions, extremizing) => {
      const pooling = inUse({ extremizing });
      const prepared = prepareRisk(await riskOf(opinions, pooling), NOW)!;
      const own = opinions[0]!.days;
      const scored = poolQuestion(opinions, own, pooling)!;
      assert.ok(Math.abs(scored - probabilityWithin(prepared.hazardPerDay, own)) < 1e-4, `${scored} and ${probabilityWithin(prepared.hazardPerDay, own)}`);
    }),
  );
});

test('one opinion with a = 1 is the raw price to the bit; two of one price are that price', () => {
  fc.assert(
    fc.property(opinion, (o) => {
      assert.equal(poolQuestion([o], o.days, inUse()), o.probability);
      assert.ok(Math.abs(poolQuestion([o, o], o.days, inUse())! - o.probability) < 1e-4);
    }),
  );
  assert.equal(poolQuestion([], 10, inUse()), null);
});

const OPINIONS: readonly Opinion[] = [
  { source: 'b', probability: 0.2, ageDays: 1, days: 60 },
  { source: 'a', probability: 0.5, ageDays: 1, days: 60 },
  { source: 'a', probability: 0.4, ageDays: 1, days: 60 },
];

test('a pool that is switched off leaves the lead market alone, as it was told, and says so', async () => {
  const risk = await riskOf(OPINIONS, inUse({ use: 'market', extremizing: 2 }));
  assert.ok(risk.basis.kind === 'forecast');
  assert.deepEqual(risk.basis.claims.map((c) => [c.evidenceId, c.probability]), [['s2', 0.4]], 'the heaviest, and of equals the more confident');
  assert.match(risk.evidence.at(-1)!.statement, /^Pooling is switched off/);
  const pooled = await riskOf(OPINIONS, inUse({ extremizing: 2 }));
  assert.ok(pooled.basis.kind === 'forecast' && pooled.basis.claims.length === 3 && pooled.basis.claims[0]!.probability < 0.2, 'pushed away from one half');
  assert.deepEqual((await riskOf(OPINIONS)).basis, (await riskOf(OPINIONS, inUse({ reliabilityOf: () => 0.9 }))).basis, 'as shipped it changes nothing');
});

test('a decision names the pooling that it went through, and computes again to the same bytes', async () => {
  for (const pooling of [inUse(), inUse({ extremizing: 1.7, version: 'pool_2' }), inUse({ use: 'market' })]) {
    const inputs = normalInputs(gulfInputs(NOW, { risks: [await riskOf(OPINIONS, pooling)] }));
    const content = decide(inputs)!;
    assert.ok(content.inputs.some((i) => i.id === `pooling@${pooling.version}:${pooling.use}`));
    const record = recordOf(inputs, content);
    const kept = JSON.parse(JSON.stringify(record, (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v))) as typeof record;
    assert.equal(replayDecision(kept).same, true);
  }
});
