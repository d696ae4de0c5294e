/**
 * Which series are watched for which passage, and when a crossing of the chart is worth an alarm: data with a version.
 * Not here: the arithmetic (`cusum.ts`) and how a series is followed over time (`follow-series.ts`).
 */
import type { ChokepointId } from '../../../model/place.ts';
import { freightSeries, transitSeries, type SeriesId } from '../ports.ts';

export const REALITY_RULES_VERSION = 'reality-2';

export interface Monitor {
  readonly chokepoint: ChokepointId;
  readonly series: SeriesId;
  /** Traffic falling away, or traffic that comes because it was driven from elsewhere. */
  readonly side: 'down' | 'up';
  /**
   * The chart must have crossed and the recent level must be at or beyond this share of the baseline.
   * Set on transits of 2022 to July 2026, the crises themselves included (IMF PortWatch): at 0.8 the Gulf's counts, which interference with AIS lets swing by half,
   * would alarm 15 times in those four years, at 0.5 never; the other passages alarm five times at 0.8, two of them the Red Sea crisis.
   */
  readonly level: number;
}

const down = (chokepoint: ChokepointId, shipClass: 'total' | 'container', level: number): Monitor => ({ chokepoint, series: transitSeries(chokepoint, shipClass), side: 'down', level });

export const MONITORS: readonly Monitor[] = Object.freeze([
  down('bab_el_mandeb', 'total', 0.8),
  down('bab_el_mandeb', 'container', 0.8),
  down('suez', 'total', 0.8),
  down('suez', 'container', 0.8),
  down('hormuz', 'total', 0.5),
  down('hormuz', 'container', 0.4),
  down('panama', 'total', 0.8),
  down('malacca', 'total', 0.8),
  down('bosphorus', 'total', 0.8),
  down('gibraltar', 'total', 0.8),
  down('dover', 'total', 0.8),
  { chokepoint: 'cape_of_good_hope', series: transitSeries('cape_of_good_hope'), side: 'up', level: 1.25 },
]);

/** The freight rate that feels a passage first: the lane whose ships use it. */
export const FREIGHT_LANES: Readonly<Partial<Record<ChokepointId, string>>> = Object.freeze({
  bab_el_mandeb: 'shanghai_rotterdam',
  suez: 'shanghai_rotterdam',
  hormuz: 'shanghai_rotterdam',
  malacca: 'shanghai_rotterdam',
  panama: 'shanghai_ny',
});

/** Lanes whose ships use a passage, so that a run of rises is news of it: their alarms are told beside those of traffic, and move no state. */
export const FREIGHT_MONITORS: readonly { readonly chokepoint: ChokepointId; readonly series: SeriesId }[] = Object.freeze([
  { chokepoint: 'bab_el_mandeb', series: freightSeries('shanghai_rotterdam') },
  { chokepoint: 'suez', series: freightSeries('shanghai_rotterdam') },
  { chokepoint: 'panama', series: freightSeries('shanghai_ny') },
]);

export const freightSeriesOf = (chokepoint: ChokepointId): SeriesId | null => (FREIGHT_LANES[chokepoint] === undefined ? null : freightSeries(FREIGHT_LANES[chokepoint]));

/** Baselines are the 90 days before these days, four times a year, and stay fixed until the next. */
export const BASELINE_DAYS = 90;
export const BASELINE_MONTHS: readonly number[] = Object.freeze([2, 5, 8, 11]);
/** Days of the 90 that must have been observed. */
export const BASELINE_LEAST_DAYS = 60;
/** While an alarm stands the baseline is kept, so that a crisis does not become the norm; after this long it has. */
export const NEW_NORMAL_AFTER_DAYS = 365;
/** An alarm ends when the mean of this many days since it is back at this share of the baseline (1 ÷ share for `up`). */
export const RECOVERY_DAYS = 7;
export const RECOVERY_LEVEL = 0.9;
/** The recent level is the mean since the sum last was 0, over at least 3 and at most 7 days. */
export const RECENT_LEAST_DAYS = 3;
export const RECENT_MOST_DAYS = 7;
