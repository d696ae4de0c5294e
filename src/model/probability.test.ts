import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyOf, clampProbability, expit, freshness, hazardRate, logit, parseProbability, poolLogOdds, probabilityWithin, rescaleHorizon } from './probability.ts';

const close = (a: number, b: number, within = 1e-9): void => assert.ok(Math.abs(a - b) <= within, `${a} is not within ${within} of ${b}`);
const inner = fc.double({ min: 1e-5, max: 1 - 1e-5, noNaN: true });
const days = fc.double({ min: 0.01, max: 1_000, noNaN: true });

test('log-odds and probability are each other inverses, and rise together', () => {
  fc.assert(
    fc.property(inner, inner, (p, q) => {
      close(expit(logit(p)), p);
      if (p < q) assert.ok(logit(p) <= logit(q));
    }),
  );
  assert.equal(expit(0), 0.5);
  assert.equal(expit(-1_000), 0);
  assert.ok(Number.isFinite(logit(0)) && Number.isFinite(logit(1)));
});

test('a price by a date gives the same price back for the same time, and less for less', () => {
  fc.assert(
    fc.property(inner, days, days, (p, from, to) => {
      close(rescaleHorizon(p, from, from), p);
      const q = rescaleHorizon(p, from, to);
      assert.ok(q >= 0 && q <= 1);
      if (to < from) assert.ok(q <= p + 1e-12);
      // Two halves one after the other are the whole.
      close(anyOf([rescaleHorizon(p, from, from / 2), rescaleHorizon(p, from, from / 2)]), p);
    }),
  );
  // "By 30 June" at 0.525 on 14 February, 136 days ahead: 0.525 = 1 − e^(−136 λ), so 14 days are 1 − 0.475^(14/136).
  close(rescaleHorizon(0.525, 136, 14), 1 - 0.475 ** (14 / 136), 1e-12);
  assert.equal(probabilityWithin(0.1, -3), 0);
  assert.equal(Object.is(hazardRate(0, 5), 0), true);
});

test('pooling reproduces the published example and does not see the order', () => {
  const three = [0.6, 0.7, 0.8].map((probability) => ({ probability, weight: 1 }));
  // Satopää et al. 2014: geometric mean of odds, and extremised with a = 2.5.
  close(poolLogOdds(three) ?? Number.NaN, 0.706757, 1e-6);
  close(poolLogOdds(three, 2.5) ?? Number.NaN, 0.900179, 1e-6);
  assert.equal(poolLogOdds([]), null);
  fc.assert(
    fc.property(fc.array(fc.record({ probability: inner, weight: fc.double({ min: 1e-3, max: 10, noNaN: true }) }), { minLength: 1, maxLength: 8 }), (opinions) => {
      const p = poolLogOdds(opinions)!;
      assert.equal(poolLogOdds(opinions.toReversed()), p);
      assert.ok(p >= Math.min(...opinions.map((o) => o.probability)) - 1e-9 && p <= Math.max(...opinions.map((o) => o.probability)) + 1e-9);
    }),
  );
});

test('what is not a probability is refused', () => {
  for (const bad of [Number.NaN, -0.01, 1.01, Number.POSITIVE_INFINITY]) assert.throws(() => parseProbability(bad), RangeError);
  assert.throws(() => clampProbability(Number.NaN), RangeError);
  assert.throws(() => hazardRate(0.5, 0), RangeError);
  assert.throws(() => poolLogOdds([{ probability: 0.5, weight: 0 }]), RangeError);
  assert.equal(clampProbability(1.2), 1);
});

test('freshness halves every half-life', () => {
  assert.equal(freshness(0, 10), 1);
  assert.equal(freshness(20, 10), 0.25);
  assert.equal(freshness(-5, 10), 1);
});
