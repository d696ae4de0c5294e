/** What an option costs, by component, in the two states of the world: the passage open when the ship gets there (calm), or closed (hit). */

export const COMPONENTS = Object.freeze(['freight', 'overland', 'handling', 'storage', 'premium', 'time', 'spoilage', 'penalty', 'goods', 'emergency', 'onward', 'rate_rise'] as const);
export type ComponentName = (typeof COMPONENTS)[number];

/** Micros as doubles, each at least 0. */
export type Costs = { readonly [K in ComponentName]: number };

export interface StateCosts {
  readonly calm: Costs;
  readonly hit: Costs;
  /** The part of the calm cost that follows the market: it rises while one waits, and jumps once the event has happened. */
  readonly priced: number;
}

export type Recourse = 'wait_out' | 'sent_round' | 'landed_outside';

export interface Loss {
  readonly recourse: Recourse;
  readonly days: number;
  readonly costs: Costs;
}

export const NOTHING: Costs = Object.freeze({
  freight: 0, overland: 0, handling: 0, storage: 0, premium: 0, time: 0, spoilage: 0, penalty: 0, goods: 0, emergency: 0, onward: 0, rate_rise: 0,
});

export function totalOf(c: Costs): number {
  return c.freight + c.overland + c.handling + c.storage + c.premium + c.time + c.spoilage + c.penalty + c.goods + c.emergency + c.onward + c.rate_rise;
}

/** a + factor · b. */
export function plus(a: Costs, b: Costs, factor = 1): Costs {
  return {
    freight: a.freight + factor * b.freight,
    overland: a.overland + factor * b.overland,
    handling: a.handling + factor * b.handling,
    storage: a.storage + factor * b.storage,
    premium: a.premium + factor * b.premium,
    time: a.time + factor * b.time,
    spoilage: a.spoilage + factor * b.spoilage,
    penalty: a.penalty + factor * b.penalty,
    goods: a.goods + factor * b.goods,
    emergency: a.emergency + factor * b.emergency,
    onward: a.onward + factor * b.onward,
    rate_rise: a.rate_rise + factor * b.rate_rise,
  };
}
