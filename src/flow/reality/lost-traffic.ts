/** How much of a passage's traffic has gone, with its uncertainty. Pure. */
import type { SeriesState } from './charts/follow-series.ts';

export interface LostTraffic {
  /** Share of the baseline's ships that do not come, 0…1, with a 90 % interval. */
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 90 % of the normal distribution. */
const Z90 = 1.6449;

/**
 * 1 − recent mean ÷ baseline mean. The interval is that of a difference of two means with the baseline's spread: both the few recent days
 * and the baseline itself are samples. For one ship it is the chance that ships like it stay away, as long as the collapse lasts.
 * @returns null without a baseline, or for a passage that nobody used
 */
export function lostTraffic({ baseline, recent }: SeriesState): LostTraffic | null {
  if (!baseline || !recent || baseline.mean === 0) return null;
  const half = (Z90 * baseline.sd * Math.sqrt(1 / recent.days + 1 / baseline.count)) / baseline.mean;
  const share = 1 - recent.ratio;
  return { expected: clamp(share), low: clamp(share - half), high: clamp(share + half) };
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
