import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY_MS } from '../../model/time.ts';
import { assessOption, type Assessment } from './assess.ts';
import { groundsOf, type Grounds } from './grounds.ts';
import { riskDraw } from './hit-probability.ts';
import type { DecisionInputs } from './inputs.ts';
import { quantile } from './interval.ts';
import { uncertainty, type Interval90 } from './monte-carlo.ts';
import { COEFFICIENT_NAMES, COEFFICIENTS, type Coefficients } from './settings.ts';
import { worldOf } from './situation.ts';
import { assessed } from './test-support/assessed.ts';
import { at, closedHormuz, europeRoutes, gulfInputs, gulfShipment, strikeRisk } from './test-support/hormuz.ts';

const FEB14 = at('2026-02-14T00:00');

/** Against `BELLWETHER_DRAWS` pseudo-random draws; a million are what the record of the choice was written from. */
const DRAWS = Number(process.env['BELLWETHER_DRAWS'] ?? 20_000);

const cases: readonly DecisionInputs[] = [
  gulfInputs(FEB14),
  gulfInputs(at('2026-03-10T00:00'), { risks: [closedHormuz()], shipment: gulfShipment({ etd: at('2026-03-01T00:00'), eta: at('2026-03-22T00:00') }) }),
  ...(['general', 'perishable'] as const).map((goodsClass) =>
    gulfInputs(FEB14, { shipment: gulfShipment({ to: 'NLRTM', goodsClass, etd: FEB14 + 9 * DAY_MS, eta: FEB14 + 39 * DAY_MS }), chokepoint: 'bab_el_mandeb', routes: europeRoutes, risks: [{ ...strikeRisk(), chokepoint: 'bab_el_mandeb' as const }] }),
  ),
];

/** Park–Miller, enough for a comparison; the rule itself draws nothing at random. */
function uniform(): () => number {
  let state = 20_231_119;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** What was computed at the lattice's points, and the same quantiles of many draws. */
function pairs(a: Assessment, g: Grounds): readonly (readonly [Interval90, Interval90])[] {
  const u = uncertainty(a, g.draws);
  const next = uniform();
  const shown = [...u.options.keys()];
  const columns = [...shown, null].map(() => new Float64Array(DRAWS));
  for (let i = 0; i < DRAWS; i++) {
    const k = Object.fromEntries(COEFFICIENT_NAMES.map((name) => [name, quantile(COEFFICIENTS[name], next())])) as Coefficients;
    const world = worldOf(a.situation, a.prepared, a.prepared.map((p) => riskDraw(p.risk, [next(), next(), next()])), k, next(), next());
    shown.forEach((o, n) => (columns[n]![i] = assessOption(o.option, world).expected));
    columns.at(-1)![i] = world.p;
  }
  const sorted = columns.map((c) => c.sort());
  const truth = sorted.map((c): Interval90 => [c[Math.floor(0.05 * DRAWS)]!, c[Math.floor(0.95 * DRAWS)]!]);
  return [...shown.map((o, n) => [u.options.get(o)!.expected, truth[n]!] as const), [u.probability, truth.at(-1)!] as const];
}

test('the interval of few, evenly spread points is that of many random draws, within a stated error', () => {
  const errors: number[] = [];
  for (const given of cases) {
    for (const [ours, truth] of pairs(assessed(given)!, groundsOf(given.risks, given.asOf))) {
      const width = truth[1] - truth[0];
      if (width > 0) errors.push(Math.abs(ours[0] - truth[0]) / width, Math.abs(ours[1] - truth[1]) / width);
    }
  }
  errors.sort((x, y) => x - y);
  const [median, worst] = [errors[Math.floor(errors.length / 2)]!, errors.at(-1)!];
  if (process.env['BELLWETHER_DRAWS']) process.stdout.write(`${DRAWS} draws, ${errors.length} ends: median error ${(100 * median).toFixed(1)} % of the width, worst ${(100 * worst).toFixed(1)} %\n`);
  assert.ok(median < 0.05, `median error ${median} of the width`);
  assert.ok(worst < 0.2, `worst error ${worst} of the width`);
});
