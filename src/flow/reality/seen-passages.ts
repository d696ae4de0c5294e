/** How much traffic the passages had, day by day, as known at a time: for what has ended. Reads what was stored; decides nothing. */
import type { Executor } from '../../kernel/database/types.ts';
import type { ChokepointId } from '../../model/place.ts';
import { addDays, dayOf, startOfDay, type Millis } from '../../model/time.ts';
import { baselineAnchor, followSeries } from './charts/follow-series.ts';
import { BASELINE_DAYS, MONITORS } from './charts/monitors.ts';
import { passageLevels, REACH_DAYS, type PassageLevels } from './passage-levels.ts';
import { transitSeries, type SeriesId } from './ports.ts';
import { knownValues } from './store.ts';

export interface SeenPassage extends PassageLevels {
  readonly series: SeriesId;
  /** Ships a day, as the chart has it: fixed by quarters, and not renewed while an alarm stands. */
  readonly baseline: number;
}

/** As far back as the charts look. */
const QUARTERS_BACK = 8;

/**
 * Container ships where they are watched, else all ships. A day has a level once the three days after it are known too: a level that was
 * told is not told otherwise by the next day's count.
 * @returns nothing for a passage whose traffic is not watched, or has no baseline yet
 */
export async function seenPassages(on: Executor, ids: readonly ChokepointId[], asOf: Millis): Promise<ReadonlyMap<ChokepointId, SeenPassage>> {
  const today = dayOf(asOf);
  const watched = MONITORS.filter((m) => m.side === 'down' && ids.includes(m.chokepoint)).toSorted((a, b) => Number(a.series === transitSeries(a.chokepoint)) - Number(b.series === transitSeries(b.chokepoint)));
  const values = await knownValues(on, watched.map((m) => m.series), addDays(baselineAnchor(today, QUARTERS_BACK), -BASELINE_DAYS), today, asOf);
  const seen = new Map<ChokepointId, SeenPassage>();
  for (const { chokepoint, series, side, level } of watched) {
    const days = values.get(series) ?? [];
    const baseline = seen.has(chokepoint) ? null : followSeries(days.map((v) => ({ day: v.observedFor, value: v.value, knownAt: v.knownAt })), { side, level }).baseline;
    if (!baseline || baseline.mean === 0) continue;
    const levels = passageLevels(days.map((v) => [v.observedFor, v.value] as const), baseline.mean);
    const last = startOfDay(addDays(days.at(-1)!.observedFor, 1 - REACH_DAYS));
    seen.set(chokepoint, { series, baseline: baseline.mean, level: (at) => (at < last ? levels.level(at) : null) });
  }
  return seen;
}
