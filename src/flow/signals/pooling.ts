/** Several opinions on the same event as one. Pure. Which opinions speak of the same event is the caller's to know. */
import { freshness, poolLogOdds } from '../../model/probability.ts';
import type { Millis } from '../../model/time.ts';
import { PRICE_HALF_LIFE_MS, reliabilityOf } from './rules/confidence.ts';

export interface Opinion {
  /** Opinions with the same id are one. */
  readonly id: string;
  readonly source: string;
  /** Of the event asked about, in the window asked about: already converted and turned the right way round. */
  readonly probability: number;
  readonly observedAt: Millis;
}

export interface PoolOptions {
  /** a of the logit pool. Ships as 1; another value is learnt per domain from outcomes and adopted only when better on held-out data. */
  readonly extremizing?: number;
  readonly halfLifeMs?: Millis;
  /** Source → 0…1. Default: the declared table. */
  readonly reliability?: (source: string) => number;
}

/**
 * logit p = a · Σ wᵢ logit pᵢ with wᵢ ∝ reliability × 2^(−age ÷ half-life).
 * Their order changes nothing, and a repeat of one changes nothing.
 * Source: Satopää et al. 2014, Int. J. Forecasting 30(2):344.
 * @returns null when there is no opinion
 */
export function poolOpinions(opinions: readonly Opinion[], asOf: Millis, options: PoolOptions = {}): number | null {
  const { extremizing = 1, halfLifeMs = PRICE_HALF_LIFE_MS, reliability = reliabilityOf } = options;
  const distinct = new Map(opinions.map((opinion) => [opinion.id, opinion]));
  const weighted = [...distinct.values()].map((opinion) => ({
    probability: opinion.probability,
    // The least weight is not 0: an opinion of many half-lives is weak, and when alone still the only one there is.
    weight: Math.max(Number.MIN_VALUE * 2 ** 60, reliability(opinion.source) * freshness(asOf - opinion.observedAt, halfLifeMs)),
  }));
  return poolLogOdds(weighted, extremizing);
}
