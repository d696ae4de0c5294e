/** What forecasts are worth to one who must decide: value by cost/loss ratio, and regret. Pure. */
import { minMicros, sumMicros, type Micros } from '../../../model/money.ts';
import type { Scored } from './scores.ts';

/** Ratios C/L at which the value is told: from insurance that costs a hundredth of the loss to a detour that costs nine tenths. */
export const COST_LOSS_RATIOS = Object.freeze([0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const);

/** The rule of cost and loss: protect if and only if p · L > C. */
export const shouldAct = (probability: number, costLoss: number): boolean => probability > costLoss;

/** Mean expense in units of the loss that protection avoids: C/L for each act, 1 for each event that came without one. */
export function meanExpense(rows: readonly Scored[], costLoss: number): number {
  if (rows.length === 0) throw new RangeError('there is no mean of nothing');
  const acts = rows.filter((r) => shouldAct(r.probability, costLoss)).length;
  const misses = rows.filter((r) => r.outcome === 1 && !shouldAct(r.probability, costLoss)).length;
  return (acts * costLoss + misses) / rows.length;
}

/**
 * Relative economic value: 1 for perfect forecasts, 0 for acting always or never, whichever the base rate makes cheaper; below 0 is worse than that.
 * The base rate is that of these very rows, as in the source: a hard rival. Source: Richardson 2000, Q. J. Royal Meteorological Society 126:649.
 * @param costLoss C/L, between 0 and 1 @returns null where all outcomes are the same: then perfect and base-rate behaviour cost the same
 */
export function economicValue(rows: readonly Scored[], costLoss: number): number | null {
  if (!(costLoss > 0 && costLoss < 1)) throw new RangeError(`a cost/loss ratio lies between 0 and 1: ${costLoss}`);
  const yes = rows.filter((r) => r.outcome === 1).length;
  if (yes === 0 || yes === rows.length) return null;
  const base = yes / rows.length;
  const climate = Math.min(costLoss, base);
  return (climate - meanExpense(rows, costLoss)) / (climate - base * costLoss);
}

/** A decision whose end is known: what it cost, and what other policies would have. */
export interface DecidedCost {
  readonly chosen: Micros;
  /** Policy (`proceed`, `reroute`, …) → what it would have cost. */
  readonly policies: Readonly<Record<string, Micros>>;
}

export interface Regret {
  /** Sum over decisions of cost − the least cost in hindsight; never below 0. */
  readonly total: Micros;
  /** Policy → what our decisions saved against following it always; negative: they cost more. Only decisions for which its cost is known. */
  readonly savedAgainst: Readonly<Record<string, { readonly n: number; readonly saved: Micros }>>;
}

export function regretOf(decisions: readonly DecidedCost[]): Regret {
  const policies = [...new Set(decisions.flatMap((d) => Object.keys(d.policies)))].sort();
  return {
    total: sumMicros(decisions.map((d) => d.chosen - Object.values(d.policies).reduce(minMicros, d.chosen))),
    savedAgainst: Object.fromEntries(
      policies.map((policy) => {
        const known = decisions.filter((d) => d.policies[policy] !== undefined);
        return [policy, { n: known.length, saved: sumMicros(known.map((d) => d.policies[policy]! - d.chosen)) }];
      }),
    ),
  };
}
