/**
 * The rule on one shipment at one passage: every option's expected cost, break-even, the value of waiting, the action and its deadline.
 * At the medians of everything uncertain, and cheap: it runs for every shipment that a change touches. Intervals and words are `explain.ts`.
 */
import { DAY_MS, HOUR_MS, type Millis } from '../../model/time.ts';
import { breakEven, expectedCost } from './expected-cost.ts';
import { medianDraw, prepareRisk, type PreparedRisk } from './hit-probability.ts';
import type { DecisionInputs } from './inputs.ts';
import { isOpen, optionsFor, totalOf, type Action, type Option, type StateCosts } from './options/index.ts';
import { USD } from './options/loss-if-hit.ts';
import { EXPECTED, PARAMETERS } from './settings.ts';
import { situationOf, worldOf, type Situation, type World } from './situation.ts';
import { cheapest, costAt, news, outlook, type Branch, type Outlook, type PricedOption } from './waiting.ts';

/** An option with its costs at the medians. */
export interface AssessedOption extends PricedOption {
  readonly option: Option;
  readonly costs: StateCosts;
  readonly expected: number;
}

export interface WaitPlan {
  /** When one would decide. */
  readonly until: Millis;
  readonly branches: readonly Branch[];
  /** The options still open then; `outlook.choices` index into it. */
  readonly open: readonly AssessedOption[];
  readonly outlook: Outlook;
}

export type DeadlineReason = 'waiting_costs_more' | 'option_closes' | 'last_change_of_mind' | 'nothing_to_choose';

export interface Assessment {
  readonly situation: Situation;
  readonly prepared: readonly PreparedRisk[];
  readonly world: World;
  /** Proceeding first. */
  readonly options: readonly AssessedOption[];
  readonly action: Action;
  /** What is advised, or for `wait` what would be best if one had to choose now. */
  readonly chosen: AssessedOption;
  readonly wait: WaitPlan | null;
  /** p* between proceeding and the option that first beats it; null when none does at any probability. */
  readonly breakEven: { readonly p: number; readonly option: AssessedOption } | null;
  /** Micros, as doubles. */
  readonly expectedCost: number;
  readonly proceedCost: number;
  readonly deadline: Millis | null;
  readonly deadlineReason: DeadlineReason;
  /** The option whose closing the deadline is, if it is one. */
  readonly closing: AssessedOption | null;
}

/** @returns null when no risk speaks any more */
export function assess(inputs: DecisionInputs): Assessment | null {
  const prepared = prepareRisks(inputs);
  if (prepared.length === 0) return null;
  const situation = situationOf(inputs);
  const world = worldOf(situation, prepared, prepared.map((p) => medianDraw(p.risk)), EXPECTED, 0.5, 0.5);
  return judge(situation, prepared, world);
}

/** In the order of their ids, so that no order of arrival shows. */
export function prepareRisks(inputs: Pick<DecisionInputs, 'risks' | 'asOf'>): readonly PreparedRisk[] {
  return inputs.risks.toSorted((a, b) => (a.id < b.id ? -1 : 1)).flatMap((risk) => prepareRisk(risk, inputs.asOf) ?? []);
}

function judge(situation: Situation, prepared: readonly PreparedRisk[], world: World): Assessment {
  const options = optionsFor(situation).map((option) => assessOption(option, world));
  const open = options.filter((o) => isOpen(o.option, situation.asOf));
  const proceeding = open[0]!;
  const best = open[cheapest(open, world.p)]!;
  const wait = bestWait(situation, prepared, world, options);
  const materiality = Math.max(PARAMETERS.waitMaterialityUsd * USD, PARAMETERS.waitMaterialityShare * best.expected);
  const waits = wait !== null && wait.outlook.cost < best.expected - materiality;
  const even = lowestBreakEven(proceeding, open);
  const base = { situation, prepared, world, options, chosen: best, wait: waits ? wait : null, breakEven: even, proceedCost: proceeding.expected };
  const action: Action = waits ? 'wait' : best.option.action;
  return { ...base, action, expectedCost: waits ? wait.outlook.cost : best.expected, ...deadlineOf({ ...base, action }) };
}

export function assessOption(option: Option, world: World): AssessedOption {
  const costs = option.costs(world);
  const calm = totalOf(costs.calm);
  const hit = totalOf(costs.hit);
  return { option, costs, calm, hit, priced: costs.priced, expected: expectedCost({ calm, hit }, world.p) };
}

/** Proceeding is best as long as p is below the lowest break-even of all options that are open. */
function lowestBreakEven(proceeding: AssessedOption, open: readonly AssessedOption[]): Assessment['breakEven'] {
  let lowest: Assessment['breakEven'] = null;
  for (const option of open.slice(1)) {
    const p = breakEven(proceeding, option);
    if (p !== null && (lowest === null || p < lowest.p)) lowest = { p, option };
  }
  return lowest;
}

/** Hours from now at which choosing later is tried, besides each option's cut-off. */
const HOURS = [6, 12, 24, 48, 72, 96, 120, 168, 240, 336, 504, 720];

/** Times at which one could choose later, up to the last cut-off of a way out. */
export function choiceTimes(options: readonly AssessedOption[], asOf: Millis): readonly Millis[] {
  const cutOffs = options.flatMap(({ option }) => (option.whyNot === null && option.cutOff !== null && option.cutOff > asOf ? [option.cutOff] : []));
  const last = Math.max(asOf, ...cutOffs);
  const times = new Set([...HOURS.map((h) => asOf + h * HOUR_MS).filter((t) => t < last), ...cutOffs]);
  return [...times].sort((a, b) => a - b);
}

const openAt = (options: readonly AssessedOption[], at: Millis): readonly AssessedOption[] => options.filter((o) => isOpen(o.option, at));

/** The time to decide at which the expected cost is least; the latest of those that cost the same within the tolerance. */
function bestWait(s: Situation, prepared: readonly PreparedRisk[], world: World, options: readonly AssessedOption[]): WaitPlan | null {
  const plans = choiceTimes(options, s.asOf).map((until): WaitPlan => {
    const open = openAt(options, until);
    const branches = news(s, world, prepared, (until - s.asOf) / DAY_MS);
    return { until, branches, open, outlook: outlook(branches, open) };
  });
  let least: WaitPlan | null = null;
  for (const plan of plans) if (least === null || plan.outlook.cost < least.outlook.cost) least = plan;
  if (least === null) return null;
  const within = least.outlook.cost + tolerance(least.outlook.cost);
  let latest = least;
  for (const plan of plans) {
    if (plan.until <= least.until) continue;
    if (plan.outlook.cost > within) break;
    latest = plan;
  }
  return latest;
}

export const tolerance = (cost: number): number => Math.max(PARAMETERS.deadlineToleranceUsd * USD, PARAMETERS.deadlineToleranceShare * cost);

type Undated = Omit<Assessment, 'deadline' | 'deadlineReason' | 'closing' | 'expectedCost'>;

/** Never after the cut-off of what is advised: the first time at which putting it off stops paying, or that cut-off. */
function deadlineOf(a: Undated): Pick<Assessment, 'deadline' | 'deadlineReason' | 'closing'> {
  if (a.action === 'wait' && a.wait) {
    const until = a.wait.until;
    const closing = a.wait.open.find((o) => o.option.cutOff === until) ?? null;
    return { deadline: until, deadlineReason: closing ? 'option_closes' : 'waiting_costs_more', closing };
  }
  if (a.action === 'proceed') {
    const other = a.breakEven?.option ?? null;
    return other ? { deadline: other.option.cutOff, deadlineReason: 'last_change_of_mind', closing: other } : { deadline: null, deadlineReason: 'nothing_to_choose', closing: null };
  }
  const cutOff = a.chosen.option.cutOff ?? a.situation.passesAt;
  const until = firstCostly(a, cutOff);
  return until < cutOff ? { deadline: until, deadlineReason: 'waiting_costs_more', closing: null } : { deadline: cutOff, deadlineReason: 'option_closes', closing: a.chosen };
}

/** The hour at which putting off has cost more than the tolerance, at most `cutOff`. */
function firstCostly(a: Undated, cutOff: Millis): Millis {
  const limit = tolerance(a.chosen.expected);
  const costly = (at: Millis): boolean => costOfInaction(a, at) > limit;
  if (!costly(cutOff)) return cutOff;
  let fine = a.situation.asOf;
  let over = cutOff;
  while (over - fine > HOUR_MS) {
    const middle = fine + Math.floor((over - fine) / 2);
    if (costly(middle)) over = middle;
    else fine = middle;
  }
  return fine;
}

/**
 * What doing nothing until `at` costs: expected cost of the best option still open then, less that of the best now. In micros, at least 0.
 * Beliefs keep their mean, so only closed options and dearer prices count.
 */
export function costOfInaction(a: Pick<Assessment, 'situation' | 'prepared' | 'world' | 'options'>, at: Millis): number {
  const { situation, world, prepared, options } = a;
  const now = openAt(options, situation.asOf);
  const price = news(situation, world, prepared, (at - situation.asOf) / DAY_MS).reduce((sum, b) => sum + b.weight * b.price, 0);
  const later = openAt(options, at);
  const least = later[cheapest(later, world.p, price)]!;
  return Math.max(0, costAt(least, world.p, price) - Math.min(...now.map((o) => o.expected)));
}
