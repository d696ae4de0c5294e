/** "3 call me": a request that stays open until a person says that it is done. The table `alert_call_requests`. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { Millis } from '../../model/time.ts';

export interface CallRequest {
  readonly alertId: string;
  readonly askedAt: Millis;
  readonly closedAt: Millis | null;
  readonly closedBy: string | null;
  readonly note: string | null;
}

interface Row {
  readonly alert_id: string;
  readonly asked_at: Date;
  readonly closed_at: Date | null;
  readonly closed_by: string | null;
  readonly note: string | null;
}

const fromRow = (row: Row): CallRequest => ({ alertId: row.alert_id, askedAt: row.asked_at.getTime(), closedAt: row.closed_at?.getTime() ?? null, closedBy: row.closed_by, note: row.note });

export async function insertCallRequest(tx: Transaction, replyId: string, alertId: string, askedAt: Millis): Promise<void> {
  await tx.query('insert into alert_call_requests (reply_id, alert_id, asked_at) values ($1, $2, $3) on conflict do nothing', [replyId, alertId, new Date(askedAt)]);
}

/** The request that matters of each alert: an open one before any other, then the newest. */
export async function callRequests(on: Executor, alertIds: readonly string[]): Promise<ReadonlyMap<string, CallRequest>> {
  const { rows } = await on.query<Row>(
    `select distinct on (alert_id) alert_id, asked_at, closed_at, closed_by, note from alert_call_requests
     where alert_id = any($1) order by alert_id, (closed_at is null) desc, asked_at desc`,
    [alertIds],
  );
  return new Map(rows.map((row) => [row.alert_id, fromRow(row)]));
}

/** Oldest first: who has waited longest is called first. */
export async function openCallRequests(on: Executor, limit: number): Promise<readonly CallRequest[]> {
  const { rows } = await on.query<Row>('select alert_id, asked_at, closed_at, closed_by, note from alert_call_requests where closed_at is null order by asked_at limit $1', [limit]);
  return rows.map(fromRow);
}

/** Closes all that are open of an alert. @returns how many */
export async function closeCallRequests(tx: Transaction, alertId: string, by: string, note: string | null, at: Millis): Promise<number> {
  const { rowCount } = await tx.query('update alert_call_requests set closed_at = $2, closed_by = $3, note = $4 where alert_id = $1 and closed_at is null', [alertId, new Date(at), by, note]);
  return rowCount;
}
