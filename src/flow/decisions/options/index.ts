/** Every way to act on a shipment at a passage, open or not. */
import { PARAMETERS } from '../settings.ts';
import type { Situation } from '../situation.ts';
import { delayDeparture } from './delay-departure.ts';
import { divert } from './divert.ts';
import { hedge } from './hedge.ts';
import { insure } from './insure.ts';
import { proceed } from './proceed.ts';
import { reroute } from './reroute.ts';
import { split } from './split.ts';
import type { Option } from './types.ts';

export { COMPONENTS, NOTHING, plus, totalOf } from './costs.ts';
export type { ComponentName, Costs, Loss, Recourse, StateCosts } from './costs.ts';
export { lossIfHit } from './loss-if-hit.ts';
export { ACTIONS } from './types.ts';
export type { Action, Option } from './types.ts';

/** Proceeding first; an option past its cut-off is there with the reason. */
export function optionsFor(s: Situation): readonly Option[] {
  const all = [proceed(s), reroute(s), divert(s), ...PARAMETERS.departureDelaysDays.map((_, i) => delayDeparture(s, i)), insure(s), hedge(s), ...PARAMETERS.splitShares.map((_, i) => split(s, i))];
  return all.map((o) => (o.whyNot === null && o.cutOff !== null && o.cutOff < s.asOf ? { ...o, whyNot: 'cut_off_passed' } : o));
}

/** Whether an option can be chosen at `at` (now or later). */
export const isOpen = (o: Option, at: number): boolean => o.whyNot === null && (o.cutOff === null || o.cutOff >= at);
