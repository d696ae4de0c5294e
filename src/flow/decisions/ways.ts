/** The way around a passage, found once a lane, and which passages only it leads through. Not here: how ways are found. */
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import type { Ahead, RoutePlanner, SeaRoute, Shipment } from '../shipping/index.ts';
import type { Grounds } from './grounds.ts';
import { closedProbability, combined } from './hit-probability.ts';
import type { OnwardRisk } from './inputs.ts';
import { EXPECTED, PARAMETERS } from './settings.ts';

export interface WayAround {
  readonly avoiding: SeaRoute | null;
  readonly usual: SeaRoute;
  /** Passages of the way around that the usual way does not use. */
  readonly onward: SeaRoute['passages'];
}

export type Ways = (ahead: Ahead) => WayAround;

/** @returns a function that asks the planner once for each lane and passage */
export function waysFor(planner: RoutePlanner): Ways {
  const known = new Map<string, WayAround>();
  return ({ shipment: { from, to }, chokepoint, route }) => {
    const key = `${from} ${to} ${chokepoint}`;
    let way = known.get(key);
    if (!way) {
      const avoiding = planner.route(from, to, { closed: [chokepoint] });
      const usual = new Set(route.passages.map((p) => p.id));
      known.set(key, (way = { avoiding, usual: route, onward: avoiding?.passages.filter((p) => !usual.has(p.id)) ?? [] }));
    }
    return way;
  };
}

/** @returns those whose probability of being closed when the ship would be there is above the floor */
export function onwardRisks({ avoiding, usual, onward }: WayAround, s: Shipment, grounds: ReadonlyMap<ChokepointId, Grounds>, asOf: Millis): readonly OnwardRisk[] {
  if (!avoiding || onward.length === 0) return [];
  const sailingMs = ((s.eta - s.etd) * avoiding.distanceNm) / usual.distanceNm;
  return onward.flatMap(({ id, fraction }): OnwardRisk[] => {
    const known = grounds.get(id);
    if (!known || known.prepared.length === 0) return [];
    const inDays = Math.max(0, s.etd + fraction * sailingMs - asOf) / DAY_MS;
    const each = known.prepared.map((p, i) => closedProbability(p, known.medians[i]!, inDays));
    const probability = combined(each, EXPECTED.dependence);
    if (probability < PARAMETERS.probabilityFloor) return [];
    const worst = each.indexOf(Math.max(...each));
    return [{ chokepoint: id, inDays, probability, durationDays: known.medians[worst]!.durationDays, risksHash: known.risksHash }];
  });
}
