/** The tables `alert_events` and `alert_replies`: everything that webhooks said, each thing once. Calls that customers ask for are in `calls.ts`. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { Millis } from '../../model/time.ts';
import type { ChannelEvent, ChannelName, DeliveryStatus, ReplyEvent, ReplyMeaning, StatusEvent } from './ports.ts';

/** @returns false when it is known already */
export async function insertEvent(tx: Transaction, channel: ChannelName, event: ChannelEvent, receivedAt: Millis): Promise<boolean> {
  const [providerId, opaque, status] = event.kind === 'status' ? [event.providerId, event.opaque, event.status] : [event.id, null, null];
  const { rowCount } = await tx.query(
    `insert into alert_events (id, channel, kind, provider_id, opaque, status, at, payload, received_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do nothing`,
    [event.id, channel, event.kind, providerId, opaque, status, new Date(event.at), JSON.stringify({ event: { ...event, payload: undefined }, received: event.payload }), new Date(receivedAt)],
  );
  return rowCount > 0;
}

export async function attachEvent(tx: Transaction, eventId: string, alertId: string, attempt: number | null): Promise<void> {
  await tx.query('update alert_events set alert_id = $2, attempt = $3 where id = $1', [eventId, alertId, attempt]);
}

/** Reports that came before anybody knew whose they were, oldest first. */
export async function unattachedStatuses(tx: Transaction, channel: ChannelName, providerId: string): Promise<readonly StatusEvent[]> {
  const { rows } = await tx.query<{ payload: { event: Omit<StatusEvent, 'payload'> } }>(
    "select payload from alert_events where channel = $1 and provider_id = $2 and kind = 'status' and alert_id is null order by at, received_at for update",
    [channel, providerId],
  );
  return rows.map((row) => ({ ...row.payload.event, payload: {} }));
}

export interface TimelineEntry {
  readonly channel: string;
  readonly status: DeliveryStatus;
  readonly attempt: number | null;
  readonly at: Millis;
  readonly receivedAt: Millis;
}

export async function timeline(on: Executor, alertId: string): Promise<readonly TimelineEntry[]> {
  const { rows } = await on.query<{ channel: string; status: DeliveryStatus; attempt: number | null; at: Date; received_at: Date }>(
    "select channel, status, attempt, at, received_at from alert_events where alert_id = $1 and kind = 'status' order by at, received_at",
    [alertId],
  );
  return rows.map((row) => ({ channel: row.channel, status: row.status, attempt: row.attempt, at: row.at.getTime(), receivedAt: row.received_at.getTime() }));
}

/** @returns false when it is known already */
export async function insertReply(tx: Transaction, channel: ChannelName, reply: ReplyEvent, alertId: string | null, meaning: ReplyMeaning, receivedAt: Millis): Promise<boolean> {
  const { rowCount } = await tx.query(
    'insert into alert_replies (id, channel, alert_id, sender, meaning, text, at, received_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing',
    [reply.id, channel, alertId, reply.from, meaning, reply.text, new Date(reply.at), new Date(receivedAt)],
  );
  return rowCount > 0;
}

/** The delivery that a reply without a reference most likely means: the newest to a customer that left for this address. */
export async function newestDeliveryTo(on: Executor, channel: ChannelName, address: string): Promise<{ readonly alertId: string; readonly position: number } | null> {
  const { rows } = await on.query<{ alert_id: string; position: number }>(
    `select alert_id, position from alert_deliveries where channel = $1 and address = $2 and role = 'customer' and status in ('sent', 'delivered', 'read')
     order by coalesce(sent_at, queued_at) desc limit 1`,
    [channel, address],
  );
  return rows[0] ? { alertId: rows[0].alert_id, position: rows[0].position } : null;
}

export interface StoredReply {
  readonly channel: string;
  readonly meaning: ReplyMeaning;
  readonly text: string;
  readonly at: Millis;
}

export async function listReplies(on: Executor, alertId: string): Promise<readonly StoredReply[]> {
  const { rows } = await on.query<{ channel: string; meaning: ReplyMeaning; text: string; at: Date }>('select channel, meaning, text, at from alert_replies where alert_id = $1 order by at', [alertId]);
  return rows.map((row) => ({ channel: row.channel, meaning: row.meaning, text: row.text, at: row.at.getTime() }));
}
