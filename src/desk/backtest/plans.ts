/** What each policy did with an exposure, and what that cost under what really happened. Pure. */
import { choicesAt, EXPECTED, realisedCost, type Action, type Coefficients, type FreightRate, type GivenChoice, type Outcome } from '../../flow/decisions/index.ts';
import type { ChokepointId } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import { closedAlready, metBy, type Exposure } from './book.ts';

export const POLICIES = Object.freeze(['ours', 'proceed', 'reroute', 'hindsight'] as const);
export type Policy = (typeof POLICIES)[number];

/** A decision as far as a policy follows it. */
export interface Advice {
  readonly decisionId: string;
  readonly shipmentId: string;
  readonly chokepoint: ChokepointId;
  readonly asOf: Millis;
  readonly action: Action;
  /** The variant of the action: `delay:7`. */
  readonly optionId: string;
  readonly alertWorthy: boolean;
}

/** One act: an option chosen at a time, about one of the exposure's passages. */
export interface Act {
  readonly optionId: string;
  readonly at: Millis;
  readonly chokepoint: ChokepointId;
  /** The decision that was followed; null for the other policies. */
  readonly decisionId: string | null;
}

/** Acts in order: at most one that moves the cargo, and before it covers (insurance, a fixed price). None: proceed. */
export type Plan = readonly Act[];

export interface PlanContext {
  readonly exposure: Exposure;
  /** The lane's rate when the shipment was booked: calm prices for all policies alike. */
  readonly freight: FreightRate | null;
  /** Below this share of its baseline a passage counts as closed. */
  readonly share: number;
}

const PROCEED: Plan = [];

/** By coefficients: micros, as a double. */
export type Cost = (k: Coefficients) => number;

export function costOf(plan: Plan, context: PlanContext): Cost {
  const { exposure, share } = context;
  const met = (days: number): Outcome => metBy(exposure, share, days);
  const cost = (act: Act, outcome: (days: number) => Outcome): Cost => realisedCost(givenFor(context, act.chokepoint, act.at), act.optionId, outcome, closedAlready(exposure, act.at, share));
  const move = plan.find((act) => !isCover(act.optionId));
  const covers = plan.filter((act) => isCover(act.optionId));
  // The first cover pays when the passage is met closed; what is bought besides, or before the cargo is moved, costs its premium.
  if (move) return sumOf([cost(move, met), ...covers.map((c) => cost(c, OPEN))]);
  if (covers.length > 0) return sumOf(covers.map((c, i) => cost(c, i === 0 ? met : OPEN)));
  const { chokepoint } = exposure.passages[0]!;
  return cost({ optionId: 'proceed', at: exposure.bookedAt, chokepoint, decisionId: null }, met);
}

/** Insurance and a fixed price go with the ship; everything else moves the cargo. */
const isCover = (optionId: string): boolean => optionId === 'insure' || optionId === 'hedge';
const sumOf = (costs: readonly Cost[]): Cost => (k) => costs.reduce((sum, cost) => sum + cost(k), 0);
const OPEN = (): Outcome => ({ hit: false, closedDays: 0 });

function givenFor({ exposure, freight }: PlanContext, chokepoint: ChokepointId, asOf: Millis): GivenChoice {
  const passage = exposure.passages.find((p) => p.chokepoint === chokepoint)!;
  return { asOf, shipment: exposure.shipment, chokepoint, routes: { usual: exposure.usual, avoiding: passage.avoiding }, freight };
}

/**
 * Our decisions followed as they came: insurance and hedge when first advised; the cargo moved (another way, another port, another date) at the first
 * look whose decision says so, which is before its deadline; till then, and where none does, proceeding.
 */
export function followed(exposure: Exposure, advice: readonly Advice[]): Plan {
  const about = advice
    .filter((a) => a.shipmentId === exposure.shipment.id && exposure.passages.some((p) => p.chokepoint === a.chokepoint) && a.asOf <= exposure.passages[0]!.passesAt)
    .toSorted((a, b) => a.asOf - b.asOf || (a.decisionId < b.decisionId ? -1 : 1));
  const act = (a: Advice): Act => ({ optionId: a.optionId, at: a.asOf, chokepoint: a.chokepoint, decisionId: a.decisionId });
  const move = about.find((a) => a.action !== 'proceed' && a.action !== 'wait' && !isCover(a.action));
  const first = (cover: Action) => about.find((a) => a.action === cover && (move === undefined || a.asOf < move.asOf));
  const covers = [first('insure'), first('hedge')].filter((a) => a !== undefined).toSorted((a, b) => a.asOf - b.asOf);
  return [...covers, ...(move ? [move] : [])].map(act);
}

/** Round it when booked; where there is no other way by sea, by land from a port outside; where there is none either, proceed. */
export function alwaysReroute(context: PlanContext): Plan {
  const { exposure } = context;
  const { chokepoint } = exposure.passages[0]!;
  const open = choicesAt(givenFor(context, chokepoint, exposure.bookedAt));
  const way = open.find((o) => o.id === 'reroute') ?? open.find((o) => o.id === 'divert');
  return way ? [{ optionId: way.id, at: exposure.bookedAt, chokepoint, decisionId: null }] : PROCEED;
}

/** The cheapest of everything that could be done when booked, of what the other policies did, and of proceeding: knowing what came. */
export function bestInHindsight(context: PlanContext, others: readonly Plan[]): Plan {
  const { exposure } = context;
  const { chokepoint } = exposure.passages[0]!;
  const single = choicesAt(givenFor(context, chokepoint, exposure.bookedAt))
    .filter((o) => o.action !== 'proceed')
    .map((o): Plan => [{ optionId: o.id, at: exposure.bookedAt, chokepoint, decisionId: null }]);
  let best: { readonly plan: Plan; readonly cost: number } = { plan: PROCEED, cost: costOf(PROCEED, context)(EXPECTED) };
  for (const plan of [...others, ...single]) {
    const cost = costOf(plan, context)(EXPECTED);
    if (cost < best.cost) best = { plan, cost };
  }
  return best.plan;
}

export type Plans = Readonly<Record<Policy, Plan>>;

export function plansFor(context: PlanContext, advice: readonly Advice[]): Plans {
  const ours = followed(context.exposure, advice);
  const reroute = alwaysReroute(context);
  return { ours, proceed: PROCEED, reroute, hindsight: bestInHindsight(context, [ours, reroute]) };
}
