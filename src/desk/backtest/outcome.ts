/** What really happened at a passage, from its transits as they stood in the end. Pure. Knows what no decision could know. */
import type { Outcome } from '../../flow/decisions/index.ts';
import type { ChokepointId } from '../../model/place.ts';
import { addDays, DAY_MS, startOfDay, type Millis } from '../../model/time.ts';
import { newestKnown, type Scenario, type TransitColumn } from '../../scenario/index.ts';

/** The normal is the mean of the days before the first day played, this many; of which so many must be recorded. */
const BASELINE_DAYS = 90;
const BASELINE_LEAST_DAYS = 60;
/** The mean around a day reaches this far to either side: seven days, of which four must be recorded. */
const REACH_DAYS = 3;
const LEAST_DAYS = 4;

export interface PassageRecord {
  readonly chokepoint: ChokepointId;
  /** Which ships are counted: container ships where the record has them. */
  readonly ships: TransitColumn;
  /** Ships a day. */
  readonly baseline: number;
  /** Days around `at` as a share of the baseline; null where they are not recorded. */
  level(at: Millis): number | null;
}

/** @returns null where the record has too few days before the play, or ships never used the passage */
export function passageRecord(scenario: Pick<Scenario, 'transits' | 'from'>, chokepoint: ChokepointId): PassageRecord | null {
  const rows = newestKnown(scenario.transits.filter((r) => r.chokepoint === chokepoint), Number.POSITIVE_INFINITY, (r) => r.observedFor);
  const before = rows.filter((r) => r.observedFor < scenario.from && r.observedFor >= addDays(scenario.from, -BASELINE_DAYS));
  const ships: TransitColumn = before.some((r) => r.counts.container !== null) ? 'container' : 'total';
  const counts = new Map(rows.flatMap((r) => (r.counts[ships] === null ? [] : [[startOfDay(r.observedFor) / DAY_MS, r.counts[ships]] as const])));
  const normal = before.flatMap((r) => r.counts[ships] ?? []);
  const baseline = normal.reduce((sum, n) => sum + n, 0) / normal.length;
  if (normal.length < BASELINE_LEAST_DAYS || baseline === 0) return null;
  const levels = new Map<number, number | null>();
  const levelOn = (day: number): number | null => {
    const around: number[] = [];
    for (let at = day - REACH_DAYS; at <= day + REACH_DAYS; at++) {
      const count = counts.get(at);
      if (count !== undefined) around.push(count);
    }
    return around.length < LEAST_DAYS ? null : around.reduce((sum, n) => sum + n, 0) / around.length / baseline;
  };
  return {
    chokepoint,
    ships,
    baseline,
    level(at) {
      const day = Math.floor(at / DAY_MS);
      let level = levels.get(day);
      if (level === undefined) levels.set(day, (level = levelOn(day)));
      return level;
    },
  };
}

/** @param share below this share of the baseline the passage counts as closed @returns null where the days around `at` are not recorded */
export function isClosed(passage: PassageRecord, at: Millis, share: number): boolean | null {
  const level = passage.level(at);
  return level === null ? null : level < share;
}

export interface Met extends Outcome {
  /** The record ends before the passage is open again: the days are at least so many. */
  readonly censored: boolean;
}

/** What a ship met that came at `at`: closed or not, and for how long it stayed closed after. @returns null where it is not recorded */
export function metAt(passage: PassageRecord, at: Millis, share: number): Met | null {
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
