/** Decisions that have ended, as the record scores them: every one as a forecast, one of each voyage by what it cost. */
import type { Executor } from '../../../kernel/database/types.ts';
import type { Millis } from '../../../model/time.ts';
import type { Action } from '../options/index.ts';
import { decidedBy, type Decided } from './store.ts';

/** What sails on and decides nothing, or goes with the ship: until something else is advised the cargo goes as planned. */
const STAYS: ReadonlySet<Action> = new Set(['proceed', 'wait', 'insure', 'hedge']);

/**
 * A shipment in a corridor is decided on many times and sails once. Its costs are those of the decision that was followed: the first that
 * moves the cargo, else the last that covers it, else the last. The others keep none.
 * @param all oldest first
 */
export function withCostsOnce(all: readonly Decided[]): readonly Decided[] {
  const voyages = Map.groupBy(all, (d) => `${d.shipmentId} ${d.corridor.join('+')}`);
  const followed = new Set([...voyages.values()].map((of) => of.find((d) => !STAYS.has(d.action)) ?? of.findLast((d) => d.action === 'insure' || d.action === 'hedge') ?? of.at(-1)));
  return all.map((d) => (followed.has(d) ? d : { ...d, costs: null }));
}

/** @returns oldest first; nothing that became known after `asOf` */
export const decidedOutcomes = async (on: Executor, asOf: Millis): Promise<readonly Decided[]> => withCostsOnce(await decidedBy(on, asOf));
