/** The way around a passage, found once a lane; which passages only it leads through, and which it avoids besides. Not here: how ways are found. */
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
  /** The passages of the usual way for which this is the way around, in the order in which the ship comes to them: at least the one asked for. */
  readonly corridor: readonly ChokepointId[];
}

export type Ways = (ahead: Pick<Ahead, 'shipment' | 'chokepoint' | 'route'>) => WayAround;

/** @returns a function that asks the planner once for each lane and passage */
export function waysFor(planner: RoutePlanner): Ways {
  const known = new Map<string, WayAround>();
  return ({ shipment: { from, to }, chokepoint, route }) => {
    const key = `${from} ${to} ${chokepoint}`;
    let way = known.get(key);
    if (!way) {
      const around = (id: ChokepointId): SeaRoute | null => planner.route(from, to, { closed: [id] });
      const avoiding = around(chokepoint);
      const usual = new Set(route.passages.map((p) => p.id));
      const onward = avoiding?.passages.filter((p) => !usual.has(p.id)) ?? [];
      known.set(key, (way = { avoiding, usual: route, onward, corridor: corridorOf(chokepoint, avoiding, route, around) }));
    }
    return way;
  };
}

/**
 * Each of two detours avoids the other's passage: then both are shortest among the ways without either, and are the same way. So "one corridor"
 * is an equivalence, and every passage of it gives the same list.
 */
function corridorOf(chokepoint: ChokepointId, avoiding: SeaRoute | null, usual: SeaRoute, around: (id: ChokepointId) => SeaRoute | null): readonly ChokepointId[] {
  if (!avoiding) return [chokepoint];
  const together = usual.passages.filter(({ id }) => id === chokepoint || (avoids(avoiding, id) && avoids(around(id), chokepoint)));
  return together.toSorted((a, b) => a.fraction - b.fraction).map((p) => p.id);
}

const avoids = (route: SeaRoute | null, id: ChokepointId): boolean => route !== null && !route.passages.some((p) => p.id === id);

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
