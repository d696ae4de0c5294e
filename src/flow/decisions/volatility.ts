/** How fast a question's price moves, from its own history: the spread of what may be believed tomorrow. */
import { logit } from '../../model/probability.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';

export interface PricePoint {
  readonly at: Millis;
  readonly probability: number;
}

/** Fewer steps than this say nothing. */
const LEAST_STEPS = 5;

/**
 * Standard deviation of the log-odds a √day: √ mean of (Δ logit)² ÷ Δt. Prices are cut at 0.5 % and 99.5 %, where a cent moves them by much.
 * @param history of one question, in any order @returns null when it has fewer than five steps
 */
export function logitVolatility(history: readonly PricePoint[]): number | null {
  const points = history.toSorted((a, b) => a.at - b.at);
  let sum = 0;
  let steps = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    if (b.at <= a.at) continue;
    sum += (cut(b.probability) - cut(a.probability)) ** 2 / ((b.at - a.at) / DAY_MS);
    steps += 1;
  }
  return steps < LEAST_STEPS ? null : Math.sqrt(sum / steps);
}

const cut = (p: number): number => logit(Math.min(0.995, Math.max(0.005, p)));
