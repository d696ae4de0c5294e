/** Proper scores of probability forecasts of yes-or-no questions. Pure. Lower is better. */

/** One forecast and what came of it. Rows of one cluster share their event, so that they are not independent evidence. */
export interface Scored {
  readonly probability: number;
  readonly outcome: 0 | 1;
  readonly cluster: string;
}

/** Log loss takes 0 and 1 as this and its complement: one forecast that was certain and wrong costs at most 13.8, not infinity. */
export const LOG_CLIP = 1e-6;

/** (p − y)², 0…1. Source: Brier 1950, Monthly Weather Review 78:1 (the half that is in use for two classes). */
export const brierOf = (probability: number, outcome: 0 | 1): number => (probability - outcome) ** 2;

/** −ln of the probability given to what came true, in nats; clipped by {@link LOG_CLIP}. */
export function logLossOf(probability: number, outcome: 0 | 1): number {
  const p = Math.min(1 - LOG_CLIP, Math.max(LOG_CLIP, probability));
  return outcome === 1 ? -Math.log(p) : -Math.log1p(-p);
}

/** @throws RangeError on no rows: there is no score of nothing */
export const brierScore = (rows: readonly Scored[]): number => meanOf(rows.map((r) => brierOf(r.probability, r.outcome)));
/** @throws RangeError on no rows */
export const logLoss = (rows: readonly Scored[]): number => meanOf(rows.map((r) => logLossOf(r.probability, r.outcome)));

/** Summed in order of size, since a sum of doubles depends on its order: a permutation of the rows changes no bit. @throws RangeError on no values */
export function meanOf(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('there is no mean of nothing');
  let sum = 0;
  for (const value of Float64Array.from(values).sort()) sum += value;
  return sum / values.length;
}

export const countClusters = (rows: readonly { readonly cluster: string }[]): number => new Set(rows.map((r) => r.cluster)).size;
