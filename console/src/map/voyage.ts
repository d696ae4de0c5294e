// Where a ship is by its schedule, on the way that the router gives. Pure; not here: pixels (projection.ts).
import { geoDistance, geoInterpolate } from 'd3-geo';
import type { Chokepoint, DecisionSummary, SeaRoute, Shipment } from '../api/types.ts';
import { millis } from '../format/time.ts';

export type LonLat = readonly [lon: number, lat: number];

export type Phase = 'ahead' | 'sailing' | 'arrived';

export interface Voyage {
  readonly shipment: Shipment;
  /** The one that stands and asks for an act before one that does not. */
  readonly decision: DecisionSummary | undefined;
  readonly phase: Phase;
  /** The share of the way that is behind the ship at constant speed between ETD and ETA, 0..1. */
  readonly sailed: number;
  /** Passages to leave out where a decision advises another way; null where none does. */
  readonly around: readonly string[] | null;
}

/** The share of its time at sea that has passed. */
export function sailedBy(etd: string, eta: string, now: number): number {
  const [from, to] = [millis(etd), millis(eta)];
  if (!(to > from)) return now < from ? 0 : 1;
  return Math.min(1, Math.max(0, (now - from) / (to - from)));
}

/**
 * What is still on its way or to come, the ones that need a person first, then by departure.
 * @param now epoch ms, the desk's
 */
export function voyagesOf(shipments: readonly Shipment[], decisions: readonly DecisionSummary[], now: number): readonly Voyage[] {
  const made = new Map<string, DecisionSummary>();
  for (const decision of decisions) {
    const before = made.get(decision.shipment_id);
    if (before === undefined || (before.action === 'proceed' && decision.action !== 'proceed')) made.set(decision.shipment_id, decision);
  }
  return shipments
    .filter(({ status }) => status !== 'delivered' && status !== 'cancelled')
    .map((shipment): Voyage => {
      const sailed = sailedBy(shipment.etd, shipment.eta, now);
      const decision = made.get(shipment.id);
      const phase: Phase = sailed >= 1 ? 'arrived' : now < millis(shipment.etd) ? 'ahead' : 'sailing';
      return { shipment, decision, phase, sailed, around: decision?.action === 'reroute' ? [decision.chokepoint] : null };
    })
    .filter(({ phase }) => phase !== 'arrived')
    .sort((a, b) => rank(a) - rank(b) || a.shipment.etd.localeCompare(b.shipment.etd) || a.shipment.id.localeCompare(b.shipment.id));
}

export const asksForAct = ({ decision }: Pick<Voyage, 'decision'>): boolean => decision !== undefined && decision.action !== 'proceed' && decision.status === 'active';
const rank = (voyage: Voyage): number => (asksForAct(voyage) ? 0 : voyage.decision ? 1 : 2);

/** The passages that the ship has still before it, with the share of the way at which each comes. */
export const passagesAhead = (voyage: Pick<Voyage, 'sailed'>, route: SeaRoute): SeaRoute['passages'] => route.passages.filter(({ fraction }) => fraction > voyage.sailed);

/** Whether something is the matter with a passage before it, or the desk has weighed it. */
export function isExposed(voyage: Voyage, route: SeaRoute | undefined, passages: ReadonlyMap<string, Chokepoint>): boolean {
  if (voyage.decision) return true;
  return route !== undefined && passagesAhead(voyage, route).some(({ id }) => (passages.get(id)?.status ?? 'NORMAL') !== 'NORMAL');
}

/**
 * The point of a path at a share of its length, and the nodes that are still to come, the first of which the ship heads for.
 * Lengths on the sphere; a path of one point is that point.
 */
export function along(path: readonly LonLat[], share: number): { readonly at: LonLat; readonly ahead: readonly LonLat[] } {
  const lengths = path.slice(1).map((node, i) => geoDistance([...path[i]!], [...node]));
  let left = lengths.reduce((sum, length) => sum + length, 0) * Math.min(1, Math.max(0, share));
  for (const [i, length] of lengths.entries()) {
    const [from, to] = [path[i]!, path[i + 1]!];
    if (left <= length && length > 0) return { at: geoInterpolate([...from], [...to])(left / length), ahead: path.slice(i + 1) };
    left -= length;
  }
  return { at: path.at(-1)!, ahead: path.slice(-1) };
}

/** The part of a way around that is not also part of the usual way, with the nodes where they part and meet. */
export function detourPart(usual: readonly LonLat[], around: readonly LonLat[]): readonly LonLat[] {
  const same = (a: LonLat | undefined, b: LonLat | undefined): boolean => a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
  let start = 0;
  while (start < around.length - 1 && same(usual[start], around[start])) start += 1;
  let end = 0;
  while (end < around.length - 1 - start && same(usual.at(-1 - end), around.at(-1 - end))) end += 1;
  return around.slice(Math.max(0, start - 1), around.length - Math.max(0, end - 1));
}
