/** What the options of one shipment at one passage depend on, and one state of the uncertain figures (medians or a draw). */
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import { costTerms, type CostTerms } from './delay-cost.ts';
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
  readonly passesAt: Millis;
  readonly passInDays: number;
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

/** @throws RangeError when the route does not use the passage: exposure is asked first */
export function situationOf(inputs: DecisionInputs): Situation {
  const { asOf, shipment, chokepoint, routes } = inputs;
  const passesAt = passageTime(shipment, routes.usual, chokepoint);
  if (passesAt === null) throw new RangeError(`${shipment.id} does not pass ${chokepoint}`);
  const inward = overlandFor(chokepoint, shipment.to);
  const outward = overlandFor(chokepoint, shipment.from);
  return {
    asOf,
    shipment,
    chokepoint,
    phase: phaseAt(shipment, asOf),
    passesAt,
    passInDays: (passesAt - asOf) / DAY_MS,
    terms: costTerms(shipment),
    detour: routes.avoiding ? detour(routes.usual, routes.avoiding, chokepoint, sailedFraction(shipment, asOf)) : null,
    // Both behind the same passage: the ship never goes through it, so one of the two is null wherever it matters.
    overland: inward ? { way: inward, side: 'destination' } : outward ? { way: outward, side: 'origin' } : null,
    laneRate: inputs.freight?.usdPerFeu ?? null,
    onward: inputs.onward ?? [],
  };
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
  /** P(hit). */
  readonly p: number;
  /** Which risk is the likeliest to hit. */
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

export function hitProbability(prepared: readonly PreparedRisk[], draws: readonly RiskDraw[], dependence: number, inDays: number): number {
  return combined(prepared.map((p, i) => closedProbability(p, draws[i]!, inDays)), dependence);
}

export function worldOf(s: Situation, prepared: readonly PreparedRisk[], draws: readonly RiskDraw[], k: Coefficients, overlandU: number, backtrackU: number): World {
  let dominant = 0;
  let largest = -1;
  for (const [i, risk] of prepared.entries()) {
    const p = closedProbability(risk, draws[i]!, s.passInDays);
    if (p > largest) [largest, dominant] = [p, i];
  }
  const at = (inDays: number): number => hitProbability(prepared, draws, k.dependence, inDays);
  return {
    k,
    draws,
    p: at(s.passInDays),
    dominant,
    durationDays: draws[dominant]?.durationDays ?? 1,
    priceNow: 1 + (k.surge - 1) * (draws[dominant]?.jumped ?? 0),
    overlandU,
    backtrackU,
    hitAfterDelay: s.phase === 'before_departure' ? PARAMETERS.departureDelaysDays.map((days) => at(s.passInDays + days)) : [],
    memo: {},
  };
}
