/** Estimates from outcomes: each source's reliability, and the extremising of the pool. Pure. */
import type { Random } from '../../../kernel/random/random.ts';
import { poolQuestion, type PoolingParameters } from '../pooling.ts';
import { brierOf, clusterBootstrap90, meanOf, type Interval90 } from '../scoring/index.ts';
import type { LearnRow } from './split.ts';

/** What one who says one half to everything scores. */
const COIN = 0.25;
/** The declared reliability weighs as much as this many events: a source is neither made nor broken by its first. */
export const PRIOR_EVENTS = 20;
const [LEAST, MOST] = [0.05, 0.99];

export interface SourceRecord {
  readonly source: string;
  /** 0…1: the share of a coin's Brier score that it does not lose, drawn to what is declared while its events are few. */
  readonly reliability: number;
  /** From whole events drawn again; null below two. */
  readonly interval90: Interval90 | null;
  readonly n: number;
  readonly events: number;
}

/**
 * Reliability 1 − Brier ÷ 0.25 over the source's own prices, with {@link PRIOR_EVENTS} events of prior weight on what is declared.
 * Sources that price easier questions look better: it weighs sources on the same event, and is no ranking of them.
 * @param declared source → 0…1
 */
export function sourceRecords(rows: readonly LearnRow[], declared: (source: string) => number, uniform: Random): readonly SourceRecord[] {
  const bySource = Map.groupBy(rows, (r) => r.source);
  return [...bySource.keys()].sort().map((source) => {
    const own = bySource.get(source)!.map((r) => ({ cluster: r.event, value: brierOf(r.raw, r.outcome) }));
    const events = new Set(own.map((r) => r.cluster)).size;
    const reliabilityAt = (brier: number): number => {
      const drawn = (PRIOR_EVENTS * COIN * (1 - declared(source)) + events * brier) / (PRIOR_EVENTS + events);
      return Math.min(MOST, Math.max(LEAST, 1 - drawn / COIN));
    };
    const brier90 = clusterBootstrap90(own, uniform);
    return { source, reliability: reliabilityAt(meanOf(own.map((r) => r.value))), interval90: brier90 && [reliabilityAt(brier90[1]), reliabilityAt(brier90[0])], n: own.length, events };
  });
}

/** Between shrinking to half and what Satopää et al. 2014 found at most (3.92). */
const RANGE = Object.freeze({ from: 0.5, to: 4 });

/** Mean Brier score of the pool by these parameters. */
export const pooledBrier = (rows: readonly LearnRow[], parameters: PoolingParameters): number => meanOf(pooledLosses(rows, parameters));

export const pooledLosses = (rows: readonly LearnRow[], parameters: PoolingParameters): readonly number[] =>
  rows.map((r) => brierOf(poolQuestion(r.opinions, r.days, parameters) ?? r.raw, r.outcome));

/**
 * The a that has the least Brier score: on a grid of 0.1, then of 0.01 around its best. A grid, since the score need not be convex in a.
 * Of equals the one nearest to 1: nothing is pushed without a reason.
 */
export function fitExtremizing(rows: readonly LearnRow[], reliabilityOf: (source: string) => number): number {
  const best = (candidates: readonly number[]): number => {
    let [least, chosen] = [Number.POSITIVE_INFINITY, 1];
    for (const a of candidates.toSorted((x, y) => Math.abs(x - 1) - Math.abs(y - 1))) {
      const score = pooledBrier(rows, { extremizing: a, reliabilityOf });
      if (score < least - 1e-12) [least, chosen] = [score, a];
    }
    return chosen;
  };
  const grid = (from: number, to: number, step: number): readonly number[] =>
    Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => Math.round((from + i * step) * 100) / 100).filter((a) => a >= RANGE.from && a <= RANGE.to);
  const coarse = best(grid(RANGE.from, RANGE.to, 0.1));
  return best(grid(coarse - 0.1, coarse + 0.1, 0.01));
}
