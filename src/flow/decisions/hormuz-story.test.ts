/** The stage on the shipped scenario, over the real stages above it: what was decided on four days of 2026, knowing only what was known then. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { silentLogger } from '../../kernel/logging/types.ts';
import { parseInstant, systemClock, type Millis } from '../../model/time.ts';
import { readScenario, type Scenario } from '../../scenario/index.ts';
import { chokepointStates, createReality, createSeaRouter, transitSeries, type Observation, type ObservationSource } from '../reality/index.ts';
import { createSignals, linksOf, liveSignals, reliabilityOf, signalHistory, type SignalSource } from '../signals/index.ts';
import { plannerOver, upsertCustomersAndShipments, type ShippingData } from '../shipping/index.ts';
import { createRiskReader } from './risk-reader.ts';
import { createDecisions } from './service.ts';

const scenario = readScenario(join(import.meta.dirname, '../../../scenarios/hormuz-2026'));
const noEvents = { publish: async () => undefined, subscribe: () => () => undefined, subscribeAll: () => () => undefined };
const noon = (day: string): Millis => parseInstant(`${day}T12:00:00Z`);

test('Hormuz 2026: February weighs the odds against a break-even, March sees the strait shut', async () => {
  await using db = await freshDatabase();
  const played = await scenario;
  const common = { db, clock: systemClock, logger: silentLogger, metrics: testMetrics(), events: noEvents };
  const signals = createSignals({ ...common, onStored: async () => undefined, sources: [markets(played)] });
  const reality = createReality({ ...common, onChanged: async () => undefined, sources: [counts(played)] });
  const risks = createRiskReader({ liveSignals, signalHistory, linksOf, reliabilityOf, chokepointStates, occurredSignals: async () => [] });
  const planner = plannerOver(createSeaRouter());
  const decisions = createDecisions({ ...common, risks, planner, freight: null, audit: async () => undefined, onDecision: async () => undefined });
  await db.transaction((tx) => upsertCustomersAndShipments(tx, shippingOf(played), planner));
  const day = async (text: string) => {
    await signals.sweep(noon(text), 'test');
    await reality.sweep(noon(text), 'test');
    return db.transaction((tx) => decisions.evaluate(tx, { asOf: noon(text), cause: 'test', chokepoints: null, shipmentIds: null }));
  };

  const february = (await day('2026-02-14')).made.map((d) => d.content);
  assert.ok(february.length >= 3, `${february.length} Gulf shipments are weighed`);
  assert.ok(february.every((d) => d.chokepoint === 'hormuz' && [d.route.from, d.route.to].some((port) => /^(AE|QA|KW|IQ|SA|BH)/.test(port))), 'and no other');
  for (const d of february) {
    assert.ok(d.break_even !== null && d.probability < d.break_even && d.action === 'proceed', d.headline);
    assert.ok(d.probability > 0.002 && d.probability < 0.1, d.headline);
  }
  assert.ok(february.some((d) => d.deadline !== null && parseInstant(d.deadline) < parseInstant('2026-02-28T00:00:00Z')), 'one could choose otherwise until before the strikes');

  const counted = (await day('2026-03-14')).made.map((d) => d.content);
  const shut = counted.find((d) => d.shipment_reference === 'BF-26-0109');
  assert.ok(shut && shut.probability > 0.5 && shut.break_even !== null, shut?.headline);
  // Shut for twelve days, and a reopening would show in the counts six days late: no news that could come before the cut-off is worth waiting for.
  assert.ok(shut.probability > shut.break_even && shut.action === 'divert', shut.headline);
  assert.ok(!shut.causal_chain.some((c) => c.statement.includes('enrichment')), 'a price from before the closing says nothing of its end');

  const priced = (await day('2026-03-20')).made.map((d) => d.content).find((d) => d.shipment_reference === 'BF-26-0109') ?? shut;
  assert.ok(priced.action === 'divert' && priced.probability > priced.break_even!, priced.headline);
  for (const { id } of (await day('2026-03-21')).made) assert.equal((await decisions.replay(id)).same, true);
});

const markets = (s: Scenario): SignalSource => ({
  name: 'polymarket',
  kind: 'twin',
  fetch: async (asOf) =>
    s.markets.flatMap((m) => {
      const price = s.prices.filter((p) => p.marketId === m.id && p.knownAt <= asOf).at(-1);
      const closed = m.resolution !== null && m.resolution.knownAt <= asOf;
      if (!price || closed) return [];
      return [{ externalId: m.id, source: m.source, url: m.url, question: m.question, probability: price.price, horizonEnd: m.closes, liquidityUsd: m.liquidityUsd ?? 50_000, volumeUsd: null, closed, observedAt: price.observedFor, knownAt: price.knownAt, raw: `${m.id} ${price.price}` }];
    }),
});

const counts = (s: Scenario): ObservationSource => {
  const all = s.transits.flatMap((row): Observation[] => (row.counts.total === null ? [] : [{ series: transitSeries(row.chokepoint), observedFor: row.observedFor, knownAt: row.knownAt, value: row.counts.total, unit: 'vessels/day', source: 'portwatch', url: 'https://portwatch.imf.org' }]));
  return { name: 'portwatch', kind: 'twin', fetch: async (asOf, since) => all.filter((o) => o.knownAt <= asOf && (since === null || o.observedFor >= since)) };
};

const shippingOf = (s: Scenario): ShippingData => ({
  customers: s.customers.map(({ minExposure, whatsapp, ...c }) => ({ ...c, minExposureMicros: minExposure, contacts: [{ channel: 'whatsapp' as const, address: whatsapp }], riskTolerance: 'balanced' as const })),
  shipments: s.shipments.map(({ cargoValue, penaltyPerDay, penaltyFreeDays, penaltyCap, ...rest }) => ({
    ...rest, cargoValueMicros: cargoValue, status: 'booked' as const, penalty: { perDayMicros: penaltyPerDay, freeDays: penaltyFreeDays, capMicros: penaltyCap },
  })),
});
