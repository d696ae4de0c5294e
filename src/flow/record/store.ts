/** The SQL of outcomes and forecasts. Reads take `asOf` and see nothing that was known later. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import { iso, type Millis } from '../../model/time.ts';
import type { Answer } from '../signals/index.ts';
import { groupOf, questionKey, type Forecast, type Forecaster } from './forecasts.ts';
import type { Opinion } from './pooling.ts';

/** One evaluation of the record at a time: two would each hold the other's questions to be new. */
export const lockRecord = async (tx: Transaction): Promise<void> => void (await tx.query(`select pg_advisory_xact_lock(hashtextextended('record', 0))`));

/** Outcome as stored last, by question. */
export async function storedOutcomes(on: Executor): Promise<ReadonlyMap<string, 0 | 1>> {
  const { rows } = await on.query<{ source: string; external_id: string; outcome: 0 | 1 }>(
    'select distinct on (source, external_id) source, external_id, outcome from record_outcomes order by source, external_id, known_at desc',
  );
  return new Map(rows.map((r) => [questionKey({ source: r.source, externalId: r.external_id }), r.outcome]));
}

export async function insertOutcomes(tx: Transaction, answers: readonly Answer[], asOf: Millis): Promise<void> {
  await insertAll(tx, 'record_outcomes', answers.map((a) => ({
    source: a.source, external_id: a.externalId, known_at: iso(a.knownAt), outcome: a.outcome, claim: a.claim, chokepoint: a.chokepoint, group_key: groupOf(a), signal_id: a.signalId, as_of: iso(asOf),
  })));
}

export async function insertForecasts(tx: Transaction, forecasts: readonly Forecast[], asOf: Millis): Promise<void> {
  await insertAll(tx, 'record_forecasts', forecasts.map((f) => ({
    source: f.source, external_id: f.externalId, forecaster: f.forecaster, forecast_at: iso(f.forecastAt), probability: f.probability, window_days: f.windowDays,
    opinions: f.opinions, pooling_version: f.poolingVersion, signal_id: f.signalId, known_at: iso(f.knownAt), as_of: iso(asOf),
  })));
}

async function insertAll(tx: Transaction, table: 'record_outcomes' | 'record_forecasts', records: readonly object[]): Promise<void> {
  if (records.length === 0) return;
  const columns = Object.keys(records[0]!).join(', ');
  await tx.query(`insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb) on conflict do nothing`, [JSON.stringify(records)]);
}

/** A forecast with what came of it, as far as known. */
export interface RecordRow {
  readonly question: string;
  readonly source: string;
  readonly group: string;
  readonly forecaster: Forecaster;
  readonly forecastAt: Millis;
  readonly probability: number;
  readonly windowDays: number;
  readonly opinions: readonly Opinion[] | null;
  readonly outcome: 0 | 1;
  /** When the outcome became known first: a correction changes what it was, not when the forecasts ended. */
  readonly knownAt: Millis;
}

/** Everything that could be scored by `asOf`, in a fixed order. */
export async function recordRows(on: Executor, asOf: Millis): Promise<readonly RecordRow[]> {
  const { rows } = await on.query<{ source: string; external_id: string; group_key: string; forecaster: Forecaster; forecast_at: Date; probability: number; window_days: number; opinions: Opinion[] | null; outcome: 0 | 1; known_at: Date }>(
    `select f.source, f.external_id, o.group_key, f.forecaster, f.forecast_at, f.probability, f.window_days, f.opinions, o.outcome, f.known_at
       from record_forecasts f
       join (select distinct on (source, external_id) source, external_id, group_key, outcome from record_outcomes where known_at <= $1
              order by source, external_id, known_at desc) o using (source, external_id)
      where f.known_at <= $1 order by f.source, f.external_id, f.forecast_at, f.forecaster`,
    [iso(asOf)],
  );
  return rows.map((r) => ({
    question: questionKey({ source: r.source, externalId: r.external_id }),
    source: r.source,
    group: r.group_key,
    forecaster: r.forecaster,
    forecastAt: r.forecast_at.getTime(),
    probability: r.probability,
    windowDays: r.window_days,
    opinions: r.opinions,
    outcome: r.outcome,
    knownAt: r.known_at.getTime(),
  }));
}

/** Forgets the whole record: a scenario is about to be played again. A live database never does this. */
export async function forgetRecord(tx: Transaction): Promise<void> {
  await tx.query('truncate record_outcomes, record_forecasts, pooling_versions');
}
