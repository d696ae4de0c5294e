/** The options as they are shown: one an action, money to the micro; the components of a state add up to its cost exactly. */
import { roundMicros, sumMicros, toDecimal, type Micros } from '../../model/money.ts';
import type { Assessment, AssessedOption } from './assess.ts';
import type { ComponentView, OptionView } from './content.ts';
import type { Interval90, Uncertainty } from './monte-carlo.ts';
import { COMPONENTS, type ComponentName, type Costs } from './options/index.ts';
import { COEFFICIENTS, type CoefficientName } from './settings.ts';
import { OVERLAND } from './outside-ports.ts';
import { shown } from './shown.ts';
import type { Texts } from './texts/texts.ts';
import { waitCosts } from './wait-costs.ts';

/** Which coefficients a component rests on: their sources are its source. */
const RESTS_ON: Record<ComponentName, readonly CoefficientName[]> = {
  freight: ['rerouteFreightShare', 'laneRate'], overland: ['surge'], handling: ['destinationChangePerFeu', 'relayPerFeu', 'splitPerShipment'], storage: ['storagePerFeuDay'], premium: ['warPremiumBp', 'hedgePremiumShare'],
  time: ['carryRate', 'timeValuePerDay'], spoilage: ['spoilagePerDay'], penalty: [], goods: ['goodsLossGivenHit'], emergency: ['emergencyPerFeu'], onward: [], rate_rise: ['surge', 'rateDriftPerDay'],
};

/** Joined once: the same for every decision. */
const SOURCES = Object.freeze(Object.fromEntries(Object.entries(RESTS_ON).map(([name, names]) => [name, names.map((n) => COEFFICIENTS[n].source).join('; ')]))) as Readonly<Record<ComponentName, string>>;

/** All names and sources that components have: a decision keeps them by their place in here. In one order for one version of the rule. */
export const componentWords = (texts: Texts): readonly string[] => [
  ...new Set([
    ...COMPONENTS.map((name) => texts.components[name]),
    ...Object.values(SOURCES),
    ...Object.values(texts.sources),
    COEFFICIENTS.timeValuePerDay.source,
    COEFFICIENTS.carryRate.source,
    ...Object.values(OVERLAND).flatMap((ports) => Object.values(ports).map((way) => way.source)),
  ]),
];

export function optionViews(a: Assessment, u: Uncertainty, texts: Texts): readonly OptionView[] {
  const views = shown(a).map(({ option, feasible }) => viewOf(a, option, feasible, u, texts));
  const wait = waitView(a, u, texts);
  return wait ? [...views, wait] : views;
}

function viewOf(a: Assessment, o: AssessedOption, feasible: boolean, u: Uncertainty, texts: Texts): OptionView {
  const between = u.options.get(o);
  if (!between) return absent(o, texts);
  return {
    action: o.option.action,
    title: texts.titles[o.option.action],
    expected_cost_usd: money(o.expected),
    interval_90_usd: outward(between.expected),
    ...componentViews(a, o.costs.calm, o.costs.hit, between.components, texts),
    extra_days: round(o.option.extraDays(a.world), 2),
    feasible,
    why_not: o.option.whyNot === null ? null : whyNotOf(o, texts),
  };
}

const absent = (o: AssessedOption, texts: Texts): OptionView => ({
  action: o.option.action, title: texts.titles[o.option.action], expected_cost_usd: '0.00', interval_90_usd: ['0.00', '0.00'], cost_if_calm_usd: '0.00', cost_if_hit_usd: '0.00',
  components: [], extra_days: 0, feasible: false, why_not: whyNotOf(o, texts),
});

const whyNotOf = (o: AssessedOption, texts: Texts): string => {
  const why = texts.whyNot(o.option.whyNot ?? '');
  return o.option.whyNot === 'cut_off_passed' ? `${why}: ${texts.cutOffReason(o.option.cutOffReason)}` : why;
};

function waitView(a: Assessment, u: Uncertainty, texts: Texts): OptionView | null {
  if (!a.wait) return null;
  const { calm, hit } = waitCosts(a.wait, a.world.p);
  const between = u.wait ?? [a.wait.outlook.cost, a.wait.outlook.cost];
  return {
    action: 'wait',
    title: texts.titles.wait,
    expected_cost_usd: money(a.wait.outlook.cost),
    interval_90_usd: outward(between),
    ...componentViews(a, calm, hit, new Map(), texts),
    extra_days: 0,
    feasible: true,
    why_not: null,
  };
}

type Amounts = Pick<OptionView, 'components' | 'cost_if_calm_usd' | 'cost_if_hit_usd'>;

function componentViews(a: Assessment, calm: Costs, hit: Costs, intervals: ReadonlyMap<ComponentName, Interval90>, texts: Texts): Amounts {
  const rows = COMPONENTS.flatMap((name) => {
    const row = { name, calm: roundMicros(calm[name]), hit: roundMicros(hit[name]) };
    return row.calm === 0n && row.hit === 0n ? [] : [row];
  });
  const components = rows.map(({ name, calm: whenCalm, hit: whenHit }): ComponentView => {
    const [low, high] = outward(intervals.get(name) ?? [Number(whenHit), Number(whenHit)]);
    return { name: texts.components[name], calm_usd: toDecimal(whenCalm), hit_usd: toDecimal(whenHit), low_usd: low, high_usd: high, source: sourceOf(a, name, texts) };
  });
  const sum = (pick: (r: (typeof rows)[number]) => Micros): string => toDecimal(sumMicros(rows.map(pick)));
  return { components, cost_if_calm_usd: sum((r) => r.calm), cost_if_hit_usd: sum((r) => r.hit) };
}

function sourceOf(a: Assessment, name: ComponentName, texts: Texts): string {
  if (name === 'penalty' || name === 'onward') return texts.sources[name];
  if (name === 'overland') return a.situation.overland?.way.source ?? texts.sources.judgement;
  if (name === 'time') return a.situation.terms.goods === 'time_sensitive' ? COEFFICIENTS.timeValuePerDay.source : COEFFICIENTS.carryRate.source;
  return SOURCES[name];
}

/** An interval's ends in whole cents, outward: a millionth of a dollar says nothing there, and what lies inside stays inside. */
const CENT = 10_000;
const outward = ([low, high]: Interval90): readonly [string, string] => [money(Math.floor(low / CENT) * CENT), money(Math.ceil(high / CENT) * CENT)];

const money = (micros: number): string => toDecimal(roundMicros(micros));

export function round(x: number, digits: number): number {
  const f = 10 ** digits;
  return Math.round(x * f) / f;
}
