/** The pause before a source is connected again: doubled each time to a minute, and jittered, so that many desks do not come back at once. */
import type { Random } from '../../kernel/random/random.ts';

const FIRST_MS = 1_000;
const MAX_MS = 60_000;

/**
 * Half of the bound is certain, the other half random ("equal jitter", Brooker 2015).
 * @param failures in a row, 0 for the first
 * @param leastMs what the other side asked for
 */
export function reconnectPauseMs(failures: number, random: Random, leastMs = 0): number {
  const bound = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return Math.max(leastMs, Math.round(bound / 2 + (random() * bound) / 2));
}
