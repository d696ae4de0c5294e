/** What each sweep of observations found, source by source, and how each source stands. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import { iso, type Millis } from '../../model/time.ts';

export interface ObservationReport {
  readonly source: string;
  readonly fetched: number;
  readonly new: number;
  readonly duplicate: number;
  readonly rejected: readonly { readonly rule: string; readonly count: number }[];
  /** Code of the error that kept the source from answering, or null. */
  readonly failed: string | null;
}

export interface ObservationSweep extends ObservationReport {
  readonly kind: 'real' | 'twin';
  readonly cause: string;
  readonly asOf: Millis;
  readonly startedAt: Millis;
  readonly finishedAt: Millis;
}

export async function recordSweep(tx: Transaction, sweep: ObservationSweep): Promise<void> {
  await tx.query(
    `insert into reality_sweeps (source, source_kind, cause, as_of, fetched, stored, duplicate, rejected, failed, started_at, finished_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [sweep.source, sweep.kind, sweep.cause, iso(sweep.asOf), sweep.fetched, sweep.new, sweep.duplicate, JSON.stringify(sweep.rejected), sweep.failed, iso(sweep.startedAt), iso(sweep.finishedAt)],
  );
}

export interface ObservationSourceState {
  readonly source: string;
  /** Wall-clock times. */
  readonly lastSuccessAt: Millis | null;
  readonly lastFailure: { readonly at: Millis; readonly code: string } | null;
  /** False when the newest sweep failed. */
  readonly healthy: boolean;
}

/** How each source that was ever swept stands. */
export async function observationSourceStates(on: Executor): Promise<readonly ObservationSourceState[]> {
  const { rows } = await on.query<{ source: string; succeeded_at: Date | null; failed_at: Date | null; failed: string | null; last_failed: boolean }>(
    `select n.source, ok.finished_at as succeeded_at, bad.finished_at as failed_at, bad.failed, n.failed is not null as last_failed
       from (select distinct on (source) source, failed from reality_sweeps order by source, id desc) n
       left join lateral (select finished_at from reality_sweeps where source = n.source and failed is null order by id desc limit 1) ok on true
       left join lateral (select finished_at, failed from reality_sweeps where source = n.source and failed is not null order by id desc limit 1) bad on true
      order by n.source`,
  );
  return rows.map((r) => ({
    source: r.source,
    lastSuccessAt: r.succeeded_at?.getTime() ?? null,
    lastFailure: r.failed_at && r.failed !== null ? { at: r.failed_at.getTime(), code: r.failed } : null,
    healthy: !r.last_failed,
  }));
}
