import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../model/ids.ts';
import { parseUsd, sumMicros, usd } from '../../model/money.ts';
import { DAY_MS, HOUR_MS, parseInstant } from '../../model/time.ts';
import { costOfInaction } from './assess.ts';
import type { DecisionContent } from './content.ts';
import { decide } from './decide.ts';
import { assessed } from './test-support/assessed.ts';
import { at, closedHormuz, europeRoutes, gulfInputs, gulfRoutes, gulfShipment, strikeRisk } from './test-support/hormuz.ts';
import { GOODS_CLASSES } from '../shipping/index.ts';
import type { DecisionInputs, EventRisk, ForecastBasis } from './inputs.ts';
import { interval } from './interval.ts';
import { expectedCost } from './expected-cost.ts';
import { canonicalContent, normalInputs, recordOf, type DecisionRecord } from './record.ts';
import { replayDecision } from './replay.ts';
import { perfectForesight } from './waiting.ts';

const FEB14 = at('2026-02-14T00:00');

const shipment = fc
  .record({ value: fc.integer({ min: 0, max: 50_000_000 }), boxes: fc.integer({ min: 1, max: 400 }), goods: fc.constantFrom(...GOODS_CLASSES), leaves: fc.integer({ min: -12, max: 40 }), takes: fc.integer({ min: 5, max: 50 }), perDay: fc.integer({ min: 0, max: 20_000 }), free: fc.integer({ min: 0, max: 9 }), cap: fc.integer({ min: 0, max: 500_000 }) })
  .map((r) => gulfShipment({ cargoValueMicros: usd(r.value), containers: r.boxes, goodsClass: r.goods, etd: FEB14 + r.leaves * DAY_MS, eta: FEB14 + (r.leaves + r.takes) * DAY_MS, penalty: { perDayMicros: usd(r.perDay), freeDays: r.free, capMicros: usd(r.cap) } }));

const risk = fc
  .record({ p: fc.double({ min: 0.001, max: 0.999, noNaN: true }), harm: fc.double({ min: 0, max: 1, noNaN: true }), mean: fc.integer({ min: 1, max: 100 }), days: fc.integer({ min: 1, max: 200 }) })
  .map(({ p, harm, mean, days }) =>
    strikeRisk({
      basis: { ...(strikeRisk().basis as ForecastBasis), claims: [{ evidenceId: 'sig_june', probability: p, observedAt: FEB14 - DAY_MS, horizonEnd: FEB14 + days * DAY_MS, weight: 1 }], harmGivenEvent: interval(harm / 2, harm, Math.min(1, harm * 1.5)) },
      durationDays: interval(mean / 2, mean, mean * 3),
    }),
  );

const inputs = fc.record({ shipment, risks: fc.array(fc.oneof(risk, fc.constant(closedHormuz())), { minLength: 1, maxLength: 1 }), europe: fc.boolean() }).map(
  ({ shipment: s, risks, europe }): DecisionInputs =>
    europe
      ? gulfInputs(FEB14, { shipment: { ...s, to: 'NLRTM' }, chokepoint: 'bab_el_mandeb', routes: europeRoutes, risks: risks.map((r): EventRisk => ({ ...r, chokepoint: 'bab_el_mandeb' })) })
      : gulfInputs(FEB14, { shipment: s, risks }),
).filter((i) => i.shipment.eta > FEB14 + DAY_MS && (assessed(i)?.situation.passesAt ?? 0) > FEB14);

test('for any shipment and risk: costs, bounds and deadlines hold', () => {
  fc.assert(
    fc.property(inputs, (given) => {
      const a = assessed(given)!;
      assert.ok(a.proceedCost >= 0, 'proceeding never earns');
      assert.ok(a.options.every((o) => o.calm >= 0 && o.hit >= 0 && o.priced >= 0));
      assert.ok(a.expectedCost <= a.proceedCost + 1, 'nothing advised costs more than proceeding');
      const open = a.options.filter((o) => o.option.whyNot === null);
      if (a.wait) assert.ok(a.wait.outlook.cost >= perfectForesight(open, a.world.p) - 1, 'waiting is not clairvoyant');
      assert.ok(a.expectedCost >= perfectForesight(open, a.world.p) - 1);
      if (a.deadline !== null) {
        const cutOffs = open.flatMap((o) => (o.option.cutOff === null ? [] : [o.option.cutOff]));
        assert.ok(a.deadline <= Math.max(...cutOffs), 'never after the last cut-off');
        assert.ok(a.deadline >= given.asOf && a.deadline <= a.situation.passesAt);
        if (a.action !== 'proceed' && a.action !== 'wait') assert.ok(a.deadline <= a.chosen.option.cutOff!, 'never after its own cut-off');
      }
      assert.equal(a.action !== 'proceed' && a.action !== 'wait' ? a.world.p >= (a.breakEven?.p ?? 1) - 1e-12 : true, true, 'acts only above break-even');
    }),
    { numRuns: 400 },
  );
});

test('more probability never makes acting less attractive', () => {
  fc.assert(
    fc.property(inputs, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (given, p, q) => {
      const [low, high] = [Math.min(p, q), Math.max(p, q)];
      const [proceeding, ...others] = assessed(given)!.options;
      for (const o of others) if (expectedCost(o, low) < expectedCost(proceeding!, low)) assert.ok(expectedCost(o, high) <= expectedCost(proceeding!, high) + 1e-3);
    }),
  );
});

test('doing nothing costs more the longer it lasts, and never less than nothing', () => {
  fc.assert(
    fc.property(inputs, (given) => {
      const a = assessed(given)!;
      let before = 0;
      for (let h = 6; given.asOf + h * HOUR_MS < a.situation.passesAt && h < 1_000; h *= 2) {
        const cost = costOfInaction(a, given.asOf + h * HOUR_MS);
        assert.ok(cost >= before - 1, `${cost} after ${before}`);
        before = cost;
      }
    }),
  );
});

test('money is conserved to the micro, and the interval holds the figure', () => {
  fc.assert(
    fc.property(inputs, (given) => {
      const d = decide(given)!;
      for (const o of d.options) {
        assert.equal(sumMicros(o.components.map((c) => parseUsd(c.calm_usd))), parseUsd(o.cost_if_calm_usd));
        assert.equal(sumMicros(o.components.map((c) => parseUsd(c.hit_usd))), parseUsd(o.cost_if_hit_usd));
        assert.ok(parseUsd(o.interval_90_usd[0]) <= parseUsd(o.expected_cost_usd) && parseUsd(o.expected_cost_usd) <= parseUsd(o.interval_90_usd[1]));
        const p = assessed(given)!.world.p;
        const mixed = (1 - p) * Number(parseUsd(o.cost_if_calm_usd)) + p * Number(parseUsd(o.cost_if_hit_usd));
        if (o.feasible) assert.ok(Math.abs(mixed - Number(parseUsd(o.expected_cost_usd))) <= 20, `${o.action}: ${mixed} against ${o.expected_cost_usd}`);
      }
      assert.equal(parseUsd(d.expected_cost_of_proceeding_usd) - parseUsd(d.expected_cost_usd), parseUsd(d.saving_usd));
      assert.ok(d.inaction_curve.every((c) => parseUsd(c.extra_cost_usd) >= 0n));
    }),
    { numRuns: 60 },
  );
});

const bytes = (given: DecisionInputs): string => canonicalContent(decide(given)!);

test('the order of signals and their repetition change no byte', () => {
  const base = gulfInputs(FEB14, { risks: [strikeRisk(), strikeRisk({ id: 'ceasefire:hormuz', event: 'An end of the ceasefire' })] });
  const shuffled = { ...base, risks: base.risks.toReversed().map((r) => ({ ...r, evidence: [...r.evidence.toReversed(), ...r.evidence], basis: { ...(r.basis as ForecastBasis), claims: [...(r.basis as ForecastBasis).claims.toReversed(), ...(r.basis as ForecastBasis).claims] } })) };
  assert.equal(bytes({ ...shuffled, risks: [...shuffled.risks, ...base.risks] }), bytes(base));
});

test('a kept decision replays to the same bytes, and a changed one does not', () => {
  fc.assert(
    fc.property(inputs, (given) => {
      const content = decide(given)!;
      const kept = JSON.parse(canonicalJson(recordOf(normalInputs(given), content) as unknown as Json)) as DecisionRecord;
      assert.ok(replayDecision(kept).same);
      const forged: DecisionContent = { ...content, expected_cost_usd: '1.00' };
      assert.equal(replayDecision({ ...kept, content: forged }).same, false);
      assert.throws(() => replayDecision({ ...kept, ruleVersion: 'rule_other' }), { code: 'DECISION_RULE_UNKNOWN' });
    }),
    { numRuns: 20 },
  );
});

test('Hormuz, mid-February 2026: a Gulf shipment is told to proceed, against which odds, and until when it could choose otherwise', () => {
  const d = decide(gulfInputs(FEB14))!;
  assert.equal(d.action, 'proceed');
  assert.ok(d.break_even !== null && d.probability < d.break_even, 'plainly why not: the odds are below break-even');
  assert.ok(d.deadline !== null && parseInstant(d.deadline) < at('2026-02-28T00:00'), d.deadline ?? 'none');
  assert.match(d.answers.what_to_do, /Proceed as planned\. The odds stand at 3\.3%; the port outside with the road pays from 25%/);
  assert.ok(d.probability > 0.02 && d.probability < 0.05);
});

test('Hormuz, mid-February 2026: believed to follow surely from a strike, the same shipment waits for the news', () => {
  const basis = { ...(strikeRisk().basis as ForecastBasis), harmGivenEvent: interval(0.7, 0.9, 1) };
  const d = decide(gulfInputs(FEB14, { risks: [strikeRisk({ basis })] }))!;
  assert.equal(d.action, 'wait');
  assert.ok(d.deadline !== null && parseInstant(d.deadline) < at('2026-02-28T00:00'));
  assert.ok(parseUsd(d.saving_usd) > 0n);
  assert.match(d.steps.join(' '), /quote on the port outside/);
});

test('Hormuz closed, March 2026: the cargo of a ship two days before its notice goes to Khor Fakkan', () => {
  const asOf = at('2026-03-19T00:00');
  const d = decide(gulfInputs(asOf, { risks: [closedHormuz()], shipment: gulfShipment({ etd: at('2026-03-01T00:00'), eta: at('2026-03-22T00:00') }) }))!;
  assert.ok(d.break_even !== null && d.probability > d.break_even);
  assert.ok(d.action === 'divert' || d.action === 'wait');
  assert.match(JSON.stringify(d.options.find((o) => o.action === 'divert')), /UAE/);
});

test('a passage with another way by sea offers it, with the 7.6 days of the Cape', () => {
  const d = decide(gulfInputs(FEB14, { shipment: gulfShipment({ to: 'NLRTM', etd: at('2026-03-01T00:00'), eta: at('2026-03-31T00:00') }), chokepoint: 'bab_el_mandeb', routes: europeRoutes, risks: [{ ...strikeRisk(), chokepoint: 'bab_el_mandeb' }] }))!;
  const reroute = d.options.find((o) => o.action === 'reroute')!;
  assert.ok(reroute.feasible);
  assert.ok(Math.abs(reroute.extra_days - 7.6) < 0.01);
  assert.equal(d.options.find((o) => o.action === 'divert')?.feasible, false);
  assert.equal(gulfRoutes.avoiding, null);
});
