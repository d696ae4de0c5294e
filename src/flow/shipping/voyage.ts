/** Where a shipment is, by its schedule: before departure, under way or over; and when it goes through a passage. */
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import type { SeaRoute, Shipment } from './shipment.ts';

export type Phase = 'before_departure' | 'under_way' | 'over';

/**
 * The schedule and the clock decide, since a booking's status is often set late; a status may only say that it left early or has ended.
 */
export function phaseAt(s: Pick<Shipment, 'etd' | 'eta' | 'status'>, asOf: Millis): Phase {
  if (s.status === 'delivered' || s.status === 'cancelled' || asOf >= s.eta) return 'over';
  return asOf >= s.etd || s.status === 'in_transit' ? 'under_way' : 'before_departure';
}

/** The share of the way that is behind the ship, by its schedule. */
export function sailedFraction(s: Pick<Shipment, 'etd' | 'eta'>, asOf: Millis): number {
  return Math.min(1, Math.max(0, (asOf - s.etd) / (s.eta - s.etd)));
}

/** When the ship goes through the passage, at constant speed between ETD and ETA; null when the route does not use it. */
export function passageTime(s: Pick<Shipment, 'etd' | 'eta'>, route: SeaRoute, chokepoint: ChokepointId): Millis | null {
  const passage = route.passages.find((p) => p.id === chokepoint);
  return passage ? Math.round(s.etd + passage.fraction * (s.eta - s.etd)) : null;
}

export const daysUntil = (from: Millis, to: Millis): number => (to - from) / DAY_MS;
