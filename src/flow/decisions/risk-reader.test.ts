import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Executor } from '../../kernel/database/types.ts';
import { DAY_MS } from '../../model/time.ts';

import { decide } from './decide.ts';
import type { EventRisk } from './inputs.ts';
import { interval } from './interval.ts';
import { createRiskReader } from './risk-reader.ts';
import type { RiskSources, SourceLink, SourceSignal, SourceState } from './risk-sources.ts';
import { assessed } from './test-support/assessed.ts';
import { at, gulfInputs, gulfShipment } from './test-support/hormuz.ts';
import { logitVolatility } from './volatility.ts';

const FEB14 = at('2026-02-14T00:00');
const nowhere = {} as Executor; // The sources below never look at it.

const signal = (id: string, rule: string, probability: number, from: string, to: string): SourceSignal => ({
  id, source: 'polymarket', externalId: id, claim: `Question ${id}?`, probability, horizonEnd: at(to), observedAt: at(from), knownAt: at(from), classifiedBy: rule, confidence: 0.8, confidenceReasons: ['liquid'], contentHash: 'ab'.repeat(32), evidence: [{ url: 'https://polymarket.test/q' }],
});
const link = (id: string, effect: 'disrupts' | 'relieves', p: readonly [number, number, number]): SourceLink => ({
  id, version: 'links-1', chokepoint: 'hormuz', effect, probability: interval(...p), delayDays: interval(0, 2, 14), durationDays: interval(5, 21, 90), statement: id, source: 'Declared judgement',
});
const STRIKE = link('strike.hormuz', 'disrupts', [0.08, 0.25, 0.55]);
const BACK = link('hormuz.back', 'relieves', [0.7, 0.88, 0.97]);
const SHUT: SourceState = {
  id: 'hormuz',
  transits: { value: 4, observedFor: '2026-03-08', knownAt: at('2026-03-14T00:00'), baselineMean: 68.4, source: 'portwatch', url: 'https://portwatch.test' },
  lostTraffic: { expected: 0.94, low: 0.9, high: 0.97, from: '2026-03-02', to: '2026-03-08', series: 'hormuz.transits.total' },
  alarm: { id: 'alm_1', series: 'hormuz.transits.total', direction: 'down', alarmedFor: '2026-03-02', knownAt: at('2026-03-09T00:00'), statistic: 6.5 },
};

function risks(asOf: number, given: { live?: SourceSignal[]; occurred?: SourceSignal[]; states?: SourceState[] }): Promise<readonly EventRisk[]> {
  const sources: RiskSources = {
    liveSignals: async () => given.live ?? [],
    occurredSignals: async () => given.occurred ?? [],
    signalHistory: async () => given.live ?? [],
    linksOf: (s) => (s.classifiedBy === 'strike' ? [STRIKE] : s.classifiedBy === 'back' ? [BACK] : []),
    reliabilityOf: () => 0.9,
    chokepointStates: async () => given.states ?? [],
  };
  return createRiskReader(sources).eventRisks(nowhere, asOf, null);
}

test('signals of one link are claims on one event; those without a link are context', async () => {
  const live = [signal('june', 'strike', 0.525, '2026-02-09T00:00', '2026-06-30T00:00'), signal('feb', 'strike', 0.3, '2026-02-09T00:00', '2026-02-28T00:00'), signal('oil', 'none', 0.9, '2026-02-09T00:00', '2026-03-30T00:00')];
  const found = await risks(FEB14, { live });
  assert.equal(found.length, 1);
  const [risk] = found;
  assert.ok(risk?.basis.kind === 'forecast');
  assert.deepEqual(risk.basis.claims.map((c) => c.evidenceId), ['feb', 'june']);
  assert.deepEqual(risk.evidence.map((e) => `${e.kind} ${e.id}`), ['signal feb', 'signal june', 'link strike.hormuz@links-1']);
  assert.deepEqual(await risks(FEB14, { live: live.toReversed() }), found, 'in any order');
  const d = decide(gulfInputs(FEB14, { risks: found }))!;
  assert.match(d.answers.why, /A yes to “Question feb\?” has a pooled probability/);
});

test('a yes that came is a risk until counts would show it', async () => {
  const yes = signal('june', 'strike', 1, '2026-03-01T00:00', '2026-06-30T00:00');
  const [risk] = await risks(at('2026-03-02T00:00'), { occurred: [yes] });
  assert.equal(risk?.basis.kind, 'occurred');
  const inputs = gulfInputs(at('2026-03-02T00:00'), { risks: [risk!], shipment: gulfShipment({ etd: at('2026-02-15T00:00'), eta: at('2026-03-09T00:00') }) });
  const a = assessed(inputs)!;
  assert.ok(a.world.p > 0.15 && a.world.p < 0.25, `${a.world.p}`);
  assert.match(decide(inputs)!.answers.what, /It has happened/);
  assert.deepEqual(await risks(at('2026-03-25T00:00'), { occurred: [yes] }), [], 'nothing came of it');
});

test('what is seen closed is a risk, and a market on its reopening says for how long', async () => {
  const asOf = at('2026-03-20T00:00');
  const [blind] = await risks(asOf, { states: [SHUT] });
  assert.equal(blind?.id, 'hormuz.closed');
  // Closed for 18 days: e^(−30/L) is the lognormal's chance to last another month, Φ(−0.057) ÷ Φ(0.803) = 0.605.
  assert.ok(Math.abs(blind.durationDays.expected - 59.8) < 0.1, `${blind.durationDays.expected}`);
  const back = signal('back', 'back', 0.18, '2026-03-19T00:00', '2026-04-30T00:00');
  const [told] = await risks(asOf, { states: [SHUT], live: [back] });
  // 0.18 within 42 days is a hazard of 0.0047 a day; times 0.88, and two days of delay: about 244 days.
  assert.ok(told && Math.abs(told.durationDays.expected - 244) < 3, `${told?.durationDays.expected}`);
  assert.ok(told.durationDays.low < told.durationDays.expected && told.durationDays.expected < told.durationDays.high);
  const calm: SourceState = { ...SHUT, alarm: null };
  assert.deepEqual(await risks(asOf, { states: [calm] }), []);
});

test('volatility is the spread of log-odds a √day, and of a short history nothing', () => {
  const points = [0, 1, 2, 3, 4, 5].map((d) => ({ at: d * 4 * DAY_MS, probability: d % 2 === 0 ? 0.5 : 1 / (1 + Math.exp(-0.2)) }));
  // Steps of 0.2 in log-odds every four days: 0.2 ÷ √4.
  assert.ok(Math.abs(logitVolatility(points)! - 0.1) < 1e-9);
  assert.equal(logitVolatility(points.slice(0, 5)), null);
  assert.equal(logitVolatility(points.toReversed()), logitVolatility(points));
});
