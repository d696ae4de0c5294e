/** The SQL of backtests that a desk was asked for. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { CodedError } from '../../kernel/errors/index.ts';
import { iso, type IsoDay, type Millis } from '../../model/time.ts';
import type { BacktestReport } from './report.ts';

export const BACKTEST_STATUSES = Object.freeze(['queued', 'running', 'done', 'failed'] as const);
export type BacktestStatus = (typeof BACKTEST_STATUSES)[number];

export interface Backtest {
  readonly id: string;
  readonly scenario: string;
  readonly title: string;
  readonly from: IsoDay;
  readonly to: IsoDay;
  readonly status: BacktestStatus;
  readonly daysDone: number;
  readonly report: BacktestReport | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly requestedBy: string;
  readonly requestedAt: Millis;
  readonly finishedAt: Millis | null;
}

interface Row {
  id: string;
  scenario: string;
  title: string;
  from_day: string;
  to_day: string;
  status: BacktestStatus;
  days_done: number;
  report: BacktestReport | null;
  error: Backtest['error'];
  requested_by: string;
  requested_at: Date;
  finished_at: Date | null;
}

const COLUMNS = 'id, scenario, title, from_day::text, to_day::text, status, days_done, report, error, requested_by, requested_at, finished_at';

const fromRow = (r: Row): Backtest => ({
  id: r.id, scenario: r.scenario, title: r.title, from: r.from_day, to: r.to_day, status: r.status, daysDone: r.days_done, report: r.report, error: r.error,
  requestedBy: r.requested_by, requestedAt: r.requested_at.getTime(), finishedAt: r.finished_at?.getTime() ?? null,
});

export type NewBacktest = Pick<Backtest, 'id' | 'scenario' | 'title' | 'from' | 'to' | 'requestedBy' | 'requestedAt'>;

/**
 * Asked for the first time, or again after it failed.
 * @param working whether a job of any backtest waits or runs: without one, what is queued or running in the table is work that died
 * @returns whether there is work to do
 */
export async function requestBacktest(tx: Transaction, b: NewBacktest, working: boolean): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into backtests as b (id, scenario, title, from_day, to_day, status, requested_by, requested_at) values ($1, $2, $3, $4, $5, 'queued', $6, $7)
     on conflict (id) do update set status = 'queued', error = null, days_done = 0, finished_at = null, requested_by = $6, requested_at = $7 where b.status = 'failed' or (b.status in ('queued', 'running') and not $8::boolean)`,
    [b.id, b.scenario, b.title, b.from, b.to, b.requestedBy, iso(b.requestedAt), working],
  );
  return rowCount > 0;
}

export async function findBacktest(on: Executor, id: string): Promise<Backtest | null> {
  const { rows } = await on.query<Row>(`select ${COLUMNS} from backtests where id = $1`, [id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Newest first. @param after exclusive: the last row of the page before */
export async function listBacktests(on: Executor, limit: number, after: { readonly requestedAt: Millis; readonly id: string } | null): Promise<readonly Backtest[]> {
  const { rows } = await on.query<Row>(
    `select ${COLUMNS} from backtests where $2::timestamptz is null or (requested_at, id) < ($2, $3) order by requested_at desc, id desc limit $1`,
    [limit, after ? iso(after.requestedAt) : null, after?.id ?? null],
  );
  return rows.map(fromRow);
}

export async function markRunning(tx: Transaction, id: string, daysDone: number): Promise<void> {
  // Also of one that had failed: its dead letter was put back.
  await tx.query(`update backtests set status = 'running', days_done = $2, error = null, finished_at = null where id = $1 and status <> 'done'`, [id, daysDone]);
}

export async function markDone(tx: Transaction, id: string, report: BacktestReport, at: Millis): Promise<void> {
  await tx.query(`update backtests set status = 'done', days_done = $2, report = $3, error = null, finished_at = $4 where id = $1`, [id, report.scenario.days, JSON.stringify(report), iso(at)]);
}

/** @param failure a coded error, so that every code that is stored and served is in the catalogue */
export async function markFailed(tx: Transaction, id: string, failure: CodedError, at: Millis): Promise<void> {
  const { detail, fix } = failure.occurrence;
  const message = [failure.spec.title, detail, fix].filter((text) => text !== undefined).join(': ');
  const error = JSON.stringify({ code: failure.code, message });
  await tx.query(
    `update backtests set status = 'failed', error = $2, finished_at = $3 where id = $1 and status <> 'done'`,
    [id, error, iso(at)],
  );
}
