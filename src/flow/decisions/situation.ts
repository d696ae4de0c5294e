/** What the options of one shipment at one passage depend on, and one state of the uncertain figures (medians or a draw). */
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import { costTerms, type CostTerms } from './delay-cost.ts';
import { corridorProbability, type Part } from './corridor.ts';
import { closedProbability, combined, type PreparedRisk, type RiskDraw } from './hit-probability.ts';
import type { DecisionInputs, OnwardRisk } from './inputs.ts';
import type { Loss, StateCosts } from './options/costs.ts';
import { overlandFor, type Overland } from './outside-ports.ts';
import { PARAMETERS, type Coefficients } from './settings.ts';
import { passageTime, phaseAt, sailedFraction, type Phase, type SeaRoute, type Shipment } from '../shipping/index.ts';

export interface Situation {
  readonly asOf: Millis;
  readonly shipment: Shipment;
  readonly chokepoint: ChokepointId;
  readonly phase: Phase;
  /** The leading passage, by schedule. */
  readonly passesAt: Millis;
  readonly passInDays: number;
  /** The first passage of the corridor that is threatened: until before it a ship can still be turned. */
  readonly entersAt: Millis;
  /** The passages of the corridor that are threatened. */
  readonly legs: readonly Leg[];
  readonly terms: CostTerms;
  /** The way by sea without the passage: how much longer, and what a ship under way has sailed since the ways part. Null: there is none. */
  readonly detour: { readonly extraNm: number; readonly sailedSinceForkNm: number } | null;
  /** The way by land: to the destination behind the passage, or from the origin behind it. */
  readonly overland: { readonly way: Overland; readonly side: 'destination' | 'origin' } | null;
  /** Dollars a FEU, or null where no series covers the lane. */
  readonly laneRate: number | null;
  /** Risks on the way around. */
  readonly onward: readonly OnwardRisk[];
}

/** A passage, its risks, and when the ship is there. */
export interface Leg extends Part {
  readonly passesAt: Millis;
  readonly passInDays: number;
}

/**
 * @param parts of the inputs' risks; left out where their probability is not asked for
 * @throws RangeError when the route does not use a passage: exposure is asked first
 */
export function situationOf(inputs: DecisionInputs, parts: readonly Part[] = []): Situation {
  const { asOf, shipment, chokepoint, routes } = inputs;
  const passesAt = timeAt(inputs, chokepoint);
  const legs = parts.map((part): Leg => {
    const at = timeAt(inputs, part.chokepoint);
    return { ...part, passesAt: at, passInDays: (at - asOf) / DAY_MS };
  });
  const inward = overlandFor(chokepoint, shipment.to);
  const outward = overlandFor(chokepoint, shipment.from);
  return {
    asOf,
    shipment,
    chokepoint,
    phase: phaseAt(shipment, asOf),
    passesAt,
    passInDays: (passesAt - asOf) / DAY_MS,
    entersAt: Math.min(passesAt, ...legs.map((leg) => leg.passesAt)),
    legs,
    terms: costTerms(shipment),
    detour: routes.avoiding ? detour(routes.usual, routes.avoiding, chokepoint, sailedFraction(shipment, asOf)) : null,
    // Both behind the same passage: the ship never goes through it, so one of the two is null wherever it matters.
    overland: inward ? { way: inward, side: 'destination' } : outward ? { way: outward, side: 'origin' } : null,
    laneRate: inputs.freight?.usdPerFeu ?? null,
    onward: inputs.onward ?? [],
  };
}

function timeAt({ shipment, routes }: DecisionInputs, chokepoint: ChokepointId): Millis {
  const at = passageTime(shipment, routes.usual, chokepoint);
  if (at === null) throw new RangeError(`${shipment.id} does not pass ${chokepoint}`);
  return at;
}

/** The ways part after the last passage before the closed one that both have in common (or at departure). */
function detour(usual: SeaRoute, avoiding: SeaRoute, chokepoint: ChokepointId, sailed: number): NonNullable<Situation['detour']> {
  const closedAt = usual.passages.find((p) => p.id === chokepoint)?.fraction ?? 0;
  const shared = usual.passages.filter((p) => p.fraction < closedAt && avoiding.passages.some((q) => q.id === p.id)).map((p) => p.fraction);
  const fork = Math.max(0, ...shared);
  return { extraNm: Math.max(0, avoiding.distanceNm - usual.distanceNm), sailedSinceForkNm: Math.max(0, sailed - fork) * usual.distanceNm };
}

/** One state of everything uncertain. */
export interface World {
  readonly k: Coefficients;
  readonly draws: readonly RiskDraw[];
  /** P(hit): one of the passages is closed when the ship gets there. */
  readonly p: number;
  /** The same of each leg alone. */
  readonly each: readonly number[];
  /** Which risk of the leading passage is the likeliest to hit. */
  readonly dominant: number;
  /** Mean days closed, of the likeliest risk. */
  readonly durationDays: number;
  /** True once it is over: then the days are what they were, not the mean of what they may be. */
  readonly durationKnown?: boolean;
  /** The price of a way out now, as a multiple of the calm one: it has jumped already where the event has happened or the passage is seen to be closed. */
  readonly priceNow: number;
  /** Of the way overland, 0…1 within its interval. */
  readonly overlandU: number;
  /** Of the way back to the fork, 0…1 within 0…2 × what was sailed since. */
  readonly backtrackU: number;
  /** P(closed when the ship gets there) with departure put off by each of `departureDelaysDays`. */
  readonly hitAfterDelay: readonly number[];
  /** What several options start from, computed once. */
  readonly memo: { loss?: Loss; reroute?: StateCosts };
}

/** P(closed when the ship gets there), by leg. @param later days by which the ship is later than planned */
function hitProbabilities(legs: readonly Leg[], prepared: readonly PreparedRisk[], draws: readonly RiskDraw[], dependence: number, later: number): readonly number[] {
  return legs.map(({ risks, passInDays }) => combined(risks.map((i) => closedProbability(prepared[i]!, draws[i]!, passInDays + later)), dependence));
}

export function worldOf(s: Situation, prepared: readonly PreparedRisk[], draws: readonly RiskDraw[], k: Coefficients, overlandU: number, backtrackU: number): World {
  const dominant = dominantRisk(s, prepared, draws);
  const at = (later: number): readonly number[] => hitProbabilities(s.legs, prepared, draws, k.dependence, later);
  const each = at(0);
  return {
    k,
    draws,
    p: corridorProbability(s.legs, each),
    each,
    dominant,
    durationDays: draws[dominant]?.durationDays ?? 1,
    priceNow: 1 + (k.surge - 1) * (draws[dominant]?.jumped ?? 0),
    overlandU,
    backtrackU,
    hitAfterDelay: s.phase === 'before_departure' ? PARAMETERS.departureDelaysDays.map((days) => corridorProbability(s.legs, at(days))) : [],
    memo: {},
  };
}

/** Of the risks at the leading passage the likeliest to hit. */
function dominantRisk({ legs, chokepoint }: Situation, prepared: readonly PreparedRisk[], draws: readonly RiskDraw[]): number {
  const lead = legs.find((leg) => leg.chokepoint === chokepoint);
  let [dominant, largest] = [0, -1];
  for (const i of lead?.risks ?? []) {
    const p = closedProbability(prepared[i]!, draws[i]!, lead!.passInDays);
    if (p > largest) [largest, dominant] = [p, i];
  }
  return dominant;
}
