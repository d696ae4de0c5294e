/** What the API shows of an alert. Recipients are masked here, and nowhere else is one shown. */
import { z } from 'zod';
import { iso, type Millis } from '../../model/time.ts';
import type { Attempt } from './attempts-store.ts';
import type { CallRequest } from './calls.ts';
import { CHANNEL_WORDS, maskAddress } from './contacts.ts';
import type { Delivery } from './deliveries-store.ts';
import { ALERT_STATUSES, DELIVERY_STATES } from './delivery-rules.ts';
import type { StoredReply, TimelineEntry } from './events-store.ts';
import type { MessageChannel } from './ports.ts';
import type { Alert } from './store.ts';

const time = z.iso.datetime().describe('UTC');
const timeOrNull = time.nullable();

export const alertStatus = z.enum(ALERT_STATUSES);

const errorView = z.object({ code: z.string(), message: z.string() }).nullable();

const deliveryView = z.object({
  position: z.number().int().describe('The customer’s order of preference, from 0; 99 is the operators'),
  role: z.enum(['customer', 'operators']),
  channel: z.string(),
  recipient: z.string().describe('Masked, each channel in its own way'),
  status: z.enum(DELIVERY_STATES),
  proof: z.string().describe('What is known of it, in words'),
  reason: z.string().nullable(),
  held_until: timeOrNull.describe('End of the quiet hours, in desk time'),
  next_try_at: timeOrNull,
  attempts: z.number().int().nullable().describe('The number of its newest try among the alert’s'),
  error: errorView,
  queued_at: timeOrNull,
  sent_at: timeOrNull,
  delivered_at: timeOrNull,
  read_at: timeOrNull,
  lapsed_at: timeOrNull.describe('Since when it does not count as told any more: nothing proved it in time'),
  covered_by: z.string().nullable().describe('The alert whose message told the operators of this one too'),
});

const callView = z.object({ open: z.boolean(), asked_at: time, closed_at: timeOrNull, closed_by: z.string().nullable(), note: z.string().nullable() });

export const alertView = z.object({
  id: z.string(),
  decision_id: z.string(),
  customer_id: z.string(),
  customer_name: z.string(),
  recipient: z.string().describe('Of the delivery that counts most, masked: +84•••1234'),
  channel: z.string(),
  status: alertStatus,
  reason: z.string().nullable().describe('Why it is suppressed or held'),
  held_until: timeOrNull.describe('End of the quiet hours, in desk time'),
  next_try_at: timeOrNull.describe('Wall-clock time'),
  headline: z.string(),
  body: z.string(),
  action: z.string(),
  severity: z.string(),
  deadline: timeOrNull,
  attempts: z.number().int(),
  error: errorView,
  created_at: time,
  sent_at: timeOrNull,
  delivered_at: timeOrNull.describe('Null also where the channel reported `read` alone'),
  read_at: timeOrNull,
  as_of: time.describe('Desk time of the decision'),
  next_look_at: timeOrNull.describe('When the next contact is tried unless it is read before; wall-clock time'),
  escalated: z.string().nullable().describe('Why the operators were called: exhausted, unread, held or call_me'),
  call_request: callView.nullable().describe('The customer has answered “3 call me”'),
  deliveries: z.array(deliveryView).describe('One a contact, in order of preference; then the operators'),
});
export type AlertView = z.infer<typeof alertView>;

const text = (at: Millis | null): string | null => (at === null ? null : iso(at));

/** How many of a message's ways are known: each state in a word or two, honest about what the channel can prove. */
function proofOf(d: Delivery, confirms: MessageChannel['confirms'] | undefined): string {
  const name = CHANNEL_WORDS[d.channel];
  if (d.status === 'read') return 'Read';
  if (d.status === 'delivered') return d.lapsedAt === null ? 'On the phone' : 'On the phone, not read in time';
  if (d.status !== 'sent') return d.status === 'planned' ? 'Not needed yet' : d.status === 'cancelled' ? 'Not needed any more' : d.status === 'failed' ? 'Not told' : 'Not yet sent';
  if (d.lapsedAt !== null) return `Accepted by ${name}, not confirmed in time: does not count as told`;
  return confirms === 'accepted' ? `Accepted by ${name}, which never says more: counts as told until its time to be read is over` : `Accepted by ${name}, not yet confirmed`;
}

const viewDelivery = (d: Delivery, confirms: MessageChannel['confirms'] | undefined): z.infer<typeof deliveryView> => ({
  position: d.position,
  role: d.role,
  channel: d.channel,
  recipient: maskAddress(d.channel, d.address),
  status: d.status,
  proof: proofOf(d, confirms),
  reason: d.reason,
  held_until: text(d.heldUntil),
  next_try_at: text(d.notBefore),
  attempts: d.lastAttempt,
  error: d.errorCode === null ? null : { code: d.errorCode, message: d.errorMessage ?? '' },
  queued_at: text(d.queuedAt),
  sent_at: text(d.sentAt),
  delivered_at: text(d.deliveredAt),
  read_at: text(d.readAt),
  lapsed_at: text(d.lapsedAt),
  covered_by: d.coveredBy,
});

/** What stands beside an alert's own row. */
export interface Beside {
  readonly deliveries: readonly Delivery[];
  readonly call: CallRequest | null;
  readonly channels: readonly MessageChannel[];
}

export const viewAlert = (a: Alert, beside: Beside): AlertView => ({
  id: a.id,
  decision_id: a.decisionId,
  customer_id: a.customerId,
  customer_name: a.customerName,
  recipient: maskAddress(a.channel, a.recipient),
  channel: a.channel,
  status: a.status,
  reason: a.reason,
  held_until: text(a.heldUntil),
  next_try_at: text(a.notBefore),
  headline: a.headline,
  body: a.body,
  action: a.action,
  severity: a.severity,
  deadline: text(a.deadline),
  attempts: a.attempts,
  error: a.errorCode === null ? null : { code: a.errorCode, message: a.errorMessage ?? '' },
  created_at: iso(a.createdAt),
  sent_at: text(a.sentAt),
  delivered_at: text(a.deliveredAt),
  read_at: text(a.readAt),
  as_of: iso(a.asOf),
  next_look_at: text(a.watchAt),
  escalated: a.escalated,
  call_request: beside.call && { open: beside.call.closedAt === null, asked_at: iso(beside.call.askedAt), closed_at: text(beside.call.closedAt), closed_by: beside.call.closedBy, note: beside.call.note },
  deliveries: beside.deliveries.map((d) => viewDelivery(d, beside.channels.find((c) => c.name === d.channel)?.confirms)),
});

export const alertDetail = alertView.extend({
  tries: z.array(z.object({ n: z.number().int(), delivery: z.number().int().describe('Its position'), channel: z.string(), started_at: time, outcome: z.string(), proved_by: z.string().nullable(), provider_id: z.string().nullable(), code: z.string().nullable(), message: z.string().nullable() })),
  reports: z.array(z.object({ channel: z.string(), status: z.string(), attempt: z.number().int().nullable(), at: time, received_at: time })),
  replies: z.array(z.object({ channel: z.string(), meaning: z.string(), text: z.string(), at: time })),
});

export const viewDetail = (a: Alert, beside: Beside, tries: readonly Attempt[], reports: readonly TimelineEntry[], replies: readonly StoredReply[]): z.infer<typeof alertDetail> => ({
  ...viewAlert(a, beside),
  tries: tries.map((t) => ({ n: t.n, delivery: t.delivery, channel: t.channel, started_at: iso(t.startedAt), outcome: t.outcome ?? 'under_way', proved_by: t.evidence, provider_id: t.providerId, code: t.code, message: t.message })),
  reports: reports.map((r) => ({ channel: r.channel, status: r.status, attempt: r.attempt, at: iso(r.at), received_at: iso(r.receivedAt) })),
  replies: replies.map((r) => ({ channel: r.channel, meaning: r.meaning, text: r.text, at: iso(r.at) })),
});

const holdView = z.object({ channel: z.string(), until: time, code: z.string(), message: z.string() });

export const queueView = z.object({
  depth: z.number().int().describe('Alerts that wait or are being sent'),
  oldest_age_seconds: z.number().describe('Of those that may go; 0 when there is none'),
  by_status: z.partialRecord(alertStatus, z.number().int()),
  channel_hold: holdView.nullable().describe('The longest hold of a channel'),
  channels: z.array(z.object({
    channel: z.string(),
    set_up: z.boolean(),
    confirms: z.string().nullable().describe('The strongest proof that it can ever give: read, delivered, or accepted alone'),
    hold: holdView.nullable(),
    deliveries: z.partialRecord(z.enum(DELIVERY_STATES), z.number().int()),
    tries_last_hour: z.number().int(),
    failed_last_hour: z.number().int(),
  })),
  items: z.array(alertView).describe('Oldest first, at most 100'),
  dead_letters: z.array(alertView).describe('Failed alerts, oldest first, at most 100: POST /admin/alerts/{id}/requeue sends one again'),
  past_their_time: z.array(alertView).describe('Should have come to an end, and have not: a fault of the desk’s own'),
  call_requests: z.array(alertView).describe('Customers who wait for a call, the longest first: POST /api/v1/alerts/{id}/call/close'),
});
