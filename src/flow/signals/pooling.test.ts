import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData } from '../../../test/support/shared-data.ts';
import { DAY_MS, parseInstant } from '../../model/time.ts';
import { probabilityWithin } from './horizon.ts';
import { poolOpinions, type Opinion } from './pooling.ts';

const NOW = parseInstant('2026-02-20T00:00:00Z');
const opinion = (id: string, probability: number, days = 0, source = 'polymarket'): Opinion => ({ id, source, probability, observedAt: NOW - days * DAY_MS });
const near = (actual: number | null, expected: number, tolerance = 1e-6) => assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

// Satopää 2014; Baron 2014, as in the recorded vectors.
test('equal opinions pool to the geometric mean of odds, extremised as published', () => {
  const opinions = [opinion('a', 0.6), opinion('b', 0.7), opinion('c', 0.8)];
  near(poolOpinions(opinions, NOW), 0.706757);
  near(poolOpinions(opinions, NOW, { extremizing: 2.5 }), 0.900179);
});

const file = 'risk/methods/test_vectors.json';
const path = sharedData(file);
test('the recorded vectors come out', { skip: path === null && `${file} is absent` }, () => {
  const { logodds_pool: v } = JSON.parse(readFileSync(path!, 'utf8')) as { logodds_pool: { p: number[]; geo_mean_odds: number; 'extremized_a2.5': number } };
  const opinions = v.p.map((p, i) => opinion(String(i), p));
  near(poolOpinions(opinions, NOW), v.geo_mean_odds);
  near(poolOpinions(opinions, NOW, { extremizing: 2.5 }), v['extremized_a2.5']);
});

test('an opinion one half-life old counts half, an unreliable source less', () => {
  // Weights 1 and ½: logit p = (2·logit .8 + 1·logit .5) ÷ 3 = ⅔·ln 4.
  near(poolOpinions([opinion('new', 0.8), opinion('old', 0.5, 14)], NOW), 1 / (1 + 4 ** (-2 / 3)));
  const pooled = poolOpinions([opinion('a', 0.8, 0, 'polymarket'), opinion('b', 0.2, 0, 'somebody')], NOW)!;
  assert.ok(pooled > 0.5);
});

test('no opinion, no pool; one opinion is itself however old', () => {
  assert.equal(poolOpinions([], NOW), null);
  near(poolOpinions([opinion('a', 0.3, 40_000)], NOW), 0.3);
});

const arbitraryOpinion = fc.record({
  id: fc.string({ minLength: 1, maxLength: 8 }),
  source: fc.constantFrom('polymarket', 'manifold', 'x'),
  probability: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
  observedAt: fc.integer({ min: NOW - 400 * DAY_MS, max: NOW }),
});
const distinct = fc.uniqueArray(arbitraryOpinion, { selector: (o) => o.id, minLength: 1, maxLength: 12 });

test('the order of opinions changes nothing, to the bit', () => {
  fc.assert(
    fc.property(
      distinct.chain((opinions) => fc.tuple(fc.constant(opinions), fc.shuffledSubarray(opinions, { minLength: opinions.length }))),
      ([opinions, shuffled]) => assert.equal(poolOpinions(shuffled, NOW), poolOpinions(opinions, NOW)),
    ),
  );
});

test('a repeated opinion changes nothing, and the pool lies between the least and the greatest', () => {
  fc.assert(
    fc.property(distinct, fc.nat(), (opinions, pick) => {
      const pooled = poolOpinions(opinions, NOW)!;
      assert.equal(poolOpinions([...opinions, opinions[pick % opinions.length]!], NOW), pooled);
      const ps = opinions.map((o) => o.probability);
      assert.ok(pooled >= Math.min(...ps) - 1e-9 && pooled <= Math.max(...ps) + 1e-9);
    }),
  );
});

const strikes = { probability: 0.525, observedAt: parseInstant('2026-02-09T00:00:00Z'), horizonEnd: parseInstant('2026-06-30T00:00:00Z') };

test('a price by 30 June in other windows: λ = −ln(1 − p) ÷ T', () => {
  near(probabilityWithin(strikes, strikes.observedAt, strikes.horizonEnd), 0.525, 1e-12);
  // 141 days to the horizon; in 30 of them 1 − 0.475^(30/141).
  near(probabilityWithin(strikes, strikes.observedAt + 10 * DAY_MS, strikes.observedAt + 40 * DAY_MS), 1 - 0.475 ** (30 / 141), 1e-12);
  assert.equal(probabilityWithin(strikes, strikes.observedAt - 9 * DAY_MS, strikes.observedAt), 0, 'before the price nothing is said');
  assert.equal(probabilityWithin(strikes, strikes.horizonEnd, strikes.observedAt), 0, 'an empty window');
  assert.throws(() => probabilityWithin({ ...strikes, horizonEnd: strikes.observedAt }, 0, 1), RangeError);
});

test('windows compose: none in the whole is none in each part; a longer one is never less likely', () => {
  const span = strikes.horizonEnd - strikes.observedAt;
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.nat(span), fc.nat(span), fc.nat(span), (probability, ...offsets) => {
      const [a, b, c] = offsets.sort((x, y) => x - y).map((o) => strikes.observedAt + o) as [number, number, number];
      const priced = { ...strikes, probability };
      const none = (from: number, to: number) => 1 - probabilityWithin(priced, from, to);
      near(none(a, c), none(a, b) * none(b, c), 1e-9);
      assert.ok(probabilityWithin(priced, a, c) >= probabilityWithin(priced, a, b) - 1e-12);
    }),
  );
});
