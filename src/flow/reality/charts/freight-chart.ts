/**
 * Follows a weekly freight rate with a chart on its changes: a level wanders by itself, a run of rises does not. Pure.
 * Rates are published weekly and with gaps, so a change over n weeks is divided by √n, as for a random walk.
 */
import { addDays, daysBetween, type IsoDay } from '../../../model/time.ts';
import { baselineOf, nextSums, STANDARD_CHART, ZERO_SUMS } from './cusum.ts';
import type { DayValue, SeriesAlarm } from './follow-series.ts';

/** Changes of the last year make the baseline, and at least this many of them must be known. */
const BASELINE_DAYS = 365;
const LEAST_CHANGES = 12;
/** A quiet year's changes spread less than the index is exact: 2 % a week. */
const LEAST_SD = 0.02;
const DAYS_A_WEEK = 7;

/**
 * Alarms of rises: each when the sum of standardised log changes passes h, after which the sum begins anew.
 * On Drewry's Shanghai–Rotterdam rate of 2021 to September 2026 there are two, 2023-12-21 and 2024-01-04: the Red Sea crisis.
 * k = ½ and h = 5 would give one false alarm in 930 independent weeks (one-sided, Montgomery 9.3).
 * @param rates USD/FEU, one a publication, in order of days
 * @returns oldest first; `level` is the rate ÷ the rate before the run of rises began
 */
export function freightAlarms(rates: readonly DayValue[]): readonly SeriesAlarm[] {
  const changes: { readonly day: IsoDay; readonly value: number }[] = [];
  const alarms: SeriesAlarm[] = [];
  let sums = ZERO_SUMS;
  let before: DayValue | null = null;
  let calm: DayValue | null = null;
  for (const rate of rates) {
    if (before !== null && before.value > 0 && rate.value > 0) {
      const weeks = daysBetween(before.day, rate.day) / DAYS_A_WEEK;
      const change = Math.log(rate.value / before.value) / Math.sqrt(weeks);
      const from = addDays(rate.day, -BASELINE_DAYS);
      const window = changes.filter((c) => c.day >= from);
      const found = baselineOf(window.map((c) => c.value), LEAST_CHANGES);
      if (found) {
        const baseline = { ...found, sd: Math.max(found.sd, LEAST_SD), from: window[0]!.day, to: window.at(-1)!.day };
        sums = nextSums(sums, change, baseline, STANDARD_CHART.k);
        if (sums.up === 0) calm = rate;
        if (sums.up > STANDARD_CHART.h) {
          alarms.push({ direction: 'up', day: rate.day, knownAt: rate.knownAt, statistic: sums.up, level: rate.value / (calm ?? before).value, baseline });
          sums = ZERO_SUMS;
        }
      }
      changes.push({ day: rate.day, value: change });
    }
    before = rate;
  }
  return alarms;
}
