/**
 * Cumulative-sum control charts (Page 1954; Montgomery, Statistical Quality Control, ch. 9) on a fixed baseline. Pure.
 * With k = 0.5 and h = 5 a two-sided chart of independent normal values alarms by chance once in 465 values and sees a shift
 * of one standard deviation after 10.4 (`run-length.ts`). Daily transits are neither independent nor normal: see `monitors.ts`.
 */
export interface Baseline {
  readonly mean: number;
  /** Population standard deviation; never 0. */
  readonly sd: number;
  /** Values behind it. */
  readonly count: number;
}

/** Reference value and decision interval, in standard deviations. */
export interface ChartParameters {
  readonly k: number;
  readonly h: number;
}

export const STANDARD_CHART: ChartParameters = Object.freeze({ k: 0.5, h: 5 });

/** A series that stands still, or moves by less than this share of its mean, would otherwise alarm at the first ship more or less. */
const LEAST_RELATIVE_SD = 0.05;
/** And a series of zeros at the first ship at all: one vessel a day is taken as its spread. */
const LEAST_SD = 1;

/**
 * @param values null where nothing was observed
 * @param leastCount fewer values than this make no baseline
 */
export function baselineOf(values: readonly (number | null)[], leastCount = 2): Baseline | null {
  const known = values.filter((v) => v !== null);
  if (known.length < leastCount) return null;
  const mean = known.reduce((sum, v) => sum + v, 0) / known.length;
  const sd = Math.sqrt(known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / known.length);
  return { mean, sd: Math.max(sd, LEAST_RELATIVE_SD * mean, mean === 0 ? LEAST_SD : 0), count: known.length };
}

/** Both one-sided sums, in standard deviations: `down` grows when values fall short, `up` when they exceed. */
export interface Sums {
  readonly down: number;
  readonly up: number;
}

export const ZERO_SUMS: Sums = Object.freeze({ down: 0, up: 0 });

/** The sums after one more value. A gap (null) changes nothing. */
export function nextSums(sums: Sums, value: number | null, baseline: Baseline, k: number): Sums {
  if (value === null) return sums;
  const z = (value - baseline.mean) / baseline.sd;
  return { down: Math.max(0, sums.down - z - k), up: Math.max(0, sums.up + z - k) };
}

export interface Crossing {
  /** Index of the value at which the sum passed h. */
  readonly index: number;
  readonly direction: 'down' | 'up';
  readonly statistic: number;
}

/** The first value at which a watched sum passes h, or null. */
export function firstCrossing(values: readonly (number | null)[], baseline: Baseline, sides: readonly ('down' | 'up')[] = ['down', 'up'], { k, h } = STANDARD_CHART): Crossing | null {
  let sums = ZERO_SUMS;
  for (const [index, value] of values.entries()) {
    sums = nextSums(sums, value, baseline, k);
    for (const direction of sides) if (sums[direction] > h) return { index, direction, statistic: sums[direction] };
  }
  return null;
}
