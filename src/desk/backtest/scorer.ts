/** Scores of probability forecasts: the port that a backtest needs, and its plain implementation. Pure. */

/** One forecast and what came of it. Rows of one cluster share an event: they are not independent evidence. */
export interface ScoredRow {
  readonly probability: number;
  readonly outcome: 0 | 1;
  readonly cluster: string;
}

export interface Score {
  readonly n: number;
  readonly clusters: number;
  /** Mean of (p − y)². */
  readonly brier: number;
  /** Mean of −ln of the probability given to what came, in nats. */
  readonly logLoss: number;
  /** Expected calibration error over ten bins of equal width. */
  readonly ece: number;
  readonly curve: readonly { readonly low: number; readonly high: number; readonly meanForecast: number; readonly observed: number; readonly n: number }[];
}

/** @param rows at least one */
export type Scorer = (rows: readonly ScoredRow[]) => Score;

const BINS = 10;
/** A forecast of 0 or 1 that is wrong costs this much of certainty, not infinity. */
const CLIP = 1e-6;

export const score: Scorer = (rows) => {
  const mean = (value: (row: ScoredRow) => number, of: readonly ScoredRow[] = rows): number => of.reduce((sum, row) => sum + value(row), 0) / of.length;
  const surprise = ({ probability, outcome }: ScoredRow): number => -Math.log(Math.max(CLIP, outcome === 1 ? probability : 1 - probability));
  const curve = Array.from({ length: BINS }, (_, i) => ({ low: i / BINS, high: (i + 1) / BINS, rows: rows.filter((r) => Math.min(BINS - 1, Math.floor(r.probability * BINS)) === i) }))
    .filter((bin) => bin.rows.length > 0)
    .map(({ low, high, rows: of }) => ({ low, high, meanForecast: mean((r) => r.probability, of), observed: mean((r) => r.outcome, of), n: of.length }));
  return {
    n: rows.length,
    clusters: new Set(rows.map((r) => r.cluster)).size,
    brier: mean((r) => (r.probability - r.outcome) ** 2),
    logLoss: mean(surprise),
    ece: curve.reduce((sum, bin) => sum + (bin.n / rows.length) * Math.abs(bin.meanForecast - bin.observed), 0),
    curve,
  };
};
