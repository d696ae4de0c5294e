/** The record of sweeps: what each source gave, and how each source stands. */
import type { Executor, Transaction } from '../database/types.ts';
import { DAY_MS, iso, type Millis } from '../../model/time.ts';
import type { SourceReport } from './types.ts';

export interface SweepRecord extends SourceReport {
  readonly stage: string;
  readonly kind: 'real' | 'twin';
  readonly cause: string;
  readonly asOf: Millis;
  /** Wall clock. */
  readonly startedAt: Millis;
  readonly finishedAt: Millis;
}

export async function recordSweep(tx: Transaction, sweep: SweepRecord): Promise<void> {
  await tx.query(
    `insert into source_sweeps (stage, source, source_kind, cause, as_of, fetched, stored, duplicate, rejected, failed, started_at, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [sweep.stage, sweep.source, sweep.kind, sweep.cause, iso(sweep.asOf), sweep.fetched, sweep.new, sweep.duplicate, JSON.stringify(sweep.rejected), sweep.failed, iso(sweep.startedAt), iso(sweep.finishedAt)],
  );
}

export interface SourceState {
  readonly stage: string;
  readonly source: string;
  /** Wall-clock times. */
  readonly lastSuccessAt: Millis | null;
  readonly lastFailure: { readonly at: Millis; readonly code: string } | null;
  /** False when the newest sweep failed. */
  readonly healthy: boolean;
}

/** How each source that was ever swept stands, by stage and name. */
export async function sourceStates(on: Executor): Promise<readonly SourceState[]> {
  const { rows } = await on.query<{ stage: string; source: string; succeeded_at: Date | null; failed_at: Date | null; failed: string | null; last_failed: boolean }>(
    // Hops from source to source: `distinct on` would read every sweep there was.
    `with recursive n as (
       (select stage, source, failed from source_sweeps order by stage, source, id desc limit 1)
       union all
       select x.stage, x.source, x.failed from n cross join lateral (
         select stage, source, failed from source_sweeps where (stage, source) > (n.stage, n.source) order by stage, source, id desc limit 1) x)
     select n.stage, n.source, ok.finished_at as succeeded_at, bad.finished_at as failed_at, bad.failed, n.failed is not null as last_failed
       from n
       left join lateral (select finished_at from source_sweeps where stage = n.stage and source = n.source and failed is null order by id desc limit 1) ok on true
       left join lateral (select finished_at, failed from source_sweeps where stage = n.stage and source = n.source and failed is not null order by id desc limit 1) bad on true
      order by n.stage, n.source`,
  );
  return rows.map((r) => ({
    stage: r.stage,
    source: r.source,
    lastSuccessAt: r.succeeded_at?.getTime() ?? null,
    lastFailure: r.failed_at && r.failed !== null ? { at: r.failed_at.getTime(), code: r.failed } : null,
    healthy: !r.last_failed,
  }));
}

/** Long enough to see what a source did through an outage of weeks, and the sweeps of a desk with twenty sources stay below 200,000 rows. */
const KEPT_MS = 90 * DAY_MS;

/**
 * Housekeeping: removes sweeps that ended more than 90 days ago, but of each source the last that succeeded and the last that failed: how it stands is told from them.
 * @param now wall clock @returns rows removed
 */
export async function purgeSweeps(tx: Transaction, now: Millis): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from source_sweeps s where s.finished_at < $1
        and exists (select 1 from source_sweeps n where n.stage = s.stage and n.source = s.source and n.id > s.id and (n.failed is null) = (s.failed is null))`,
    [iso(now - KEPT_MS)],
  );
  return rowCount;
}

/** Forgets the sweeps of one stage: what they swept is about to be played again. */
export async function forgetSweeps(tx: Transaction, stage: string): Promise<void> {
  await tx.query('delete from source_sweeps where stage = $1', [stage]);
}
