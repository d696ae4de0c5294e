/**
 * What a choice cost once it is known what happened: the components of the options, in the one state of the world that came.
 * For the record of past decisions; deciding never looks here.
 */
import type { Millis } from '../../model/time.ts';
import type { DecisionInputs } from './inputs.ts';
import { isOpen, lossIfHit, optionsFor, totalOf, type Action } from './options/index.ts';
import { EXPECTED, type Coefficients } from './settings.ts';
import { situationOf, type World } from './situation.ts';

/** A shipment at a passage at the time of the choice; risks play no part any more. */
export type GivenChoice = Pick<DecisionInputs, 'asOf' | 'shipment' | 'chokepoint' | 'routes' | 'freight'>;

/** What the ship met at the passage. */
export interface Outcome {
  readonly hit: boolean;
  /** Days for which the passage stayed closed after the ship got there; 0 where it was open. */
  readonly closedDays: number;
}

/** @returns the ways to act that could be chosen at `asOf`: proceeding first; `id` tells variants of an action apart (`delay:7`) */
export function choicesAt(given: GivenChoice): readonly { readonly id: string; readonly action: Action; readonly cutOff: Millis | null }[] {
  return optionsFor(situationOf({ ...given, places: NOWHERE, risks: [] }))
    .filter((o) => isOpen(o, given.asOf))
    .map(({ id, action, cutOff }) => ({ id, action, cutOff }));
}

const NOWHERE = { from: '', to: '' } as const;
/** A closing so short that nothing of it is left after any delay, and so much as no time for the arithmetic. */
const OVER_AT_ONCE = 1e-9;

/**
 * The cost of a choice beyond the undisturbed voyage. A closing that was met costs what it costs those who proceed, for its real length and
 * by the cheapest recourse; a delayed departure meets the passage as it was on the later day; loss of goods stays an expectation.
 * @param outcomeAfter what the ship met, had it sailed so many days later; 0 for the voyage as planned
 * @param priceJumped whether the passage was closed already when the choice was made: the price of ways out had jumped
 * @returns by coefficients (their medians, or one draw): micros, as a double
 * @throws RangeError on an option that this situation does not have
 */
export function realisedCost(given: GivenChoice, id: string, outcomeAfter: (days: number) => Outcome, priceJumped: boolean): (k: Coefficients) => number {
  const s = situationOf({ ...given, places: NOWHERE, risks: [] });
  const option = optionsFor(s).find((o) => o.id === id);
  if (!option) throw new RangeError(`no option ${id} for ${given.shipment.id} at ${given.chokepoint}`);
  const world = (k: Coefficients, closedDays: number): World => ({
    k,
    draws: [],
    p: 1,
    each: [],
    dominant: 0,
    durationDays: Math.max(closedDays, OVER_AT_ONCE),
    durationKnown: true,
    priceNow: priceJumped ? k.surge : 1,
    overlandU: 0.5,
    backtrackU: 0.5,
    hitAfterDelay: [],
    memo: {},
  });
  if (option.action === 'delay') {
    const { hit, closedDays } = outcomeAfter(option.extraDays(world(EXPECTED, 0)));
    // With a closing that is over at once, what is left of "hit" is the price of the delay itself.
    return (k) => totalOf(option.costs(world(k, 0)).hit) + (hit ? totalOf(lossIfHit(s, world(k, closedDays)).costs) : 0);
  }
  const { hit, closedDays } = outcomeAfter(0);
  return (k) => {
    const costs = option.costs(world(k, closedDays));
    return totalOf(hit ? costs.hit : costs.calm);
  };
}
