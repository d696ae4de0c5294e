/** A price "by 30 June" as the probability of a yes inside another window. Pure. */
import { hazardRate, probabilityWithin as withinAtRate } from '../../model/probability.ts';
import { HOUR_MS, type Millis } from '../../model/time.ts';

/** What a cumulative price is: `probability` of a yes in (`observedAt`, `horizonEnd`]. */
export interface Cumulative {
  readonly probability: number;
  readonly observedAt: Millis;
  readonly horizonEnd: Millis;
}

/**
 * The probability of a yes within a window, given none before it, at the constant hazard that the price implies: λ = −ln(1 − p) ÷ T,
 * 1 − e^(−λ·(to − from)). Memoryless, so the price's age changes nothing: age belongs to confidence.
 * Past the horizon the same hazard is assumed to go on: the question says nothing about that time.
 * @param from, to epoch milliseconds; time before the price was formed is not counted; an empty window gives 0
 * @throws RangeError when the horizon is not after the price
 */
export function probabilityWithin(signal: Cumulative, from: Millis, to: Millis): number {
  const duration = signal.horizonEnd - signal.observedAt;
  if (!(duration > 0)) throw new RangeError('a price must be formed before the end of its question');
  // Within the last hour the price is an outcome coming in, not a hazard: without the floor λ would run away.
  const rate = hazardRate(signal.probability, Math.max(duration, HOUR_MS));
  return withinAtRate(rate, to - Math.max(from, signal.observedAt));
}
