/**
 * What an option is chosen by: its expected cost, or for a customer who says so more than that. What is shown is always the expected cost.
 * Conservative: expected cost + λ·(CVaR₉₀ − expected cost), with CVaR₉₀ the mean of the worst tenth of outcomes (Rockafellar & Uryasev 2000,
 * Journal of Risk 2(3)). Over two states that is the expected cost at a heightened probability, so p* and monotony in p stay.
 * Aggressive: expected cost, but acting must save a stated least against proceeding.
 */
import { breakEven, expectedCost, type TwoStates } from './expected-cost.ts';
import type { RiskTolerance } from '../shipping/index.ts';
import { PARAMETERS } from './settings.ts';

const LEAST = PARAMETERS.aggressiveLeastUsd * 1e6;

export interface Preference {
  readonly tolerance: RiskTolerance;
  /**
   * What options are compared by, in micros.
   * @param rise what waiting adds to the cost in both states
   */
  score(o: TwoStates, p: number, proceeding: boolean, rise: number): number;
  /** The probability above which acting is preferred to proceeding; null: at none. */
  breakEven(proceeding: TwoStates, acting: TwoStates): number | null;
}

const balanced: Preference = { tolerance: 'balanced', score: (o, p, _, rise) => expectedCost(o, p) + rise, breakEven };

/** Mean of the worst `tail` of two outcomes. */
export function tailMean({ calm, hit }: TwoStates, p: number, tail: number): number {
  const [good, bad, pBad] = hit >= calm ? [calm, hit, p] : [hit, calm, 1 - p];
  return good + Math.min(1, pBad / tail) * (bad - good);
}

function tailAverse(o: TwoStates, p: number): number {
  const mean = expectedCost(o, p);
  return mean + PARAMETERS.conservativeLambda * (tailMean(o, p, PARAMETERS.tailShare) - mean);
}

const conservative: Preference = {
  tolerance: 'conservative',
  score: (o, p, _, rise) => tailAverse(o, p) + rise,
  breakEven(proceeding, acting) {
    const gain = (p: number): number => tailAverse(proceeding, p) - tailAverse(acting, p);
    if (proceeding.hit - acting.hit <= 0) return null;
    if (gain(0) >= 0) return 0;
    let [below, above] = [0, 1];
    for (let i = 0; i < 50; i++) {
      const middle = (below + above) / 2;
      if (gain(middle) > 0) above = middle;
      else below = middle;
    }
    return below;
  },
};

const scaled = (o: TwoStates, factor: number, less: number): TwoStates => ({ calm: factor * o.calm - less, hit: factor * o.hit - less });

const aggressive: Preference = {
  tolerance: 'aggressive',
  score(o, p, proceeding, rise) {
    const cost = expectedCost(o, p) + rise;
    return proceeding ? Math.min(cost - LEAST, (1 - PARAMETERS.aggressiveLeastShare) * cost) : cost;
  },
  breakEven(proceeding, acting) {
    const byShare = breakEven(scaled(proceeding, 1 - PARAMETERS.aggressiveLeastShare, 0), acting);
    const byDollars = breakEven(scaled(proceeding, 1, LEAST), acting);
    return byShare === null || byDollars === null ? null : Math.max(byShare, byDollars);
  },
};

export const PREFERENCES: Readonly<Record<RiskTolerance, Preference>> = Object.freeze({ conservative, balanced, aggressive });
