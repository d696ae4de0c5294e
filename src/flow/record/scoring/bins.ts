/** Forecasts in bins by their probability. Pure; a permutation of the rows changes nothing. */
import { meanOf, type Scored } from './scores.ts';

export interface Bin<R extends Scored = Scored> {
  /** Of equal width: the bin's edges. Of equal count: the least and the greatest forecast in it. */
  readonly low: number;
  readonly high: number;
  readonly rows: readonly R[];
  readonly meanForecast: number;
  /** Share of yes. */
  readonly observed: number;
}

export const BINS = 10;

/** [0, 0.1), …, [0.9, 1]; empty bins are left out. */
export function equalWidthBins<R extends Scored>(rows: readonly R[], count = BINS): readonly Bin<R>[] {
  const bins = Array.from({ length: count }, (): R[] => []);
  for (const row of rows) bins[Math.min(count - 1, Math.floor(row.probability * count))]!.push(row);
  return bins.flatMap((members, i) => (members.length === 0 ? [] : [binOf(members, i / count, (i + 1) / count)]));
}

/** About as many rows in each; equal forecasts stay in one bin, so there may be fewer bins than asked for. */
export function equalCountBins<R extends Scored>(rows: readonly R[], count = BINS): readonly Bin<R>[] {
  const sorted = rows.toSorted((a, b) => a.probability - b.probability);
  const bins: Bin<R>[] = [];
  let from = 0;
  for (let i = 1; i <= count && from < sorted.length; i++) {
    let to = i === count ? sorted.length : Math.round((i * sorted.length) / count);
    if (to <= from) continue;
    while (to < sorted.length && sorted[to]!.probability === sorted[to - 1]!.probability) to++;
    bins.push(binOf(sorted.slice(from, to), sorted[from]!.probability, sorted[to - 1]!.probability));
    from = to;
  }
  return bins;
}

const binOf = <R extends Scored>(rows: readonly R[], low: number, high: number): Bin<R> => ({
  low,
  high,
  rows,
  meanForecast: meanOf(rows.map((r) => r.probability)),
  observed: meanOf(rows.map((r) => r.outcome)),
});

/**
 * Expected calibration error: Σ nₖ/N · |mean forecast − share of yes|, 0…1. Its value depends on the bins, so say which.
 * Source: Naeini, Cooper & Hauskrecht 2015, AAAI (equal width); Nguyen & O'Connor 2015, EMNLP (equal count).
 */
export function calibrationError(bins: readonly Bin[]): number {
  const n = bins.reduce((sum, b) => sum + b.rows.length, 0);
  return n === 0 ? 0 : Math.min(1, bins.reduce((sum, b) => sum + b.rows.length * Math.abs(b.meanForecast - b.observed), 0) / n);
}
