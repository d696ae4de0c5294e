/**
 * The rule on one shipment at one passage or corridor: every option's expected cost, break-even, the value of waiting, the action and its deadline.
 * At the medians of everything uncertain, and cheap: it runs for every shipment that a change touches. Intervals and words are `decide.ts`.
 */
import { DAY_MS, HOUR_MS, type Millis } from '../../model/time.ts';
import type { Part } from './corridor.ts';
import { expectedCost } from './expected-cost.ts';
import type { PreparedRisk, RiskDraw } from './hit-probability.ts';
import type { DecisionInputs } from './inputs.ts';
import { PREFERENCES, type Preference } from './preference.ts';
import { isOpen, optionsFor, totalOf, type Action, type Option, type StateCosts } from './options/index.ts';
import { USD } from './options/loss-if-hit.ts';
import { EXPECTED, PARAMETERS } from './settings.ts';
import { situationOf, worldOf, type Situation, type World } from './situation.ts';
import { cheapest, costAt, news, outlook, scoreAt, type Branch, type Outlook, type PricedOption } from './waiting.ts';

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
  /** What options are compared by. */
  readonly by: Preference;
  /** What expected cost alone would advise; another than `action` only where the customer is not balanced. */
  readonly neutral: Action;
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

/** As the grounds have them. */
interface RisksAtMedians {
  readonly prepared: readonly PreparedRisk[];
  readonly parts: readonly Part[];
  readonly medians: readonly RiskDraw[];
}

/**
 * @param risks the inputs' own, in the order of their ids, and their medians @param least a probability of a hit below which nothing is judged
 * @returns null when no risk speaks of the leading passage any more
 */
export function assess(inputs: DecisionInputs, { prepared, parts, medians }: RisksAtMedians, least = 0): Assessment | null {
  if (!parts.some((part) => part.chokepoint === inputs.chokepoint)) return null;
  const situation = situationOf(inputs, parts);
  const world = worldOf(situation, prepared, medians, EXPECTED, 0.5, 0.5);
  if (world.p < least) return null;
  const options = optionsFor(situation).map((option) => assessOption(option, world));
  const scene: Scene = { situation, prepared, world, options, by: PREFERENCES[inputs.reader?.tolerance ?? 'balanced'] };
  return judge(scene);
}

/** What does not depend on the customer's tolerance, and the tolerance. */
type Scene = Pick<Assessment, 'situation' | 'prepared' | 'world' | 'options' | 'by'>;

function judge(scene: Scene): Assessment {
  const { by, options } = scene;
  const open = openAt(options, scene.situation.asOf);
  const proceeding = open[0]!;
  const choice = choose(scene, open);
  const neutral = by.tolerance === 'balanced' ? choice.action : choose({ ...scene, by: PREFERENCES.balanced }, open).action;
  const base = { ...scene, ...choice, neutral, breakEven: lowestBreakEven(proceeding, open, by), proceedCost: proceeding.expected };
  return { ...base, expectedCost: choice.wait ? choice.wait.outlook.cost : choice.chosen.expected, ...deadlineOf(base) };
}

/** The best present choice, or to wait where that is better by more than the materiality. */
function choose(scene: Scene, open: readonly AssessedOption[]): Pick<Assessment, 'action' | 'chosen' | 'wait'> {
  const { by, world } = scene;
  const best = cheapest(open, world.p, 1, by);
  const chosen = open[best]!;
  const wait = bestWait(scene);
  const materiality = Math.max(PARAMETERS.waitMaterialityUsd * USD, PARAMETERS.waitMaterialityShare * chosen.expected);
  const waits = wait !== null && wait.outlook.score < scoreAt(open, best, world.p, 1, by) - materiality;
  return { action: waits ? 'wait' : chosen.option.action, chosen, wait: waits ? wait : null };
}

export function assessOption(option: Option, world: World): AssessedOption {
  const costs = option.costs(world);
  const calm = totalOf(costs.calm);
  const hit = totalOf(costs.hit);
  return { option, costs, calm, hit, priced: costs.priced, expected: expectedCost({ calm, hit }, world.p) };
}

/** Proceeding is best as long as p is below the lowest break-even of all options that are open. */
function lowestBreakEven(proceeding: AssessedOption, open: readonly AssessedOption[], by: Preference): Assessment['breakEven'] {
  let lowest: Assessment['breakEven'] = null;
  for (const option of open.slice(1)) {
    const p = by.breakEven(proceeding, option);
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
function bestWait({ situation: s, prepared, world, options, by }: Scene): WaitPlan | null {
  const plans = choiceTimes(options, s.asOf).map((until): WaitPlan => {
    const open = openAt(options, until);
    const branches = news(s, world, prepared, (until - s.asOf) / DAY_MS);
    return { until, branches, open, outlook: outlook(branches, open, by) };
  });
  let least: WaitPlan | null = null;
  for (const plan of plans) if (least === null || plan.outlook.score < least.outlook.score) least = plan;
  if (least === null) return null;
  const within = least.outlook.score + slack(least.outlook.cost);
  let latest = least;
  for (const plan of plans) {
    if (plan.until <= least.until) continue;
    if (plan.outlook.score > within) break;
    latest = plan;
  }
  return latest;
}

/** What putting off may cost before it counts. */
const slack = (cost: number): number => Math.max(PARAMETERS.deadlineToleranceUsd * USD, PARAMETERS.deadlineToleranceShare * cost);

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
  const limit = slack(a.chosen.expected);
  const costly = (at: Millis): boolean => inaction(a, at).score > limit;
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
 * What doing nothing until `at` costs: that of the best option still open then, less that of the best now. In micros, at least 0.
 * Beliefs keep their mean, so only closed options and dearer prices count.
 */
export const costOfInaction = (a: Scene, at: Millis): number => inaction(a, at).cost;

/** The same in expected cost, which is shown, and in what the customer chooses by, which sets the deadline. */
function inaction({ situation, prepared, world, options, by }: Scene, at: Millis): { readonly cost: number; readonly score: number } {
  const now = openAt(options, situation.asOf);
  const price = news(situation, world, prepared, (at - situation.asOf) / DAY_MS).reduce((sum, b) => sum + b.weight * b.price, 0);
  const later = openAt(options, at);
  const [best, left] = [cheapest(now, world.p, 1, by), cheapest(later, world.p, price, by)];
  return {
    cost: Math.max(0, costAt(later[left]!, world.p, price) - now[best]!.expected),
    score: Math.max(0, scoreAt(later, left, world.p, price, by) - scoreAt(now, best, world.p, 1, by)),
  };
}
