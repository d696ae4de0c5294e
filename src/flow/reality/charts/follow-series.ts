/** Follows one daily series with a chart: when its baseline is fixed and renewed, when it alarms, and when the alarm ends. Pure. */
import { addDays, DAY_MS, type IsoDay, type Millis } from '../../../model/time.ts';
import { baselineOf, nextSums, STANDARD_CHART, ZERO_SUMS, type Baseline, type Sums } from './cusum.ts';
import {
  BASELINE_DAYS,
  BASELINE_LEAST_DAYS,
  BASELINE_MONTHS,
  NEW_NORMAL_AFTER_DAYS,
  RECENT_LEAST_DAYS,
  RECENT_MOST_DAYS,
  RECOVERY_DAYS,
  RECOVERY_LEVEL,
} from './monitors.ts';

/** One day's value, as known at the time of asking. */
export interface DayValue {
  readonly day: IsoDay;
  readonly value: number;
  readonly knownAt: Millis;
}

export interface DatedBaseline extends Baseline {
  /** First and last day. */
  readonly from: IsoDay;
  readonly to: IsoDay;
}

export interface SeriesAlarm {
  readonly direction: 'down' | 'up';
  readonly day: IsoDay;
  readonly knownAt: Millis;
  /** The sum at the alarm, in standard deviations. */
  readonly statistic: number;
  /** Recent mean ÷ baseline mean at the alarm. */
  readonly level: number;
  readonly baseline: DatedBaseline;
}

/** Recent traffic: since the sum was last 0, or the last days where it is 0. */
export interface RecentLevel {
  readonly from: IsoDay;
  readonly to: IsoDay;
  readonly days: number;
  readonly mean: number;
  /** ÷ baseline mean; 1 where the baseline mean is 0. */
  readonly ratio: number;
}

export interface SeriesState {
  /** Null until there is enough history. */
  readonly baseline: DatedBaseline | null;
  readonly recent: RecentLevel | null;
  /** Oldest first. */
  readonly alarms: readonly SeriesAlarm[];
  /** The alarm that has not ended. */
  readonly standing: SeriesAlarm | null;
}

interface Watch {
  readonly side: 'down' | 'up';
  readonly level: number;
}

/** What is carried from day to day. */
interface Running {
  baseline: DatedBaseline | null;
  sums: Sums;
  /** Index of the last day on which the watched sum was 0. */
  calmAt: number;
  standing: { readonly alarm: SeriesAlarm; readonly at: number } | null;
}

/** The newest day before which the baseline of `day` is fixed: the first of February, May, August or November. */
export function baselineAnchor(day: IsoDay, quartersBack = 0): IsoDay {
  let [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  while (!BASELINE_MONTHS.includes(month)) [year, month] = month === 1 ? [year - 1, 12] : [year, month - 1];
  const months = year * 12 + month - 1 - 3 * quartersBack;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-01`;
}

/** @param values one a day, in order of days; days may be missing */
export function followSeries(values: readonly DayValue[], { side, level }: Watch): SeriesState {
  const days = fillGaps(values);
  const alarms: SeriesAlarm[] = [];
  const run: Running = { baseline: null, sums: ZERO_SUMS, calmAt: -1, standing: null };
  for (let i = 0; i < days.length; i++) {
    renewBaseline(run, days, i);
    const today = days[i]!;
    if (!run.baseline || today.value === null) continue;
    run.sums = nextSums(run.sums, today.value, run.baseline, STANDARD_CHART.k);
    if (run.sums[side] === 0) run.calmAt = i;
    if (!run.standing && run.sums[side] > STANDARD_CHART.h) {
      const { ratio } = recentLevel(days, i, run);
      if (!beyond(ratio, level, side)) continue;
      const alarm: SeriesAlarm = { direction: side, day: today.day, knownAt: today.knownAt, statistic: run.sums[side], level: ratio, baseline: run.baseline };
      alarms.push(alarm);
      run.standing = { alarm, at: i };
    } else if (run.standing && hasRecovered(days, i, run.standing.at, run.baseline, side)) {
      Object.assign(run, { standing: null, sums: ZERO_SUMS, calmAt: i });
    }
  }
  const last = days.findLastIndex((d) => d.value !== null);
  return { baseline: run.baseline, recent: run.baseline && last >= 0 ? recentLevel(days, last, run) : null, alarms, standing: run.standing?.alarm ?? null };
}

type FilledDay = { readonly day: IsoDay; readonly value: number; readonly knownAt: Millis } | { readonly day: IsoDay; readonly value: null };

function fillGaps(values: readonly DayValue[]): FilledDay[] {
  const filled: FilledDay[] = [];
  let before: number | null = null;
  for (const value of values) {
    // A calendar day as stored: `startOfDay` would check it again, which was half the time of a chart over years.
    const at = Date.parse(value.day) / DAY_MS;
    for (let gap = before === null ? 0 : at - before - 1; gap > 0; gap--) filled.push({ day: addDays(value.day, -gap), value: null });
    filled.push(value);
    before = at;
  }
  return filled;
}

function renewBaseline(run: Running, days: readonly FilledDay[], i: number): void {
  const { day } = days[i]!;
  const onAnchor = day.endsWith('-01') && BASELINE_MONTHS.includes(Number(day.slice(5, 7)));
  const due = run.baseline ? onAnchor && (!run.standing || i - run.standing.at > NEW_NORMAL_AFTER_DAYS) : onAnchor || i >= BASELINE_DAYS;
  if (!due) return;
  const window = days.slice(Math.max(0, i - BASELINE_DAYS), i);
  const baseline = baselineOf(window.map((d) => d.value), BASELINE_LEAST_DAYS);
  if (!baseline) return;
  Object.assign(run, { baseline: { ...baseline, from: window[0]!.day, to: window.at(-1)!.day }, sums: ZERO_SUMS, calmAt: i - 1, standing: null });
}

function recentLevel(days: readonly FilledDay[], i: number, run: Running): RecentLevel {
  const wanted = Math.min(RECENT_MOST_DAYS, Math.max(RECENT_LEAST_DAYS, i - run.calmAt));
  const known: { day: IsoDay; value: number }[] = [];
  for (let at = i; at >= 0 && known.length < wanted; at--) {
    const day = days[at]!;
    if (day.value !== null) known.unshift(day);
  }
  const mean = known.reduce((sum, d) => sum + d.value, 0) / known.length;
  return { from: known[0]!.day, to: known.at(-1)!.day, days: known.length, mean, ratio: ratioOf(mean, run.baseline!) };
}

const ratioOf = (mean: number, baseline: Baseline): number => (baseline.mean === 0 ? 1 : mean / baseline.mean);
const beyond = (ratio: number, level: number, side: 'down' | 'up'): boolean => (side === 'down' ? ratio <= level : ratio >= level);

function hasRecovered(days: readonly FilledDay[], i: number, alarmedAt: number, baseline: Baseline, side: 'down' | 'up'): boolean {
  let [known, sum] = [0, 0];
  for (let at = i; at > alarmedAt && known < RECOVERY_DAYS; at--) {
    const { value } = days[at]!;
    if (value === null) continue;
    known += 1;
    sum += value;
  }
  if (known < RECOVERY_DAYS) return false;
  const ratio = ratioOf(sum / known, baseline);
  return side === 'down' ? ratio >= RECOVERY_LEVEL : ratio <= 1 / RECOVERY_LEVEL;
}
