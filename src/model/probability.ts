/**
 * Probability: the arithmetic that every stage shares: log-odds, hazards over time, pooling.
 * Not here: confidence (how good the data is), which is another quantity, and scoring.
 */
import type { Millis } from './time.ts';

/** How likely something is, 0…1. */
export type Probability = number;

/** Nobody is surer than this: prices of 0 and 1 become it before they enter a logarithm. */
export const PROBABILITY_EPSILON = 1e-6;

/** @returns the argument @throws RangeError when it is not a number in 0…1: a corrupt probability stops here */
export function parseProbability(p: number): Probability {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`not a probability (a number from 0 to 1): ${p}`);
  return p;
}

/** Into 0…1. @throws RangeError on NaN */
export function clampProbability(p: number): Probability {
  if (Number.isNaN(p)) throw new RangeError('not a probability: NaN');
  return p < 0 ? 0 : p > 1 ? 1 : p;
}

/** Log-odds, ln(p ÷ (1 − p)). 0 and 1 are taken as {@link PROBABILITY_EPSILON} and its complement, so the result is finite. */
export function logit(p: Probability): number {
  const q = Math.min(1 - PROBABILITY_EPSILON, Math.max(PROBABILITY_EPSILON, parseProbability(p)));
  return Math.log(q) - Math.log1p(-q);
}

/** The probability of these log-odds: the inverse of {@link logit}. */
export function expit(logOdds: number): Probability {
  if (Number.isNaN(logOdds)) throw new RangeError('not log-odds: NaN');
  if (logOdds >= 0) return 1 / (1 + Math.exp(-logOdds));
  const e = Math.exp(logOdds);
  return e / (1 + e);
}

/**
 * The constant rate at which an event of probability `p` within `duration` arrives: λ = −ln(1 − p) ÷ T.
 * A price "by 30 June" is cumulative: this is what turns it into any other window.
 * @param p a price of 1 counts as 1 − {@link PROBABILITY_EPSILON}
 * @param duration T, in any unit, above 0 @returns per that unit
 */
export function hazardRate(p: Probability, duration: number): number {
  if (!(duration > 0)) throw new RangeError(`a hazard needs a duration above 0, not ${duration}`);
  // 0 − x, not −x: no negative zero for p = 0.
  return 0 - Math.log1p(-Math.min(1 - PROBABILITY_EPSILON, parseProbability(p))) / duration;
}

/** The probability that an event of this rate arrives within `duration` (same unit): 1 − e^(−λT). Nothing arrives in a duration below 0. */
export function probabilityWithin(rate: number, duration: number): Probability {
  if (!(rate >= 0)) throw new RangeError(`not a hazard rate: ${rate}`);
  return duration <= 0 || rate === 0 ? 0 : -Math.expm1(-rate * duration);
}

/** What a probability within `from` becomes within `to` (same unit) at a constant hazard: 1 − (1 − p)^(to ÷ from). */
export function rescaleHorizon(p: Probability, from: number, to: number): Probability {
  return probabilityWithin(hazardRate(p, from), to);
}

/** At least one of several independent events: 1 − ∏(1 − pᵢ). Of none: 0. */
export function anyOf(probabilities: Iterable<Probability>): Probability {
  let none = 1;
  for (const p of probabilities) none *= 1 - parseProbability(p);
  return clampProbability(1 - none);
}

/** One opinion on the same question, with the weight it is given (reliability × freshness). */
export interface WeightedProbability {
  readonly probability: Probability;
  /** Above 0; only the ratios between weights matter. */
  readonly weight: number;
}

/**
 * Opinions on one question as one: logit p = a · Σ wᵢ logit pᵢ, weights scaled to sum 1. The order of the opinions changes nothing.
 * Source: Satopää et al. 2014, Int. J. Forecasting 30(2):344.
 * @param extremizing a; 1 leaves the weighted geometric mean of the odds
 * @returns null when there is nothing to pool
 */
export function poolLogOdds(opinions: readonly WeightedProbability[], extremizing = 1): Probability | null {
  if (opinions.length === 0) return null;
  // Sorted, since the sum of doubles depends on their order.
  const terms = opinions.map((o) => ({ logOdds: logit(o.probability), weight: parseWeight(o.weight) })).sort((a, b) => a.logOdds - b.logOdds || a.weight - b.weight);
  let sum = 0;
  let weights = 0;
  for (const t of terms) {
    sum += t.weight * t.logOdds;
    weights += t.weight;
  }
  return expit((extremizing * sum) / weights);
}

function parseWeight(weight: number): number {
  if (!(weight > 0 && Number.isFinite(weight))) throw new RangeError(`a weight must be above 0, not ${weight}`);
  return weight;
}

/** Freshness: the share of a weight that is left after `age`, 2^(−age ÷ half-life). A negative age counts as none. */
export function freshness(age: Millis, halfLife: Millis): number {
  if (!(halfLife > 0)) throw new RangeError(`a half-life must be above 0, not ${halfLife}`);
  return 2 ** (-Math.max(0, age) / halfLife);
}

/**
 * Moves a probability away from one half (`a` > 1) or towards it: the log-odds times a. With a = 1 it is the argument, to the bit.
 * Source: Satopää et al. 2014, Int. J. Forecasting 30(2):344; Baron et al. 2014, Decision Analysis 11:133.
 */
export function extremize(p: Probability, a: number): Probability {
  if (!(a > 0 && Number.isFinite(a))) throw new RangeError(`extremising takes a factor above 0, not ${a}`);
  return a === 1 ? parseProbability(p) : expit(a * logit(p));
}
