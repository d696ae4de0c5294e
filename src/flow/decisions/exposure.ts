/** Whether a shipment is exposed to a risk: it goes through the passage while the event can bite. */
import type { ChokepointId } from '../../model/place.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import { liveClaims } from './hit-probability.ts';
import type { EventRisk } from './inputs.ts';
import { passageTime, phaseAt, type SeaRoute, type Shipment } from '../shipping/index.ts';

/** A time in which a risk can hit. */
export interface Window {
  readonly from: Millis;
  readonly to: Millis;
}

export interface Exposure {
  readonly chokepoint: ChokepointId;
  /** When the ship goes through, by its schedule. */
  readonly passesAt: Millis;
  /** Cargo value that goes through. */
  readonly valueMicros: bigint;
}

/**
 * The time in which a risk can hit: from as-of plus the shortest delay, to the end of what its claims speak of plus the longest closing.
 * @returns null when nothing speaks for it any more
 */
export function riskWindow(risk: EventRisk, asOf: Millis): Window | null {
  const lasts = 3 * risk.durationDays.high * DAY_MS; // e^−3: 95 % of closings of that mean have ended
  if (risk.basis.kind === 'observed') return { from: asOf, to: asOf + lasts };
  if (risk.basis.kind === 'occurred') return { from: risk.basis.at + risk.basis.delayDays.low * DAY_MS, to: risk.basis.at + risk.basis.delayDays.high * DAY_MS + lasts };
  const ends = liveClaims(risk.basis, asOf).map((c) => c.horizonEnd);
  if (ends.length === 0) return null;
  return { from: asOf + risk.basis.delayDays.low * DAY_MS, to: Math.max(...ends) + risk.basis.delayDays.high * DAY_MS + lasts };
}

/** @param windows of the risks on the passage
 * @returns the exposure of a shipment at a passage, or null: not on its route, gone through already, or outside every window */
export function exposureOf(shipment: Shipment, route: SeaRoute, chokepoint: ChokepointId, windows: readonly Window[], asOf: Millis): Exposure | null {
  if (phaseAt(shipment, asOf) === 'over') return null;
  const passesAt = passageTime(shipment, route, chokepoint);
  if (passesAt === null || passesAt < asOf) return null;
  const inside = windows.some((window) => passesAt >= window.from && passesAt <= window.to);
  return inside ? { chokepoint, passesAt, valueMicros: shipment.cargoValueMicros } : null;
}
