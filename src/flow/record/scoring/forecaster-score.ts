/** Everything that is told of one forecaster, from its rows. Pure: chance is injected. */
import type { Random } from '../../../kernel/random/random.ts';
import { calibrationError, equalCountBins, equalWidthBins } from './bins.ts';
import { COST_LOSS_RATIOS, economicValue } from './economic-value.ts';
import { clusterBootstrap90, wilson90, type Interval90 } from './intervals.ts';
import { murphyOf, type Murphy } from './murphy.ts';
import { brierOf, brierScore, countClusters, logLoss, type Scored } from './scores.ts';

export interface ForecasterScore {
  readonly n: number;
  readonly clusters: number;
  readonly brier: number;
  /** Null below two clusters. */
  readonly brierInterval90: Interval90 | null;
  readonly logLoss: number;
  /** Over ten bins of equal count. */
  readonly ece: number;
  readonly eceEqualWidth: number;
  /** Over ten bins of equal width, as the curve. */
  readonly murphy: Murphy;
  readonly curve: readonly { readonly low: number; readonly high: number; readonly meanForecast: number; readonly observed: number; readonly observedInterval90: Interval90; readonly n: number; readonly clusters: number }[];
  readonly economicValue: readonly { readonly costLoss: number; readonly value: number | null }[];
}

/** @param rows at least one @throws RangeError on no rows */
export function scoreForecaster(rows: readonly Scored[], uniform: Random): ForecasterScore {
  const bins = equalWidthBins(rows);
  return {
    n: rows.length,
    clusters: countClusters(rows),
    brier: brierScore(rows),
    brierInterval90: clusterBootstrap90(rows.map((r) => ({ cluster: r.cluster, value: brierOf(r.probability, r.outcome) })), uniform),
    logLoss: logLoss(rows),
    ece: calibrationError(equalCountBins(rows)),
    eceEqualWidth: calibrationError(bins),
    murphy: murphyOf(bins),
    curve: bins.map((bin) => {
      const clusters = countClusters(bin.rows);
      return { low: bin.low, high: bin.high, meanForecast: bin.meanForecast, observed: bin.observed, observedInterval90: wilson90(bin.observed, clusters), n: bin.rows.length, clusters };
    }),
    economicValue: COST_LOSS_RATIOS.map((costLoss) => ({ costLoss, value: economicValue(rows, costLoss) })),
  };
}
