/** The options as they are shown: one an action, money to the micro; the components of a state add up to its cost exactly. */
import { roundMicros, sumMicros, toDecimal, type Micros } from '../../model/money.ts';
import type { Assessment, AssessedOption } from './assess.ts';
import type { ComponentView, OptionView } from './content.ts';
import type { Interval90, Uncertainty } from './monte-carlo.ts';
import { COMPONENTS, isOpen, type Action, type ComponentName, type Costs } from './options/index.ts';
import { COEFFICIENTS, type CoefficientName } from './settings.ts';
import { cutOffReason, COMPONENT_NAMES, TITLES, whyNot } from './texts/en.ts';
import { waitCosts } from './wait-costs.ts';

/** Which coefficients a component rests on: their sources are its source. */
const RESTS_ON: Record<ComponentName, readonly CoefficientName[]> = {
  freight: ['rerouteFreightShare', 'laneRate'], overland: ['surge'], handling: ['destinationChangePerFeu', 'relayPerFeu'], storage: ['storagePerFeuDay'], premium: ['warPremiumBp'],
  time: ['carryRate', 'timeValuePerDay'], spoilage: ['spoilagePerDay'], penalty: [], goods: ['goodsLossGivenHit'], emergency: ['emergencyPerFeu'], rate_rise: ['surge', 'rateDriftPerDay'],
};

export function optionViews(a: Assessment, u: Uncertainty): readonly OptionView[] {
  const views = new Map<Action, { readonly view: OptionView; readonly feasible: boolean; readonly expected: number }>();
  for (const [i, o] of a.options.entries()) {
    const feasible = isOpen(o.option, a.situation.asOf);
    const before = views.get(o.option.action);
    // Of the variants of one action, the best that is open.
    if (before && (Number(before.feasible) > Number(feasible) || (before.feasible === feasible && before.expected <= o.expected))) continue;
    views.set(o.option.action, { view: viewOf(a, o, u.options[i]!), feasible, expected: o.expected });
  }
  const wait = waitView(a, u);
  return [...[...views.values()].map((v) => v.view), ...(wait ? [wait] : [])];
}

function viewOf(a: Assessment, o: AssessedOption, u: Uncertainty['options'][number]): OptionView {
  // What does not exist has no price; what is only too late shows what it would have cost.
  if (o.option.whyNot !== null && o.option.whyNot !== 'cut_off_passed') return absent(o);
  const components = componentViews(a, o.costs.calm, o.costs.hit, u.components);
  return {
    action: o.option.action,
    title: TITLES[o.option.action],
    expected_cost_usd: money(o.expected),
    interval_90_usd: [money(u.expected[0]), money(u.expected[1])],
    ...components,
    extra_days: round(o.option.extraDays(a.world), 2),
    feasible: isOpen(o.option, a.situation.asOf),
    why_not: o.option.whyNot === null ? null : whyNotOf(o),
  };
}

const absent = (o: AssessedOption): OptionView => ({
  action: o.option.action, title: TITLES[o.option.action], expected_cost_usd: '0.00', interval_90_usd: ['0.00', '0.00'], cost_if_calm_usd: '0.00', cost_if_hit_usd: '0.00',
  components: [], extra_days: 0, feasible: false, why_not: whyNotOf(o),
});

const whyNotOf = (o: AssessedOption): string => {
  const why = whyNot(o.option.whyNot ?? '');
  return o.option.whyNot === 'cut_off_passed' ? `${why}: ${cutOffReason(o.option.cutOffReason)}` : why;
};

function waitView(a: Assessment, u: Uncertainty): OptionView | null {
  if (!a.wait) return null;
  const { calm, hit } = waitCosts(a.wait, a.world.p);
  const between = u.wait ?? [a.wait.outlook.cost, a.wait.outlook.cost];
  return {
    action: 'wait',
    title: TITLES.wait,
    expected_cost_usd: money(a.wait.outlook.cost),
    interval_90_usd: [money(between[0]), money(between[1])],
    ...componentViews(a, calm, hit, new Map()),
    extra_days: 0,
    feasible: true,
    why_not: null,
  };
}

type Amounts = Pick<OptionView, 'components' | 'cost_if_calm_usd' | 'cost_if_hit_usd'>;

function componentViews(a: Assessment, calm: Costs, hit: Costs, intervals: ReadonlyMap<ComponentName, Interval90>): Amounts {
  const rows = COMPONENTS.flatMap((name) => {
    const row = { name, calm: roundMicros(calm[name]), hit: roundMicros(hit[name]) };
    return row.calm === 0n && row.hit === 0n ? [] : [row];
  });
  const components = rows.map(({ name, calm: whenCalm, hit: whenHit }): ComponentView => {
    const [low, high] = intervals.get(name) ?? [Number(whenHit), Number(whenHit)];
    return { name: COMPONENT_NAMES[name], calm_usd: toDecimal(whenCalm), hit_usd: toDecimal(whenHit), low_usd: money(low), high_usd: money(high), source: sourceOf(a, name) };
  });
  const sum = (pick: (r: (typeof rows)[number]) => Micros): string => toDecimal(sumMicros(rows.map(pick)));
  return { components, cost_if_calm_usd: sum((r) => r.calm), cost_if_hit_usd: sum((r) => r.hit) };
}

function sourceOf(a: Assessment, name: ComponentName): string {
  if (name === 'penalty') return "The shipment's contract terms";
  if (name === 'overland') return a.situation.overland?.way.source ?? 'declared judgement';
  const timeSensitive = a.situation.terms.goods === 'time_sensitive';
  const names = name === 'time' ? [timeSensitive ? ('timeValuePerDay' as const) : ('carryRate' as const)] : RESTS_ON[name];
  return names.map((n) => COEFFICIENTS[n].source).join('; ');
}

const money = (micros: number): string => toDecimal(roundMicros(micros));

export function round(x: number, digits: number): number {
  const f = 10 ** digits;
  return Math.round(x * f) / f;
}
