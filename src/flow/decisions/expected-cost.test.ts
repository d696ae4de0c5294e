import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { sharedData } from '../../../test/support/shared-data.ts';
import { breakEven, expectedCost } from './expected-cost.ts';
import { outlook, perfectForesight } from './waiting.ts';

const close = (a: number, b: number, within: number): void => assert.ok(Math.abs(a - b) <= within, `${a} is not within ${within} of ${b}`);
const money = fc.double({ min: 0, max: 1e6, noNaN: true });
const states = fc.record({ calm: money, hit: money });

test('the cost–loss example: act from C ÷ L = 18.09 %', () => {
  // C = 8,500 protects wholly against L = 47,000.
  close(breakEven({ calm: 0, hit: 47_000 }, { calm: 8_500, hit: 8_500 })!, 0.1809, 5e-5);
});

test('the newsvendor: the marginal unit is left out above the same ratio', () => {
  // Price 7, cost 5 (Wikipedia, Newsvendor model): a unit too many loses 5, one too few loses 2: ratio 2 ÷ 7.
  const ratio = breakEven({ calm: 0, hit: 5 }, { calm: 2, hit: 0 })!;
  close(ratio, 0.285714, 1e-6);
  close(50 + 30 * ratio, 58.571, 1e-3);
  close(50 + 20 * normalQuantile(ratio), 38.681, 1e-3);
});

test('Dixit & Pindyck 1994, chapter 2: 600 now, 772.73 by waiting a year', () => {
  // A factory for 1,600 yields 200 now, then 300 or 100 a year for ever, at 10 %. Costs are negative values.
  const branches = [{ weight: 0.5, p: 0, price: 1 }, { weight: 0.5, p: 1, price: 1 }];
  const worth = (cash: number): number => (cash + cash / 0.1 - 1_600) / 1.1;
  const build = { calm: -worth(300), hit: -worth(100), priced: 0 };
  const now = -(200 + (0.5 * 300 + 0.5 * 100) / 0.1 - 1_600);
  close(now, -600, 1e-9);
  close(outlook(branches, [{ calm: 0, hit: 0, priced: 0 }, build]).cost, -772.73, 5e-3);
});

test('the recorded known answers are the ones above', (t) => {
  const path = sharedData('risk/methods/test_vectors.json');
  if (!path) return t.skip('needs shared data: risk/methods/test_vectors.json');
  const known = JSON.parse(readFileSync(path, 'utf8')) as { cost_loss: { example: { C: number; L: number; alpha: number } }; dixit_pindyck_ch2: { npv_wait: number }; newsvendor_wikipedia: { critical_ratio: number } };
  const { C, L, alpha } = known.cost_loss.example;
  close(breakEven({ calm: 0, hit: L }, { calm: C, hit: C })!, alpha, 5e-5);
  close(known.newsvendor_wikipedia.critical_ratio, 2 / 7, 1e-6);
  assert.equal(known.dixit_pindyck_ch2.npv_wait, 772.73);
});

test('at break-even both cost the same; above it acting costs less', () => {
  fc.assert(
    fc.property(money, states, fc.double({ min: 0, max: 1, noNaN: true }), (loss, acting, p) => {
      const proceeding = { calm: 0, hit: loss };
      const even = breakEven(proceeding, acting);
      if (even === null) assert.ok(expectedCost(acting, p) >= expectedCost(proceeding, p) - 1e-6);
      else if (p > even + 1e-9) assert.ok(expectedCost(acting, p) <= expectedCost(proceeding, p) + 1e-6);
      else if (p < even - 1e-9) assert.ok(expectedCost(acting, p) >= expectedCost(proceeding, p) - 1e-6);
    }),
  );
});

test('news can only help: waiting costs at most the best now and at least perfect foresight', () => {
  const belief = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(states, { minLength: 1, maxLength: 5 }), fc.array(fc.record({ weight: fc.integer({ min: 1, max: 9 }), p: belief }), { minLength: 1, maxLength: 5 }), (options, raw) => {
      const total = raw.reduce((s, b) => s + b.weight, 0);
      const branches = raw.map((b) => ({ weight: b.weight / total, p: b.p, price: 1 }));
      const p = branches.reduce((s, b) => s + b.weight * b.p, 0);
      const priced = options.map((o) => ({ ...o, priced: 0 }));
      const { cost } = outlook(branches, priced);
      const now = Math.min(...options.map((o) => expectedCost(o, p)));
      assert.ok(cost <= now + 1e-6 && cost >= perfectForesight(options, p) - 1e-6);
    }),
  );
});

/** By bisection of the error function's series (Abramowitz & Stegun 7.1.5). */
function normalQuantile(u: number): number {
  let low = -6;
  let high = 6;
  for (let i = 0; i < 80; i++) {
    const x = (low + high) / 2;
    let term = x;
    let sum = x;
    for (let n = 1; n < 200; n++) sum += (term *= (-x * x) / (2 * n)) / (2 * n + 1);
    if (0.5 + sum / Math.sqrt(2 * Math.PI) < u) low = x;
    else high = x;
  }
  return (low + high) / 2;
}
