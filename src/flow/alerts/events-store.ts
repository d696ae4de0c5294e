/** The tables `whatsapp_events` and `alert_replies`: everything that webhooks said, each thing once. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import type { Millis } from '../../model/time.ts';
import type { ChannelEvent, DeliveryStatus, ReplyEvent, ReplyMeaning, StatusEvent } from './ports.ts';

/** @returns false when it is known already */
export async function insertEvent(tx: Transaction, event: ChannelEvent, receivedAt: Millis): Promise<boolean> {
  const [providerId, opaque, status] = event.kind === 'status' ? [event.providerId, event.opaque, event.status] : [event.id, null, null];
  const { rowCount } = await tx.query(
    `insert into whatsapp_events (id, kind, provider_id, opaque, status, at, payload, received_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do nothing`,
    [event.id, event.kind, providerId, opaque, status, new Date(event.at), JSON.stringify({ event: { ...event, payload: undefined }, received: event.payload }), new Date(receivedAt)],
  );
  return rowCount > 0;
}

export async function attachEvent(tx: Transaction, eventId: string, alertId: string, attempt: number | null): Promise<void> {
  await tx.query('update whatsapp_events set alert_id = $2, attempt = $3 where id = $1', [eventId, alertId, attempt]);
}

/** Reports that came before anybody knew whose they were, oldest first. */
export async function unattachedStatuses(tx: Transaction, providerId: string): Promise<readonly StatusEvent[]> {
  const { rows } = await tx.query<{ payload: { event: Omit<StatusEvent, 'payload'> } }>(
    "select payload from whatsapp_events where provider_id = $1 and kind = 'status' and alert_id is null order by at, received_at for update",
    [providerId],
  );
  return rows.map((row) => ({ ...row.payload.event, payload: {} }));
}

export interface TimelineEntry {
  readonly status: DeliveryStatus;
  readonly attempt: number | null;
  readonly at: Millis;
  readonly receivedAt: Millis;
}

export async function timeline(on: Executor, alertId: string): Promise<readonly TimelineEntry[]> {
  const { rows } = await on.query<{ status: DeliveryStatus; attempt: number | null; at: Date; received_at: Date }>(
    "select status, attempt, at, received_at from whatsapp_events where alert_id = $1 and kind = 'status' order by at, received_at",
    [alertId],
  );
  return rows.map((row) => ({ status: row.status, attempt: row.attempt, at: row.at.getTime(), receivedAt: row.received_at.getTime() }));
}

/** @returns false when it is known already */
export async function insertReply(tx: Transaction, reply: ReplyEvent, alertId: string | null, meaning: ReplyMeaning, receivedAt: Millis): Promise<boolean> {
  const { rowCount } = await tx.query(
    'insert into alert_replies (id, alert_id, sender, meaning, text, at, received_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing',
    [reply.id, alertId, reply.from, meaning, reply.text, new Date(reply.at), new Date(receivedAt)],
  );
  return rowCount > 0;
}

/** The alert that a reply without a reference most likely means: the newest that reached this number. */
export async function newestAlertTo(on: Executor, recipient: string): Promise<string | null> {
  const { rows } = await on.query<{ id: string }>(
    "select id from alerts where recipient = $1 and status in ('sent', 'delivered', 'read') order by coalesce(sent_at, created_at) desc limit 1",
    [recipient],
  );
  return rows[0]?.id ?? null;
}

export interface StoredReply {
  readonly meaning: ReplyMeaning;
  readonly text: string;
  readonly at: Millis;
}

export async function listReplies(on: Executor, alertId: string): Promise<readonly StoredReply[]> {
  const { rows } = await on.query<{ meaning: ReplyMeaning; text: string; at: Date }>('select meaning, text, at from alert_replies where alert_id = $1 order by at', [alertId]);
  return rows.map((row) => ({ meaning: row.meaning, text: row.text, at: row.at.getTime() }));
}
