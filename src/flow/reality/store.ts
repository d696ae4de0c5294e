/** The SQL of reality. Reads take `asOf` and see nothing that was known later: of each day the newest value known by then. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import { forgetSweeps } from '../../kernel/sweeps/index.ts';
import { addDays, iso, type IsoDay, type Millis } from '../../model/time.ts';
import type { ChokepointId } from '../../model/place.ts';
import type { Observation, ObservationUnit, SeriesId } from './ports.ts';

export interface KnownValue {
  readonly series: SeriesId;
  readonly observedFor: IsoDay;
  readonly knownAt: Millis;
  readonly value: number;
  readonly unit: ObservationUnit;
  readonly source: string;
  readonly url: string;
}

interface ObservationRow {
  series: string;
  observed_for: string;
  known_at: Date;
  value: number;
  unit: ObservationUnit;
  source: string;
  url: string;
}

/** @returns by series, days in order; a series that nobody observes is an empty list */
export async function knownValues(on: Executor, series: readonly SeriesId[], from: IsoDay, to: IsoDay, asOf: Millis): Promise<ReadonlyMap<SeriesId, readonly KnownValue[]>> {
  const { rows } = await on.query<ObservationRow>(
    `select distinct on (series, observed_for) series, observed_for::text, known_at, value, unit, source, url from observations
      where series = any($1::text[]) and observed_for between $2 and $3 and known_at <= $4 order by series, observed_for, known_at desc`,
    [series, from, to, iso(asOf)],
  );
  const bySeries = new Map<SeriesId, KnownValue[]>(series.map((s) => [s, []]));
  for (const r of rows) bySeries.get(r.series)!.push({ series: r.series, observedFor: r.observed_for, knownAt: r.known_at.getTime(), value: r.value, unit: r.unit, source: r.source, url: r.url });
  return bySeries;
}

/**
 * Stores what is new. A repeat of a day's newest known value is a duplicate; another value for a day already known is a correction, and kept beside it.
 * @returns how many were stored, by series
 */
export async function storeObservations(tx: Transaction, observations: readonly Observation[], asOf: Millis): Promise<ReadonlyMap<SeriesId, number>> {
  if (observations.length === 0) return new Map();
  // Two sweeps at once would each hold the other's correction to be new.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('observations', 0))`);
  const records = withoutRepeats(observations).map((o) => ({ series: o.series, observed_for: o.observedFor, known_at: iso(o.knownAt), value: o.value, unit: o.unit, source: o.source, url: o.url, as_of: iso(asOf) }));
  const { rows } = await tx.query<{ series: string }>(
    `insert into observations (series, observed_for, known_at, value, unit, source, url, as_of)
     select n.series, n.observed_for, n.known_at, n.value, n.unit, n.source, n.url, n.as_of
       from jsonb_to_recordset($1::jsonb) as n(series text, observed_for date, known_at timestamptz, value float8, unit text, source text, url text, as_of timestamptz)
      where n.value is distinct from (select o.value from observations o where o.series = n.series and o.observed_for = n.observed_for and o.known_at <= n.known_at
                                       order by o.known_at desc limit 1)
     on conflict do nothing returning series`,
    [JSON.stringify(records)],
  );
  const stored = new Map<SeriesId, number>();
  for (const { series } of rows) stored.set(series, (stored.get(series) ?? 0) + 1);
  return stored;
}

/** Of several values for one day, those that say something new, in the order in which they became known. */
function withoutRepeats(observations: readonly Observation[]): Observation[] {
  const last = new Map<string, number>();
  return [...observations]
    .sort((a, b) => a.knownAt - b.knownAt)
    .filter(({ series, observedFor, value }) => {
      const key = `${series} ${observedFor}`;
      const repeats = last.get(key) === value;
      last.set(key, value);
      return !repeats;
    });
}

/** Publishers correct the last days: they are asked for again. */
const CORRECTED_DAYS = 14;

/** The day from which a source is to be asked, so that corrections are seen; null when it has told nothing yet. */
export async function askSince(on: Executor, source: string, asOf: Millis): Promise<IsoDay | null> {
  const { rows } = await on.query<{ day: string | null }>(
    `select min(newest)::text as day from (select max(observed_for) as newest from observations where source = $1 and known_at <= $2 group by series) s`,
    [source, iso(asOf)],
  );
  const day = rows[0]?.day;
  return day ? addDays(day, -CORRECTED_DAYS) : null;
}

export interface Alarm {
  readonly id: string;
  readonly series: SeriesId;
  readonly chokepoint: ChokepointId;
  readonly direction: 'down' | 'up';
  readonly alarmedFor: IsoDay;
  readonly knownAt: Millis;
  readonly statistic: number;
  /** Recent mean ÷ baseline mean. */
  readonly levelRatio: number;
  readonly baseline: { readonly from: IsoDay; readonly to: IsoDay; readonly mean: number; readonly sd: number };
}

/** @returns the alarms that were not yet written down */
export async function storeAlarms(tx: Transaction, alarms: readonly Alarm[], rulesVersion: string, asOf: Millis): Promise<readonly Alarm[]> {
  if (alarms.length === 0) return [];
  const records = alarms.map((a) => ({
    id: a.id,
    series: a.series,
    chokepoint: a.chokepoint,
    direction: a.direction,
    alarmed_for: a.alarmedFor,
    known_at: iso(a.knownAt),
    statistic: a.statistic,
    level_ratio: a.levelRatio,
    baseline: a.baseline,
    rules_version: rulesVersion,
    as_of: iso(asOf),
  }));
  const columns = Object.keys(records[0]!).join(', ');
  const { rows } = await tx.query<{ id: string }>(
    `insert into alarms (${columns}) select ${columns} from jsonb_populate_recordset(null::alarms, $1::jsonb) on conflict (id) do nothing returning id`,
    [JSON.stringify(records)],
  );
  const stored = new Set(rows.map((r) => r.id));
  return alarms.filter((a) => stored.has(a.id));
}

/** Alarms of a passage for days in the window, as known at `asOf`, oldest first. */
export async function knownAlarms(on: Executor, chokepoint: ChokepointId, from: IsoDay, to: IsoDay, asOf: Millis): Promise<readonly Alarm[]> {
  const { rows } = await on.query<{ id: string; series: string; direction: 'down' | 'up'; alarmed_for: string; known_at: Date; statistic: number; level_ratio: number; baseline: Alarm['baseline'] }>(
    `select id, series, direction, alarmed_for::text, known_at, statistic, level_ratio, baseline from alarms
      where chokepoint = $1 and alarmed_for between $2 and $3 and known_at <= $4 order by alarmed_for, series`,
    [chokepoint, from, to, iso(asOf)],
  );
  return rows.map((r) => ({ id: r.id, series: r.series, chokepoint, direction: r.direction, alarmedFor: r.alarmed_for, knownAt: r.known_at.getTime(), statistic: r.statistic, levelRatio: r.level_ratio, baseline: r.baseline }));
}

/** Whose rows in the record of sweeps are this stage's. */
export const STAGE = 'reality';

/** Forgets every observation, alarm, state and sweep: a scenario is about to be played again. A live database never does this. */
export async function forgetReality(tx: Transaction): Promise<void> {
  await tx.query('truncate vessels, vessel_events, observations, alarms, chokepoint_states');
  await forgetSweeps(tx, STAGE);
}
