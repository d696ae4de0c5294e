import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseInstant } from '../../model/time.ts';
import type { LiveSignal } from '../signals/index.ts';
import { CHOKEPOINT_STATUSES, correlate } from './correlation.ts';
import { leadMarket, riskPrice } from './lead-market.ts';
import { lostTraffic } from './lost-traffic.ts';

test('prediction against observation: one status each', () => {
  const status = (predicted: boolean, alarm: boolean, drop: number, dropLow = drop / 2) => correlate(predicted, { alarm, drop, dropLow });
  assert.equal(status(false, false, 0), 'NORMAL');
  assert.equal(status(false, false, 0.4), 'NORMAL', 'a few bad days without an alarm are noise');
  assert.equal(status(true, false, 0), 'PREDICTED_NOT_OBSERVED');
  assert.equal(status(true, false, 0.25), 'MATERIALIZING');
  assert.equal(status(true, false, 0.4, 0), 'PREDICTED_NOT_OBSERVED', 'three bad days of a noisy series');
  assert.equal(status(true, true, 0.3), 'MATERIALIZING');
  assert.equal(status(true, true, 0.5), 'CONFIRMED');
  assert.equal(status(false, true, 0.2), 'SURPRISE');
  assert.equal(status(false, true, 0.9), 'SURPRISE', 'the earlier desk called this normal at odds of 0.4');
});

test('more loss of traffic never makes a status calmer', () => {
  const alert = (s: string) => (s === 'SURPRISE' ? 3 : CHOKEPOINT_STATUSES.indexOf(s as 'NORMAL'));
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(fc.boolean(), fc.boolean(), share, share, (predicted, alarm, a, b) => assert.ok(alert(correlate(predicted, { alarm, drop: Math.max(a, b), dropLow: 0.1 })) >= alert(correlate(predicted, { alarm, drop: Math.min(a, b), dropLow: 0.1 })))));
});

const baseline = { mean: 70, sd: 14, count: 90, from: '2025-11-03', to: '2026-01-31' };
const state = (mean: number, days: number) => ({ baseline, recent: { from: '2026-03-01', to: '2026-03-05', days, mean, ratio: mean / baseline.mean }, alarms: [], standing: null });

test('lost traffic: the share that is missing, surer with more days, never outside 0…1', () => {
  const few = lostTraffic(state(7, 3))!;
  const many = lostTraffic(state(7, 7))!;
  assert.ok(Math.abs(few.expected - 0.9) < 1e-12 && few.low < many.low && few.high === 1);
  // ±1.6449 · 0.2 · √(1/3 + 1/90)
  assert.ok(Math.abs(few.low - (0.9 - 1.6449 * 0.2 * Math.sqrt(1 / 3 + 1 / 90))) < 1e-12);
  assert.deepEqual(lostTraffic(state(90, 7))!.expected, 0);
  assert.equal(lostTraffic({ baseline: null, recent: null, alarms: [], standing: null }), null);
});

const signal = (id: string, relation: LiveSignal['relation'], polarity: LiveSignal['polarity'], probability: number, classifiedBy: string, confidence = 0.8): LiveSignal =>
  ({ id, relation, polarity, probability, classifiedBy, confidence, subject: { type: 'chokepoint', id: 'hormuz' }, horizonEnd: parseInstant('2026-06-30') }) as LiveSignal;

test('what a price says of the risk', () => {
  assert.equal(riskPrice(signal('a', 'trigger', 'raises', 0.5, 'x')), 0.5);
  assert.equal(riskPrice(signal('a', 'passage', 'lowers', 0.2, 'x')), 0.8);
  assert.equal(riskPrice(signal('a', 'relief', 'lowers', 0.2, 'x')), null);
  assert.equal(riskPrice(signal('a', 'context', 'raises', 0.9, 'x')), null);
});

test('the question that implies most disruption leads, whatever the order', () => {
  const signals = [
    signal('strikes', 'trigger', 'raises', 0.525, 'iran.struck-by-us'),
    signal('closed', 'passage', 'raises', 0.04, 'hormuz.shut'),
    signal('israel', 'trigger', 'raises', 0.6, 'iran.struck-by-israel'),
    signal('ceasefire', 'relief', 'lowers', 0.1, 'iran.ceasefire'),
    signal('regime', 'context', 'raises', 0.9, 'iran.regime'),
    signal('strikes-again', 'trigger', 'raises', 0.525, 'iran.struck-by-us', 0.5),
  ];
  fc.assert(fc.property(fc.shuffledSubarray(signals, { minLength: signals.length }), (order) => assert.equal(leadMarket(order)!.signal.id, 'strikes')));
  assert.equal(leadMarket([...signals, signal('normal', 'passage', 'lowers', 0.2, 'hormuz.back-to-normal')])!.risk, 0.8);
  assert.equal(leadMarket([]), null);
  assert.equal(leadMarket(signals.slice(3, 5)), null);
});
