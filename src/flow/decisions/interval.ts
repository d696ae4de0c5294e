/** An uncertain number: what is expected, and the ends between which it lies nine times in ten. */
export interface Interval {
  /** 5 % quantile. */
  readonly low: number;
  /** Median: the figure a decision's expected cost is computed with. */
  readonly expected: number;
  /** 95 % quantile. */
  readonly high: number;
}

/** @throws RangeError when the ends are not in order: a setting typed wrongly stops the start */
export function interval(low: number, expected: number, high: number): Interval {
  if (!(low <= expected && expected <= high && Number.isFinite(low) && Number.isFinite(high))) {
    throw new RangeError(`an interval needs low ≤ expected ≤ high: ${low}, ${expected}, ${high}`);
  }
  return Object.freeze({ low, expected, high });
}

export const certainly = (value: number): Interval => interval(value, value, value);

/**
 * The quantile of an interval: straight lines through (5 %, low), (50 %, expected), (95 %, high), cut at both ends.
 * A distribution that can be read off the three declared figures, and that invents no tail beyond them.
 * @param u 0…1
 */
export function quantile(of: Interval, u: number): number {
  if (u <= 0.05) return of.low;
  if (u >= 0.95) return of.high;
  return u < 0.5 ? of.low + ((u - 0.05) / 0.45) * (of.expected - of.low) : of.expected + ((u - 0.5) / 0.45) * (of.high - of.expected);
}
