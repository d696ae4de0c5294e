/**
 * Whether a passage was closed to a ship that came on a day, from counts: the one definition, for decisions that have ended and for backtests.
 * Pure. Not here: which ships are counted, and what their normal is.
 */
import { DAY_MS, startOfDay, type IsoDay, type Millis } from '../../model/time.ts';

/** Below one half of its usual traffic a passage counts as closed. */
export const CLOSED_SHARE = 0.5;
/** The mean around a day reaches this far to either side: seven days, of which four must be recorded. */
export const REACH_DAYS = 3;
const LEAST_DAYS = 4;

export interface PassageLevels {
  /** Days around `at` as a share of the baseline; null where they are not recorded. */
  level(at: Millis): number | null;
}

/** @param counts ships a day, each day once @param baseline ships a day, above 0 */
export function passageLevels(counts: Iterable<readonly [day: IsoDay, ships: number]>, baseline: number): PassageLevels {
  const byDay = new Map<number, number>();
  for (const [day, ships] of counts) byDay.set(startOfDay(day) / DAY_MS, ships);
  const levels = new Map<number, number | null>();
  const levelOn = (day: number): number | null => {
    const around: number[] = [];
    for (let at = day - REACH_DAYS; at <= day + REACH_DAYS; at++) {
      const ships = byDay.get(at);
      if (ships !== undefined) around.push(ships);
    }
    return around.length < LEAST_DAYS ? null : around.reduce((sum, n) => sum + n, 0) / around.length / baseline;
  };
  return {
    level(at) {
      const day = Math.floor(at / DAY_MS);
      let level = levels.get(day);
      if (level === undefined) levels.set(day, (level = levelOn(day)));
      return level;
    },
  };
}

/** @param share below this share of the baseline the passage counts as closed @returns null where the days around `at` are not recorded */
export function isClosed(passage: PassageLevels, at: Millis, share: number): boolean | null {
  const level = passage.level(at);
  return level === null ? null : level < share;
}

/** What a ship met. */
export interface Met {
  readonly hit: boolean;
  /** Days for which the passage stayed closed after the ship got there; 0 where it was open. */
  readonly closedDays: number;
  /** The record ends before the passage is open again: the days are at least so many. */
  readonly censored: boolean;
}

/** What a ship met that came at `at`: closed or not, and for how long it stayed closed after. @returns null where it is not recorded */
export function metAt(passage: PassageLevels, at: Millis, share: number): Met | null {
  const closed = isClosed(passage, at, share);
  if (closed === null) return null;
  if (!closed) return { hit: false, closedDays: 0, censored: false };
  let last = at;
  for (let from = (Math.floor(at / DAY_MS) + 1) * DAY_MS; ; from += DAY_MS) {
    const still = isClosed(passage, from, share);
    if (still === null) return { hit: true, closedDays: (last - at) / DAY_MS + 1, censored: true };
    if (!still) return { hit: true, closedDays: (from - at) / DAY_MS, censored: false };
    last = from;
  }
}
