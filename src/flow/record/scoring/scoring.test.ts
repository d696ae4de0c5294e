import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { seededUniform } from '../../../kernel/random/seeded-uniform.ts';
import { contentHash } from '../../../model/ids.ts';
import { usd } from '../../../model/money.ts';
import { poolLogOdds } from '../../../model/probability.ts';
import { neymanRoughgarden } from '../learning/theory.ts';
import { binnedBrier, brierScore, calibrationError, clusterBootstrap90, economicValue, equalCountBins, equalWidthBins, logLoss, meanExpense, murphyOf, regretOf, scoreForecaster, shouldAct, wilson90, type Scored } from './index.ts';

const close = (a: number, b: number, within = 1e-9): void => assert.ok(Math.abs(a - b) <= within, `${a} is not within ${within} of ${b}`);
const seeded = (seed: string) => seededUniform(contentHash(seed));
const outcome = fc.constantFrom(0 as const, 1 as const);
const probability = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.05, 0.1, 0.3, 0.5, 0.9, 1));
const rowsOf = (minLength: number) => fc.array(fc.record({ probability, outcome, cluster: fc.constantFrom('a', 'b', 'c', 'd', 'e') }), { minLength, maxLength: 60 });
const scored = (p: readonly number[], y: readonly number[]): Scored[] => p.map((probability_, i) => ({ probability: probability_, outcome: y[i] as 0 | 1, cluster: `c${i}` }));

const VECTORS = sharedData('risk/methods/test_vectors.json');
test('known answers: scikit-learn’s scores, the pool, the extremising of Neyman and Roughgarden, the rule of cost and loss', { skip: VECTORS === null ? 'risk/methods/test_vectors.json is not here' : false }, () => {
  const v = JSON.parse(readFileSync(VECTORS!, 'utf8')) as {
    brier_sklearn: { y: number[]; p: number[]; brier: number };
    logloss_sklearn: { y: number[]; p: number[]; logloss: number };
    logodds_pool: { p: number[]; geo_mean_odds: number; 'extremized_a2.5': number };
    neyman_roughgarden_d: Record<string, number>;
    cost_loss: { example: { C: number; L: number; alpha: number } };
  };
  close(brierScore(scored(v.brier_sklearn.p, v.brier_sklearn.y)), v.brier_sklearn.brier);
  close(logLoss(scored(v.logloss_sklearn.p, v.logloss_sklearn.y)), v.logloss_sklearn.logloss, 5e-6);
  const opinions = v.logodds_pool.p.map((p) => ({ probability: p, weight: 1 }));
  close(poolLogOdds(opinions)!, v.logodds_pool.geo_mean_odds, 1e-6);
  close(poolLogOdds(opinions, 2.5)!, v.logodds_pool['extremized_a2.5'], 1e-6);
  for (const [n, d] of Object.entries(v.neyman_roughgarden_d)) close(neymanRoughgarden(Number(n)), d, 5e-5);
  const { C, L, alpha } = v.cost_loss.example;
  close(C / L, alpha, 5e-5);
  assert.deepEqual([shouldAct(alpha - 0.001, C / L), shouldAct(alpha + 0.001, C / L)], [false, true]);
});

test('the scores are proper: nobody expects to do better than by telling the truth', () => {
  const expected = (score: (rows: Scored[]) => number, truth: number, told: number): number => truth * score(scored([told], [1])) + (1 - truth) * score(scored([told], [0]));
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (truth, told) => {
      assert.ok(expected(brierScore, truth, truth) <= expected(brierScore, truth, told) + 1e-12);
      assert.ok(expected(logLoss, truth, truth) <= expected(logLoss, truth, told) + 1e-12);
    }),
  );
});

test('Murphy’s identity holds exactly on the binned forecasts, and with the within-bin terms on the forecasts as made', () => {
  fc.assert(
    fc.property(rowsOf(1), fc.integer({ min: 1, max: 15 }), (rows, count) => {
      for (const bins of [equalWidthBins(rows, count), equalCountBins(rows, count)]) {
        const m = murphyOf(bins);
        close(binnedBrier(bins), m.reliability - m.resolution + m.uncertainty, 1e-12);
        close(brierScore(rows), m.reliability - m.resolution + m.uncertainty + m.withinBin, 1e-12);
        assert.ok(m.reliability >= 0 && m.resolution >= 0 && m.uncertainty >= 0 && m.uncertainty <= 0.25);
      }
    }),
  );
});

test('five forecasts by hand: calibration error and Murphy’s parts', () => {
  // Bins of a tenth: mean 0.15 with 1 of 2, 0.55 with 0 of 1, 0.85 with 2 of 2; the base rate is 0.6.
  const rows = scored([0.12, 0.18, 0.55, 0.83, 0.87], [0, 1, 0, 1, 1]);
  const bins = equalWidthBins(rows);
  close(calibrationError(bins), (2 * 0.35 + 0.55 + 2 * 0.15) / 5);
  const m = murphyOf(bins);
  close(m.reliability, (2 * 0.35 ** 2 + 0.55 ** 2 + 2 * 0.15 ** 2) / 5);
  close(m.resolution, (2 * 0.1 ** 2 + 0.6 ** 2 + 2 * 0.4 ** 2) / 5);
  close(m.uncertainty, 0.24);
  // Two bins of equal count: 0.12 and 0.18 and 0.55 (mean 0.28333, 1 of 3), then 0.83 and 0.87.
  close(calibrationError(equalCountBins(rows, 2)), (3 * (1 / 3 - 0.85 / 3) + 2 * 0.15) / 5);
});

test('each forecast is in one bin; equal forecasts are in the same', () => {
  fc.assert(
    fc.property(rowsOf(1), fc.integer({ min: 1, max: 15 }), (rows, count) => {
      for (const bins of [equalWidthBins(rows, count), equalCountBins(rows, count)]) {
        assert.equal(bins.reduce((n, b) => n + b.rows.length, 0), rows.length);
        assert.ok(bins.length <= count && bins.every((b) => b.rows.every((r) => r.probability >= b.low && r.probability <= b.high)));
        assert.equal(bins.flatMap((b) => [...new Set(b.rows.map((r) => r.probability))]).length, new Set(rows.map((r) => r.probability)).size);
        const ece = calibrationError(bins);
        assert.ok(ece >= 0 && ece <= 1);
      }
    }),
  );
});

test('the order of the rows changes no bit of anything', () => {
  fc.assert(
    fc.property(rowsOf(1), fc.integer(), (rows, seed) => {
      const shuffled = rows.map((row, i) => ({ row, at: Math.sin(seed + i * 7.1) })).sort((a, b) => a.at - b.at).map((x) => x.row);
      assert.deepEqual(scoreForecaster(shuffled, seeded('order')), scoreForecaster(rows, seeded('order')));
    }),
  );
});

test('a forecaster who is always right is perfect in every figure', () => {
  const s = scoreForecaster(scored([0, 1, 1, 0, 0], [0, 1, 1, 0, 0]), seeded('right'));
  assert.deepEqual([s.brier, s.ece, s.eceEqualWidth, s.murphy.reliability], [0, 0, 0, 0]);
  close(s.murphy.resolution, s.murphy.uncertainty);
  assert.ok(s.economicValue.every(({ value }) => Math.abs(value! - 1) < 1e-12));
});

test('economic value: at most 1, 0 for the base rate, null where nothing tells perfect from usual', () => {
  fc.assert(
    fc.property(rowsOf(2), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (rows, ratio) => {
      const value = economicValue(rows, ratio);
      if (value === null) return assert.equal(new Set(rows.map((r) => r.outcome)).size, 1);
      assert.ok(value <= 1 + 1e-9);
      const base = rows.filter((r) => r.outcome === 1).length / rows.length;
      close(economicValue(rows.map((r) => ({ ...r, probability: base })), ratio)!, 0);
      assert.ok(meanExpense(rows, ratio) >= 0);
    }),
  );
  // Two events in four, C/L 0.25. Forecasts that act on three of four and miss none: expense 3·0.25/4; usual min(0.25, 0.5); perfect 0.5·0.25.
  close(economicValue(scored([0.9, 0.9, 0.9, 0.1], [1, 1, 0, 0]), 0.25)!, (0.25 - 0.1875) / (0.25 - 0.125));
  assert.throws(() => economicValue(scored([0.5], [1]), 1), RangeError);
});

test('regret is never below 0, and is 0 when the best was chosen each time', () => {
  const decided = [
    { chosen: usd(100), policies: { proceed: usd(0), reroute: usd(120) } },
    { chosen: usd(50), policies: { proceed: usd(900), reroute: usd(120) } },
  ];
  assert.deepEqual(regretOf(decided), { total: usd(100), savedAgainst: { proceed: { n: 2, saved: usd(750) }, reroute: { n: 2, saved: usd(90) } } });
  assert.equal(regretOf(decided.map((d) => ({ ...d, chosen: usd(0) }))).total, 0n);
});

test('Wilson: the known interval of 0 in 10, inside 0…1, narrower with more events', () => {
  // z²/(n + z²) with z = 1.6449: 2.7055 ÷ 12.7055.
  const [low, high] = wilson90(0, 10);
  close(low, 0, 1e-12);
  close(high, 0.21294, 1e-5);
  // 5 in 10: 1.64485 ÷ 1.270554 × √(0.25 ÷ 10 + 2.705543 ÷ 400) = 0.230728 to either side of a half.
  wilson90(0.5, 10).forEach((edge, i) => close(edge, 0.5 + (i === 0 ? -1 : 1) * 0.230728, 1e-6));
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 500 }), (share, n) => {
      const [a, b] = wilson90(share, n);
      const [c, d] = wilson90(share, n * 4);
      assert.ok(a >= 0 && b <= 1 && a <= share + 1e-12 && b >= share - 1e-12 && d - c <= b - a + 1e-12);
    }),
  );
});

test('the bootstrap draws events, not rows: a hundred repeats of a row make nothing surer', () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ cluster: `e${i}`, value: (i % 5) / 5 }));
  const [low, high] = clusterBootstrap90(rows, seeded('once'))!;
  // Forty like draws: about ±1.645 × sd ÷ √40 = ±1.645 × 0.28284 ÷ 6.3246.
  assert.ok(Math.abs(high - low - 0.14713) < 0.015, `${high - low}`);
  assert.deepEqual(clusterBootstrap90(rows.flatMap((r) => Array.from({ length: 100 }, () => r)), seeded('once'))!.map((x) => x.toFixed(9)), [low, high].map((x) => x.toFixed(9)));
  assert.deepEqual(clusterBootstrap90(rows.toReversed(), seeded('once')), [low, high]);
  const asOne = clusterBootstrap90(rows.map((r, i) => ({ ...r, cluster: `e${i % 2}` })), seeded('once'))!;
  assert.ok(low < 0.4 && high > 0.4 && asOne[0] >= 0.35, 'two clusters of like mean differ little');
  assert.equal(clusterBootstrap90(rows.map((r) => ({ ...r, cluster: 'one' })), seeded('once')), null);
});
