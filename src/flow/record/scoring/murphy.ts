/** Why a Brier score is what it is. Pure. */
import type { Bin } from './bins.ts';
import { brierOf, meanOf } from './scores.ts';

export interface Murphy {
  /** Σ nₖ/N (f̄ₖ − ōₖ)²: how far forecasts are from what came true at their level. Lower is better. */
  readonly reliability: number;
  /** Σ nₖ/N (ōₖ − ō)²: how well the levels tell events apart. Higher is better. */
  readonly resolution: number;
  /** ō (1 − ō): how hard the questions were; no forecaster's doing. */
  readonly uncertainty: number;
  /** What the bins hide: within-bin variance less twice the within-bin covariance with outcomes. */
  readonly withinBin: number;
}

/**
 * Brier = reliability − resolution + uncertainty holds exactly for forecasts that are replaced by the mean of their bin. For the forecasts as
 * they were made, the two within-bin terms of Stephenson et al. are added: Brier = reliability − resolution + uncertainty + withinBin.
 * Sources: Murphy 1973, J. Applied Meteorology 12:595; Stephenson, Coelho & Jolliffe 2008, Weather and Forecasting 23:752.
 * @throws RangeError on no rows
 */
export function murphyOf(bins: readonly Bin[]): Murphy {
  const all = bins.flatMap((b) => b.rows);
  const n = all.length;
  const base = meanOf(all.map((r) => r.outcome));
  let [reliability, resolution, within] = [0, 0, 0];
  for (const bin of bins) {
    const share = bin.rows.length / n;
    reliability += share * (bin.meanForecast - bin.observed) ** 2;
    resolution += share * (bin.observed - base) ** 2;
    within += share * meanOf(bin.rows.map((r) => (r.probability - bin.meanForecast) ** 2 - 2 * (r.probability - bin.meanForecast) * (r.outcome - bin.observed)));
  }
  return { reliability, resolution, uncertainty: base * (1 - base), withinBin: within };
}

/** The Brier score of the binned forecasts: the left side of Murphy's identity. */
export const binnedBrier = (bins: readonly Bin[]): number => meanOf(bins.flatMap((b) => b.rows.map((r) => brierOf(b.meanForecast, r.outcome))));
