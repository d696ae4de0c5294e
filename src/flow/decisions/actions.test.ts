import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usd } from '../../model/money.ts';
import { DAY_MS } from '../../model/time.ts';
import type { AssessedOption, Assessment } from './assess.ts';
import { decide } from './decide.ts';
import type { RiskTolerance } from '../shipping/index.ts';
import type { DecisionInputs, ForecastBasis } from './inputs.ts';
import { interval } from './interval.ts';
import { lossIfHit } from './options/index.ts';
import { PREFERENCES, tailMean } from './preference.ts';
import { PARAMETERS } from './settings.ts';
import { assessed } from './test-support/assessed.ts';
import { at, europeRoutes, gulfInputs, gulfShipment, strikeRisk } from './test-support/hormuz.ts';

const FEB14 = at('2026-02-14T00:00');

/** Shanghai to Rotterdam, leaving in nine days: every option is open but the port outside. */
function europe(harm: number, overrides: Partial<DecisionInputs> = {}): DecisionInputs {
  const basis: ForecastBasis = { ...(strikeRisk().basis as ForecastBasis), harmGivenEvent: interval(harm / 2, harm, Math.min(1, harm * 1.2)) };
  const shipment = gulfShipment({ to: 'NLRTM', goodsClass: 'general', etd: FEB14 + 9 * DAY_MS, eta: FEB14 + 39 * DAY_MS });
  return gulfInputs(FEB14, { shipment, chokepoint: 'bab_el_mandeb', routes: europeRoutes, risks: [strikeRisk({ chokepoint: 'bab_el_mandeb', basis })], ...overrides });
}

const options = (a: Assessment, action: string): readonly AssessedOption[] => a.options.filter((o) => o.option.action === action);
const harms = fc.double({ min: 0.01, max: 1, noNaN: true });
const boxes = fc.integer({ min: 1, max: 200 });
const states = fc.record({ calm: fc.double({ min: 0, max: 1e12, noNaN: true }), hit: fc.double({ min: 0, max: 1e12, noNaN: true }) });
const chance = fc.double({ min: 0, max: 1, noNaN: true });

test('a split costs between its ends and its papers, and is not offered where there is nothing to divide', () => {
  fc.assert(
    fc.property(harms, boxes, (harm, containers) => {
      const a = assessed(europe(harm, { shipment: gulfShipment({ to: 'NLRTM', containers, etd: FEB14 + 9 * DAY_MS, eta: FEB14 + 39 * DAY_MS }) }))!;
      const [proceeding, round] = [a.options[0]!, options(a, 'reroute')[0]!];
      const papers = a.world.k.splitPerShipment * Number(usd(1));
      for (const s of options(a, 'split')) {
        if (s.option.whyNot === 'too_few_boxes') continue;
        for (const state of ['calm', 'hit', 'expected'] as const) {
          const [low, high] = [Math.min(proceeding[state], round[state]), Math.max(proceeding[state], round[state])];
          assert.ok(s[state] >= low + papers - 1 && s[state] <= high + papers + 1, `${state}: ${low} ≤ ${s[state] - papers} ≤ ${high}`);
        }
      }
      if (containers === 1) assert.ok(options(a, 'split').every((s) => s.option.whyNot === 'too_few_boxes'));
    }),
    { numRuns: 60 },
  );
});

test('a hedge costs its premium and never pays more than the rise in freight', () => {
  fc.assert(
    fc.property(harms, (harm) => {
      const a = assessed(europe(harm))!;
      const [fixed] = options(a, 'hedge');
      const loss = lossIfHit(a.situation, a.world).costs;
      assert.equal(fixed!.calm, fixed!.costs.calm.premium);
      const saved = a.options[0]!.hit - (fixed!.hit - fixed!.costs.hit.premium);
      assert.ok(saved >= -1 && saved <= loss.freight + 1, `${saved} of ${loss.freight}`);
    }),
    { numRuns: 40 },
  );
  assert.equal(options(assessed(gulfInputs(FEB14))!, 'hedge')[0]!.option.whyNot, 'no_other_sea_route');
});

test('the cost of acting is never inside the loss that it avoids', () => {
  fc.assert(
    fc.property(harms, (harm) => {
      const a = assessed(europe(harm))!;
      const { calm, hit } = a.options[0]!.costs;
      assert.ok(Object.values(calm).every((x) => x === 0), 'proceeding costs nothing while the passage is open');
      assert.equal(hit.premium + hit.storage + hit.rate_rise, 0);
      // Another price of acting in time leaves the loss as it is.
      const dearer = assessed(europe(harm, { onward: [{ chokepoint: 'cape_of_good_hope', inDays: 30, probability: 0.3, durationDays: 10, risksHash: 'x' }] }))!;
      assert.ok(options(dearer, 'reroute')[0]!.calm > options(a, 'reroute')[0]!.calm);
      assert.equal(dearer.options[0]!.calm, 0);
    }),
    { numRuns: 20 },
  );
});

test('a way around that leads through another risk costs more, on purpose or when sent there', () => {
  const safe = assessed(europe(0.9))!;
  const onward = [{ chokepoint: 'cape_of_good_hope' as const, inDays: 30, probability: 0.5, durationDays: 30, risksHash: 'x' }];
  const risky = assessed(europe(0.9, { onward }))!;
  assert.ok(options(risky, 'reroute')[0]!.costs.calm.onward > 0);
  assert.ok(options(risky, 'reroute')[0]!.expected > options(safe, 'reroute')[0]!.expected);
  assert.ok(risky.proceedCost >= safe.proceedCost, 'who is sent round meets it too');
  assert.match(JSON.stringify(decide(europe(0.9, { onward }))!.options), /Risk on the way around/);
});

test('the mean of the worst tenth of two outcomes', () => {
  assert.equal(tailMean({ calm: 0, hit: 100 }, 0.05, 0.1), 50);
  assert.equal(tailMean({ calm: 0, hit: 100 }, 0.4, 0.1), 100);
  assert.ok(Math.abs(tailMean({ calm: 80, hit: 20 }, 0.95, 0.1) - 50) < 1e-9, 'the calm state may be the bad one');
});

test('whatever the tolerance: acting is preferred above its break-even, and only there', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(PREFERENCES)), fc.double({ min: 0, max: 1e12, noNaN: true }), states, chance, (by, loss, acting, p) => {
      const proceeding = { calm: 0, hit: loss };
      const even = by.breakEven(proceeding, acting);
      const gain = by.score(proceeding, p, true, 0) - by.score(acting, p, false, 0);
      if (even === null) assert.ok(gain <= 1, `no break-even, and yet ${gain}`);
      else if (p > even + 1e-9) assert.ok(gain >= -1, `${gain} above`);
      else if (p < even - 1e-9) assert.ok(gain <= 1, `${gain} below`);
    }),
    { numRuns: 1_000 },
  );
});

const reader = (tolerance: RiskTolerance) => ({ reader: { tolerance } });

test('a careful customer acts at lower odds, a bold one at higher, and the answers say so where it matters', () => {
  const evens = (['conservative', 'balanced', 'aggressive'] as const).map((t) => assessed(europe(0.5, reader(t)))!.breakEven!.p);
  assert.ok(evens[0]! < evens[1]! && evens[1]! < evens[2]!, evens.join(' < '));
  let changed = 0;
  for (let harm = 0.02; harm <= 1; harm += 0.02) {
    for (const tolerance of ['conservative', 'aggressive'] as const) {
      const d = decide(europe(harm, reader(tolerance)))!;
      const neutral = decide(europe(harm))!;
      assert.equal(d.neutral_action, neutral.action);
      assert.equal(d.probability, neutral.probability, 'tolerance is no belief');
      const says = d.answers.what_to_do.includes(`risk tolerance (${tolerance}`);
      assert.equal(says, d.action !== d.neutral_action);
      if (says) changed += 1;
    }
  }
  assert.ok(changed > 0, 'somewhere it decides');
});

test('an escalation says which rule, with its figures', () => {
  const [june, feb] = (strikeRisk().basis as ForecastBasis).claims;
  const disagreeing = strikeRisk({ basis: { ...(strikeRisk().basis as ForecastBasis), claims: [{ ...june!, probability: 0.05 }, { ...feb!, probability: 0.6 }] }, confidence: 0.3 });
  const both = decide(gulfInputs(FEB14, { risks: [disagreeing] }))!;
  assert.deepEqual(both.escalations.map((e) => e.kind), ['large_and_unsure', 'sources_disagree']);
  assert.match(both.escalations[0]!.detail, /exposure is \$6,000,000 \(at least \$200,000\) and confidence \d/);
  assert.match(both.escalations[1]!.detail, /put to 30 days, one says \d.*% and another \d+%/);
  for (const e of both.escalations) assert.ok(both.escalated?.includes(e.detail));
  const faint = strikeRisk({ confidence: 0.9, basis: { ...(disagreeing.basis as ForecastBasis), claims: [{ ...june!, probability: 0.05, weight: PARAMETERS.disagreementLeastWeight / 2 }, { ...feb!, probability: 0.6 }] } });
  assert.deepEqual(decide(gulfInputs(FEB14, { risks: [faint] }))!.escalations, [], 'an old claim disagrees with nobody');
});

test('a record is short when it is both few and recent: thin is not short', () => {
  const kinds = (recordLength: number, recordDays: number) => decide(gulfInputs(FEB14, { risks: [strikeRisk({ confidence: 1, recordLength, recordDays })] }))!.escalations.map((e) => e.kind);
  assert.deepEqual(kinds(2, 3), ['short_record']);
  assert.deepEqual(kinds(3, 42), [], 'prices two weeks apart over six weeks');
  assert.deepEqual(kinds(40, 2), [], 'many within two days');
});
