/** How long a passage that is seen closed stays so, where no market prices its reopening: the longer it has lasted, the longer it will. */
import { interval, type Interval } from './interval.ts';

/**
 * Days from the closing to the reopening, before anything else is known: declared judgement, as the 5 %, 50 % and 95 % points of a lognormal.
 * Suez 2021: six days; the Red Sea from December 2023: more than a year (IMF PortWatch).
 */
const PRIOR = Object.freeze({ low: 7, median: 45, high: 300 });
const SIGMA = Math.log(PRIOR.high / PRIOR.low) / (2 * 1.6449);

/** The stretch over which the exponential that the rule computes with and the lognormal agree: a ship's time to the passage. */
const MATCHED_DAYS = 30;

/** @param lasted days for which it has been closed @returns mean days from now, as an exponential with the lognormal's survival over the next month */
export function remainingDays(lasted: number): Interval {
  const mean = MATCHED_DAYS / -Math.log(survival(lasted + MATCHED_DAYS) / survival(lasted));
  const by = mean / PRIOR.median;
  return interval(PRIOR.low * by, mean, PRIOR.high * by);
}

/** P(it lasts longer than this). */
const survival = (days: number): number => (days <= 0 ? 1 : normalTail(Math.log(days / PRIOR.median) / SIGMA));

/** P(Z > z), to 7.5e−8: Abramowitz & Stegun 26.2.17. */
function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  return 0.3989422804014327 * Math.exp((-z * z) / 2) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
}
