/** The tables `alert_attempts` and `alert_holds`: each try, and who must wait. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';

export type AttemptOutcome = 'accepted' | 'refused' | 'unknown' | 'lost' | 'failed';

export interface Attempt {
  readonly alertId: string;
  readonly n: number;
  /** The place of the contact among the alert's. */
  readonly delivery: number;
  readonly channel: string;
  readonly startedAt: Millis;
  readonly finishedAt: Millis | null;
  /** Null while the call is under way, or when the process died in it. `lost`: nothing ever proved it. */
  readonly outcome: AttemptOutcome | null;
  readonly evidence: 'reply' | 'webhook' | null;
  readonly providerId: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

interface Row {
  readonly alert_id: string;
  readonly n: number;
  readonly delivery: number;
  readonly channel: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly outcome: AttemptOutcome | null;
  readonly evidence: 'reply' | 'webhook' | null;
  readonly provider_id: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

const fromRow = (row: Row): Attempt =>
  Object.freeze({
    alertId: row.alert_id,
    n: row.n,
    delivery: row.delivery,
    channel: row.channel,
    startedAt: row.started_at.getTime(),
    finishedAt: row.finished_at?.getTime() ?? null,
    outcome: row.outcome,
    evidence: row.evidence,
    providerId: row.provider_id,
    code: row.code,
    message: row.message,
  });

/** Claims are taken one after another, so that the limits that are counted below are kept exactly, over all workers. */
export async function lockChannel(tx: Transaction, channel: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`alerts.channel:${channel}`]);
}

export async function insertAttempt(tx: Transaction, a: { readonly alertId: string; readonly n: number; readonly delivery: number; readonly channel: string; readonly recipient: string; readonly startedAt: Millis }): Promise<void> {
  await tx.query('insert into alert_attempts (alert_id, n, delivery, channel, recipient, started_at) values ($1, $2, $3, $4, $5, $6)', [a.alertId, a.n, a.delivery, a.channel, a.recipient, new Date(a.startedAt)]);
}

export async function findAttempt(on: Executor, alertId: string, n: number): Promise<Attempt | null> {
  const { rows } = await on.query<Row>('select * from alert_attempts where alert_id = $1 and n = $2', [alertId, n]);
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function findAttemptByProviderId(on: Executor, channel: string, providerId: string): Promise<Attempt | null> {
  const { rows } = await on.query<Row>('select * from alert_attempts where channel = $1 and provider_id = $2', [channel, providerId]);
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function listAttempts(on: Executor, alertId: string): Promise<readonly Attempt[]> {
  const { rows } = await on.query<Row>('select * from alert_attempts where alert_id = $1 order by n', [alertId]);
  return rows.map(fromRow);
}

export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly at: Millis;
  readonly evidence?: 'reply' | 'webhook';
  readonly providerId?: string;
  readonly code?: string;
  readonly message?: string;
  /** Default true. */
  readonly counts?: boolean;
}

/** What is known already (a provider's id, its proof) is kept. */
export async function endAttempt(tx: Transaction, alertId: string, n: number, end: AttemptEnd): Promise<void> {
  await tx.query(
    `update alert_attempts set outcome = $3, finished_at = coalesce(finished_at, $4), evidence = coalesce(evidence, $5),
       provider_id = coalesce(provider_id, $6), code = coalesce($7, code), message = coalesce($8, message), counts = $9
     where alert_id = $1 and n = $2`,
    [alertId, n, end.outcome, new Date(end.at), end.evidence ?? null, end.providerId ?? null, end.code ?? null, end.message ?? null, end.counts ?? true],
  );
}

export async function countLost(on: Executor, alertId: string, delivery: number, since: Millis): Promise<number> {
  const { rows } = await on.query<{ n: bigint }>("select count(*) as n from alert_attempts where alert_id = $1 and delivery = $3 and outcome = 'lost' and started_at >= $2", [alertId, new Date(since), delivery]);
  return Number(rows[0]!.n);
}

export interface Pace {
  readonly lastToRecipient: Millis | null;
  readonly inLastSecond: number;
  readonly inLastDay: number;
  /** The start of the oldest try of the last 24 hours: a day after it a place is free again. */
  readonly oldestInDay: Millis | null;
}

/** How fast we have been; tries that never left the house do not count. */
export async function pace(tx: Transaction, channel: string, recipient: string, now: Millis): Promise<Pace> {
  const { rows } = await tx.query<{ last: Date | null; second: bigint; day: bigint; oldest: Date | null }>(
    `select (select max(started_at) from alert_attempts where recipient = $2 and channel = $1 and counts) as last,
            (select count(*) from alert_attempts where channel = $1 and started_at > $3 and counts) as second,
            (select count(*) from alert_attempts where channel = $1 and started_at > $4 and counts) as day,
            (select min(started_at) from alert_attempts where channel = $1 and started_at > $4 and counts) as oldest`,
    [channel, recipient, new Date(now - 1_000), new Date(now - DAY_MS)],
  );
  const row = rows[0]!;
  return { lastToRecipient: row.last?.getTime() ?? null, inLastSecond: Number(row.second), inLastDay: Number(row.day), oldestInDay: row.oldest?.getTime() ?? null };
}

/** When the operators last got, or may have got, a message at this address. */
export async function lastToOperators(tx: Transaction, channel: string, address: string, position: number): Promise<Millis | null> {
  const { rows } = await tx.query<{ at: Date | null }>(
    "select max(started_at) as at from alert_attempts where channel = $1 and recipient = $2 and delivery = $3 and counts and outcome is distinct from 'refused'",
    [channel, address, position],
  );
  return rows[0]?.at?.getTime() ?? null;
}

export interface Hold {
  readonly scope: string;
  readonly until: Millis;
  readonly code: string;
  readonly message: string;
}

export const recipientScope = (channel: string, recipient: string): string => `recipient:${channel}:${recipient}`;
export const channelScope = (channel: string): string => `channel:${channel}`;

export async function setHold(tx: Transaction, hold: Hold, now: Millis): Promise<void> {
  await tx.query(
    `insert into alert_holds (scope, until, code, message, set_at) values ($1, $2, $3, $4, $5)
     on conflict (scope) do update set until = greatest(alert_holds.until, excluded.until), code = excluded.code, message = excluded.message, set_at = excluded.set_at`,
    [hold.scope, new Date(hold.until), hold.code, hold.message, new Date(now)],
  );
}

/** The holds among these scopes that still stand. */
export async function activeHolds(on: Executor, scopes: readonly string[], now: Millis): Promise<readonly Hold[]> {
  const { rows } = await on.query<{ scope: string; until: Date; code: string; message: string }>(
    'select scope, until, code, message from alert_holds where scope = any($1) and until > $2 order by until desc',
    [scopes, new Date(now)],
  );
  return rows.map((row) => ({ scope: row.scope, until: row.until.getTime(), code: row.code, message: row.message }));
}

export async function clearHold(tx: Transaction, scope: string): Promise<void> {
  await tx.query('delete from alert_holds where scope = $1', [scope]);
}

/** Tries since then, and how many of them the channel refused or lost. */
export async function failureRate(on: Executor, channel: string, since: Millis): Promise<{ readonly tries: number; readonly failed: number }> {
  const { rows } = await on.query<{ tries: bigint; failed: bigint }>(
    `select count(*) as tries, count(*) filter (where outcome in ('refused', 'lost', 'failed')) as failed
     from alert_attempts where channel = $1 and started_at > $2`,
    [channel, new Date(since)],
  );
  return { tries: Number(rows[0]!.tries), failed: Number(rows[0]!.failed) };
}
