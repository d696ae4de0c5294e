/** The table `alert_deliveries`: one alert at one contact. A row changes under its alert's lock; who covers whom, in `operators.ts`. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { Millis } from '../../model/time.ts';
import type { DeliveryState } from './delivery-rules.ts';
import type { ChannelName } from './ports.ts';

export type DeliveryRole = 'customer' | 'operators';

/** The operators' place: after any contact of the customer. */
export const OPERATORS_POSITION = 99;

/** `heldUntil` and `queuedAsOf` are desk time, all else wall-clock time. */
export interface Delivery {
  readonly alertId: string;
  readonly position: number;
  readonly role: DeliveryRole;
  readonly channel: ChannelName;
  readonly address: string;
  readonly status: DeliveryState;
  readonly reason: string | null;
  readonly heldUntil: Millis | null;
  readonly notBefore: Millis | null;
  /** Counted tries since it was queued. */
  readonly tries: number;
  /** Its newest try's number among the alert's. */
  readonly lastAttempt: number | null;
  readonly providerId: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly queuedAt: Millis | null;
  readonly queuedAsOf: Millis | null;
  readonly sentAt: Millis | null;
  readonly deliveredAt: Millis | null;
  readonly readAt: Millis | null;
  readonly failedAt: Millis | null;
  readonly lapsedAt: Millis | null;
  readonly coveredBy: string | null;
}

const COLUMNS: { readonly [K in keyof Delivery]: string } = Object.freeze({
  alertId: 'alert_id', position: 'position', role: 'role', channel: 'channel', address: 'address', status: 'status', reason: 'reason', heldUntil: 'held_until',
  notBefore: 'not_before', tries: 'tries', lastAttempt: 'last_attempt', providerId: 'provider_id', errorCode: 'error_code', errorMessage: 'error_message',
  queuedAt: 'queued_at', queuedAsOf: 'queued_as_of', sentAt: 'sent_at', deliveredAt: 'delivered_at', readAt: 'read_at', failedAt: 'failed_at', lapsedAt: 'lapsed_at', coveredBy: 'covered_by',
});
const KEYS = Object.keys(COLUMNS) as (keyof Delivery)[];
const TIMES = new Set<keyof Delivery>(['heldUntil', 'notBefore', 'queuedAt', 'queuedAsOf', 'sentAt', 'deliveredAt', 'readAt', 'failedAt', 'lapsedAt']);

type Row = Record<string, unknown>;

function fromRow(row: Row): Delivery {
  const entries = KEYS.map((key): [string, unknown] => {
    const value = row[COLUMNS[key]];
    return [key, value instanceof Date ? value.getTime() : value];
  });
  return Object.freeze(Object.fromEntries(entries)) as unknown as Delivery;
}

export type NewDelivery = Pick<Delivery, 'alertId' | 'position' | 'role' | 'channel' | 'address' | 'status'> & Partial<Delivery>;

const stored = (key: keyof Delivery, value: unknown): unknown => (TIMES.has(key) && typeof value === 'number' ? new Date(value) : (value ?? null));

/** @returns false when the alert has that address, or that place, already */
export async function insertDelivery(tx: Transaction, d: NewDelivery): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into alert_deliveries (${KEYS.map((key) => COLUMNS[key]).join(', ')}) values (${KEYS.map((_, i) => `$${i + 1}`).join(', ')}) on conflict do nothing`,
    KEYS.map((key) => (key === 'tries' ? (d.tries ?? 0) : stored(key, d[key]))),
  );
  return rowCount > 0;
}

type DeliveryChange = Partial<Omit<Delivery, 'alertId' | 'position' | 'role' | 'channel' | 'address'>>;

/** The caller holds the alert's lock. */
export async function changeDelivery(tx: Transaction, d: Pick<Delivery, 'alertId' | 'position'>, change: DeliveryChange): Promise<void> {
  const keys = Object.keys(change) as (keyof DeliveryChange)[];
  if (keys.length === 0) return;
  await tx.query(`update alert_deliveries set ${keys.map((key, i) => `${COLUMNS[key]} = $${i + 3}`).join(', ')} where alert_id = $1 and position = $2`, [
    d.alertId, d.position, ...keys.map((key) => stored(key, change[key])),
  ]);
}

/** In order of preference, the operators last. */
export async function listDeliveries(on: Executor, alertIds: readonly string[]): Promise<readonly Delivery[]> {
  const { rows } = await on.query('select * from alert_deliveries where alert_id = any($1) order by alert_id, position', [alertIds]);
  return rows.map(fromRow);
}

export async function findDelivery(on: Executor, alertId: string, position: number): Promise<Delivery | null> {
  const { rows } = await on.query('select * from alert_deliveries where alert_id = $1 and position = $2', [alertId, position]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Takes back what has not left yet of an alert. @returns how many */
export async function cancelUnsent(tx: Transaction, alertId: string, reason: string, operatorsToo: boolean): Promise<number> {
  const { rowCount } = await tx.query(
    `update alert_deliveries set status = 'cancelled', reason = $2, held_until = null, not_before = null where alert_id = $1 and covered_by is null
       and (status = 'planned' or (status = 'queued' and (role = 'customer' or ($3 and last_attempt is null))))`,
    [alertId, reason, operatorsToo],
  );
  return rowCount;
}

/** Lets go what the quiet hours held, of alerts that nobody else has locked. @param asOf desk time @returns the alerts' ids and places */
export async function releaseDeliveries(tx: Transaction, asOf: Millis, now: Millis, limit = 500): Promise<readonly Pick<Delivery, 'alertId' | 'position'>[]> {
  const { rows } = await tx.query<{ alert_id: string; position: number }>(
    `with free as (
       select a.id, d.position from alerts a join alert_deliveries d on d.alert_id = a.id
       where d.status = 'queued' and d.held_until <= $1 order by d.held_until limit $3 for no key update of a skip locked)
     update alert_deliveries d set held_until = null, reason = null, queued_at = $2, queued_as_of = $1
     from free where d.alert_id = free.id and d.position = free.position returning d.alert_id, d.position`,
    [new Date(asOf), new Date(now), limit],
  );
  return rows.map((row) => ({ alertId: row.alert_id, position: row.position }));
}

/** Deliveries that should have moved by now: their job was lost to a broken database or an operator's hand. */
export async function overdueDeliveries(on: Executor, before: Millis, limit = 500): Promise<readonly (Pick<Delivery, 'alertId' | 'position'> & { readonly asOf: Millis })[]> {
  const { rows } = await on.query<{ alert_id: string; position: number; as_of: Date }>(
    `select d.alert_id, d.position, a.as_of from alert_deliveries d join alerts a on a.id = d.alert_id
     where d.status in ('queued', 'sending') and d.held_until is null and d.covered_by is null
       and greatest(d.queued_at, coalesce(d.not_before, d.queued_at)) < $1 order by d.queued_at limit $2`,
    [new Date(before), limit],
  );
  return rows.map((row) => ({ alertId: row.alert_id, position: row.position, asOf: row.as_of.getTime() }));
}

/** Since when the longest-waiting delivery that may go waits. */
export async function oldestWaiting(on: Executor): Promise<Millis | null> {
  const { rows } = await on.query<{ at: Date | null }>(
    "select min(queued_at) as at from alert_deliveries where status in ('queued', 'sending') and held_until is null and role = 'customer'",
  );
  return rows[0]?.at?.getTime() ?? null;
}

/** How many deliveries each channel has in each state. */
export async function countByChannel(on: Executor): Promise<readonly { readonly channel: string; readonly status: DeliveryState; readonly n: number }[]> {
  const { rows } = await on.query<{ channel: string; status: DeliveryState; n: bigint }>('select channel, status, count(*) as n from alert_deliveries group by 1, 2 order by 1, 2');
  return rows.map((row) => ({ channel: row.channel, status: row.status, n: Number(row.n) }));
}
