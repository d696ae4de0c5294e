/** What the API shows of an alert. Recipients are masked here, and nowhere else is one shown. */
import { z } from 'zod';
import { iso, type Millis } from '../../model/time.ts';
import type { Attempt } from './attempts-store.ts';
import { ALERT_STATUSES } from './delivery-rules.ts';
import type { StoredReply, TimelineEntry } from './events-store.ts';
import { maskRecipient } from './rules.ts';
import type { Alert } from './store.ts';

const time = z.iso.datetime().describe('UTC');
const timeOrNull = time.nullable();

export const alertStatus = z.enum(ALERT_STATUSES);

export const alertView = z.object({
  id: z.string(),
  decision_id: z.string(),
  customer_id: z.string(),
  customer_name: z.string(),
  recipient: z.string().describe('Masked: +84•••1234'),
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
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  created_at: time,
  sent_at: timeOrNull,
  delivered_at: timeOrNull.describe('Null also where the channel reported `read` alone'),
  read_at: timeOrNull,
  as_of: time.describe('Desk time of the decision'),
});
export type AlertView = z.infer<typeof alertView>;

const text = (at: Millis | null): string | null => (at === null ? null : iso(at));

export const viewAlert = (a: Alert): AlertView => ({
  id: a.id,
  decision_id: a.decisionId,
  customer_id: a.customerId,
  customer_name: a.customerName,
  recipient: maskRecipient(a.recipient),
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
});

export const alertDetail = alertView.extend({
  tries: z.array(z.object({ n: z.number().int(), started_at: time, outcome: z.string(), proved_by: z.string().nullable(), provider_id: z.string().nullable(), code: z.string().nullable(), message: z.string().nullable() })),
  reports: z.array(z.object({ status: z.string(), attempt: z.number().int().nullable(), at: time, received_at: time })),
  replies: z.array(z.object({ meaning: z.string(), text: z.string(), at: time })),
});

export const viewDetail = (a: Alert, tries: readonly Attempt[], reports: readonly TimelineEntry[], replies: readonly StoredReply[]): z.infer<typeof alertDetail> => ({
  ...viewAlert(a),
  tries: tries.map((t) => ({ n: t.n, started_at: iso(t.startedAt), outcome: t.outcome ?? 'under_way', proved_by: t.evidence, provider_id: t.providerId, code: t.code, message: t.message })),
  reports: reports.map((r) => ({ status: r.status, attempt: r.attempt, at: iso(r.at), received_at: iso(r.receivedAt) })),
  replies: replies.map((r) => ({ meaning: r.meaning, text: r.text, at: iso(r.at) })),
});

export const queueView = z.object({
  depth: z.number().int().describe('Alerts that wait or are being sent'),
  oldest_age_seconds: z.number().describe('Of those that may go; 0 when there is none'),
  by_status: z.partialRecord(alertStatus, z.number().int()),
  channel_hold: z.object({ until: time, code: z.string(), message: z.string() }).nullable(),
  items: z.array(alertView).describe('Oldest first, at most 100'),
  dead_letters: z.array(alertView).describe('Failed alerts, oldest first, at most 100: POST /admin/alerts/{id}/requeue sends one again'),
});
