/**
 * The table `alerts`: what is told, and a copy of the delivery that counts most. Deliveries are in `deliveries-store.ts`,
 * tries in `attempts-store.ts`, what webhooks said in `events-store.ts`.
 */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { Micros } from '../../model/money.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import { NOT_CONFIRMED, type AlertStatus } from './delivery-rules.ts';
import type { EscalationCause } from './fallback.ts';
import type { AlertRequest, QuietHours, Severity } from './ports.ts';
import type { Novelty, Told } from './rules.ts';

/** An alert as stored. `asOf`, `deadline` and `heldUntil` are desk time, all else wall-clock time. */
export interface Alert {
  readonly id: string;
  readonly decisionId: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly recipient: string;
  readonly language: string;
  readonly timezone: string;
  readonly quietHours: QuietHours | null;
  readonly eventKey: string;
  readonly action: string;
  readonly headline: string;
  readonly body: string;
  readonly deadline: Millis | null;
  readonly expectedCost: Micros;
  readonly severity: Severity;
  readonly novelty: Novelty;
  readonly asOf: Millis;
  readonly channel: string;
  readonly status: AlertStatus;
  readonly reason: string | null;
  readonly heldUntil: Millis | null;
  readonly notBefore: Millis | null;
  /** Counted tries since it was queued. */
  readonly tries: number;
  /** All tries ever. */
  readonly attempts: number;
  readonly providerId: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly createdAt: Millis;
  readonly queuedAt: Millis;
  readonly sentAt: Millis | null;
  readonly deliveredAt: Millis | null;
  readonly readAt: Millis | null;
  readonly failedAt: Millis | null;
  /** Wall-clock time of the next look; null where nothing is waited for. */
  readonly watchAt: Millis | null;
  /** Why the operators were called. */
  readonly escalated: EscalationCause | null;
}

type Row = Record<string, unknown>;

const ms = (value: unknown): Millis | null => (value instanceof Date ? value.getTime() : null);

function fromRow(row: Row): Alert {
  const alert: { -readonly [K in keyof Alert]: unknown } = {
    id: row['id'], decisionId: row['decision_id'], customerId: row['customer_id'], customerName: row['customer_name'],
    recipient: row['recipient'], language: row['language'], timezone: row['timezone'], eventKey: row['event_key'],
    action: row['action'], headline: row['headline'], body: row['body'], deadline: ms(row['deadline']),
    expectedCost: row['expected_cost_micros'], severity: row['severity'], novelty: row['novelty'], asOf: ms(row['as_of']),
    channel: row['channel'], status: row['status'], reason: row['reason'], heldUntil: ms(row['held_until']),
    notBefore: ms(row['not_before']), tries: row['tries'], attempts: row['attempts'], providerId: row['provider_id'],
    errorCode: row['error_code'], errorMessage: row['error_message'], createdAt: ms(row['created_at']), queuedAt: ms(row['queued_at']),
    sentAt: ms(row['sent_at']), deliveredAt: ms(row['delivered_at']), readAt: ms(row['read_at']), failedAt: ms(row['failed_at']),
    quietHours: row['quiet_from'] === null ? null : { from: row['quiet_from'], to: row['quiet_to'] }, watchAt: ms(row['watch_at']), escalated: row['escalated'],
  };
  return Object.freeze(alert) as Alert;
}

const at = (value: Millis | null): Date | null => (value === null ? null : new Date(value));

/** One customer's alerts are judged one after another, in whatever process. Held until the transaction ends. */
export async function lockCustomer(tx: Transaction, customerId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`alerts.customer:${customerId}`]);
}

export async function findAlert(on: Executor, id: string): Promise<Alert | null> {
  const { rows } = await on.query('select * from alerts where id = $1', [id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/**
 * `no key`: who stores what refers to an alert (a reply) holds its key, and comes here with it. A lock that took the key as well
 * would have two of them wait for each other.
 */
export async function lockAlert(tx: Transaction, id: string): Promise<Alert | null> {
  const { rows } = await tx.query('select * from alerts where id = $1 for no key update', [id]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Alerts that told nobody. One that failed for want of proof alone may well have told, and is not said again. */
const TOLD_NOBODY = `(status = 'suppressed' or (status = 'failed' and error_code is distinct from '${NOT_CONFIRMED}'))`;

/** What the customer was, or is about to be, told last of an event. */
export async function lastTold(tx: Transaction, customerId: string, eventKey: string): Promise<(Told & { readonly id: string }) | null> {
  const { rows } = await tx.query(
    `select * from alerts where customer_id = $1 and event_key = $2 and not ${TOLD_NOBODY}
     order by as_of desc, created_at desc limit 1`,
    [customerId, eventKey],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

export async function countForCeilings(tx: Transaction, customerId: string, localDay: string, now: Millis): Promise<{ customerToday: number; last24h: number }> {
  const { rows } = await tx.query<{ customer: bigint; everyone: bigint }>(
    `select (select count(*) from alerts where customer_id = $1 and local_day = $2 and not ${TOLD_NOBODY}) as customer,
            (select count(*) from alerts where created_at > $3 and not ${TOLD_NOBODY}) as everyone`,
    [customerId, localDay, new Date(now - DAY_MS)],
  );
  return { customerToday: Number(rows[0]!.customer), last24h: Number(rows[0]!.everyone) };
}

export interface NewAlert {
  readonly id: string;
  readonly fingerprint: string;
  readonly request: AlertRequest;
  readonly novelty: Novelty;
  readonly localDay: string;
  readonly channel: string;
  readonly recipient: string;
  readonly status: 'queued' | 'suppressed' | 'failed';
  readonly reason: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly heldUntil: Millis | null;
  readonly now: Millis;
}

export async function insertAlert(tx: Transaction, a: NewAlert): Promise<void> {
  const r = a.request;
  await tx.query(
    `insert into alerts (id, fingerprint, decision_id, customer_id, customer_name, recipient, language, timezone, event_key, action,
       headline, body, deadline, expected_cost_micros, severity, novelty, as_of, local_day, channel, status, reason, held_until,
       error_code, error_message, failed_at, created_at, queued_at, quiet_from, quiet_to)
     values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$26,$27,$28)
     on conflict do nothing`,
    [
      a.id, a.fingerprint, r.decisionId, r.customerId, r.customerName, a.recipient, r.language, r.timezone, r.eventKey, r.action,
      r.headline, r.body.join('\n'), at(r.deadline), r.expectedCost, r.severity, a.novelty, new Date(r.asOf), a.localDay, a.channel, a.status, a.reason, at(a.heldUntil),
      a.error?.code ?? null, a.error?.message ?? null, a.status === 'failed' ? new Date(a.now) : null, new Date(a.now), r.quietHours?.from ?? null, r.quietHours?.to ?? null,
    ],
  );
}

/** A customer's alerts of an event on which something is still to be done, the newest last. Locked until the transaction ends. */
export async function lockOpenAlerts(tx: Transaction, customerId: string, eventKey: string, but: string): Promise<readonly Alert[]> {
  const { rows } = await tx.query(
    `select * from alerts where customer_id = $1 and event_key = $2 and id <> $3 and (status in ('queued', 'sending') or watch_at is not null)
     order by created_at, id for no key update`,
    [customerId, eventKey, but],
  );
  return rows.map(fromRow);
}

/** Alerts at which somebody must look now, the longest due first. */
export async function alertsToWatch(on: Executor, now: Millis, limit = 200): Promise<readonly string[]> {
  const { rows } = await on.query<{ id: string }>('select id from alerts where watch_at <= $1 order by watch_at limit $2', [new Date(now), limit]);
  return rows.map((row) => row.id);
}

/**
 * Alerts that should have come to an end, and have not: a look that did not happen, or a deadline that passed with the
 * message still on its way. The deadline is desk time: it has passed when as much wall-clock time has gone as was left.
 */
export async function alertsPastTheirTime(on: Executor, now: Millis, graceMs: number, limit = 100): Promise<readonly Alert[]> {
  const { rows } = await on.query(
    `select * from alerts where watch_at < $2
       or (status in ('queued', 'sending', 'sent') and (reason is null or reason !~ '^(superseded_by|settled):') and deadline is not null and deadline - as_of < $1::timestamptz - created_at)
       or (status = 'sent' and watch_at is null and (reason is null or reason !~ '^(superseded_by|settled):'))
     order by created_at limit $3`,
    [new Date(now), new Date(now - graceMs), limit],
  );
  return rows.map(fromRow);
}

type Change = Partial<Pick<Alert, 'status' | 'reason' | 'heldUntil' | 'notBefore' | 'tries' | 'attempts' | 'providerId' | 'errorCode' | 'errorMessage' | 'queuedAt' | 'sentAt' | 'deliveredAt' | 'readAt' | 'failedAt' | 'channel' | 'recipient' | 'watchAt' | 'escalated'>>;

const COLUMNS: { readonly [K in keyof Required<Change>]: string } = {
  status: 'status', reason: 'reason', heldUntil: 'held_until', notBefore: 'not_before', tries: 'tries', attempts: 'attempts', providerId: 'provider_id',
  errorCode: 'error_code', errorMessage: 'error_message', queuedAt: 'queued_at', sentAt: 'sent_at', deliveredAt: 'delivered_at', readAt: 'read_at', failedAt: 'failed_at',
  channel: 'channel', recipient: 'recipient', watchAt: 'watch_at', escalated: 'escalated',
};
const TIMES = new Set<keyof Change>(['heldUntil', 'notBefore', 'queuedAt', 'sentAt', 'deliveredAt', 'readAt', 'failedAt', 'watchAt']);

/** The caller holds the row's lock. */
export async function changeAlert(tx: Transaction, id: string, change: Change): Promise<void> {
  const keys = Object.keys(change) as (keyof Change)[];
  if (keys.length === 0) return;
  const values = keys.map((key): unknown => (TIMES.has(key) ? at(change[key] as Millis | null) : change[key]));
  await tx.query(`update alerts set ${keys.map((key, i) => `${COLUMNS[key]} = $${i + 2}`).join(', ')} where id = $1`, [id, ...values]);
}

export interface AlertFilter {
  readonly status?: AlertStatus | undefined;
  readonly customerId?: string | undefined;
  readonly decisionId?: string | undefined;
  /** Only those whose customer waits for a call. */
  readonly callOpen?: boolean | undefined;
  readonly before?: { readonly createdAt: Millis; readonly id: string } | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listAlerts(on: Executor, f: AlertFilter): Promise<readonly Alert[]> {
  const { rows } = await on.query(
    `select * from alerts where ($1::text is null or status = $1) and ($2::text is null or customer_id = $2) and ($3::text is null or decision_id = $3)
       and ($4::timestamptz is null or (created_at, id) < ($4, $5))
       and (not $6 or exists (select 1 from alert_call_requests c where c.alert_id = alerts.id and c.closed_at is null))
     order by created_at desc, id desc limit $7`,
    [f.status ?? null, f.customerId ?? null, f.decisionId ?? null, at(f.before?.createdAt ?? null), f.before?.id ?? null, f.callOpen ?? false, f.limit],
  );
  return rows.map(fromRow);
}

/** Those of which the operators are told in another alert's message. */
export async function alertsCoveredBy(on: Executor, alertId: string): Promise<readonly Alert[]> {
  const { rows } = await on.query('select a.* from alerts a join alert_deliveries d on d.alert_id = a.id where d.covered_by = $1 order by a.created_at, a.id', [alertId]);
  return rows.map(fromRow);
}

/** Oldest first. */
export async function listByStatus(on: Executor, statuses: readonly AlertStatus[], limit: number): Promise<readonly Alert[]> {
  const { rows } = await on.query('select * from alerts where status = any($1) order by queued_at, id limit $2', [statuses, limit]);
  return rows.map(fromRow);
}

export async function countByStatus(on: Executor): Promise<Readonly<Partial<Record<AlertStatus, number>>>> {
  const { rows } = await on.query<{ status: AlertStatus; n: bigint }>('select status, count(*) as n from alerts group by status');
  return Object.fromEntries(rows.map((row) => [row.status, Number(row.n)]));
}

/**
 * Forgets all alerts and what was said of them: a replay begins again. Messages on phones stay there.
 * Waits for sends that are being claimed or stored; the result of a call under way then finds nobody, and is dropped.
 */
export async function forgetAlerts(tx: Transaction): Promise<void> {
  await tx.query('truncate alerts, alert_deliveries, alert_attempts, alert_call_requests, alert_replies, alert_holds, alert_events');
}
