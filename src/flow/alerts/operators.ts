/**
 * The operators' contact: called where no contact of a customer's could be reached, or where one asks for a call.
 * One message in ten minutes: it tells of every call that waits, its own and those of other alerts, which it covers.
 */
import type { Transaction } from '../../kernel/database/types.ts';
import type { Millis } from '../../model/time.ts';
import { channelOf, enqueueSend, type AlertsDeps } from './deps.ts';
import { changeDelivery, findDelivery, insertDelivery, OPERATORS_POSITION, type Delivery } from './deliveries-store.ts';
import { CHANNEL_ABSENT } from './delivery-rules.ts';
import type { EscalationCause } from './fallback.ts';
import { composeMessage, linkTo } from './message.ts';
import type { OutgoingMessage, Severity } from './ports.ts';
import { alertsCoveredBy, changeAlert, type Alert } from './store.ts';

/** Longest list in one message; what does not fit is in the queue. */
const MOST_COVERED = 20;

/**
 * Calls the operators for an alert; once for each, unless the call before was taken back unsent.
 * The caller holds the alert's lock. @param desk the desk's time now
 */
export async function callOperators(deps: AlertsDeps, tx: Transaction, alert: Alert, why: EscalationCause, desk: Millis): Promise<void> {
  await changeAlert(tx, alert.id, { escalated: why });
  deps.logger.warn('alert_escalated', { alert_id: alert.id, why, severity: alert.severity });
  if (!deps.operators) return;
  const { channel, address } = deps.operators;
  const present = channelOf(deps, channel) !== null;
  const now = deps.clock.now();
  const fresh = {
    status: present ? ('queued' as const) : ('failed' as const),
    queuedAt: now,
    queuedAsOf: desk,
    ...(present ? {} : { errorCode: CHANNEL_ABSENT, errorMessage: `OPERATOR_ALERTS names ${channel}, and that channel is not set up`, failedAt: now }),
  };
  const before = await findDelivery(tx, alert.id, OPERATORS_POSITION);
  if (before && before.status !== 'cancelled') return;
  if (before) await changeDelivery(tx, before, { ...fresh, reason: null, tries: 0 });
  // The operators may be a contact of this very customer: then they have it already.
  else if (!(await insertDelivery(tx, { alertId: alert.id, position: OPERATORS_POSITION, role: 'operators', channel, address, ...fresh }))) return;
  if (present) await enqueueSend(deps, tx, alert, { position: OPERATORS_POSITION });
}

/** Takes the other calls that wait for this address along. Rows that somebody works on are left to them. */
export async function coverWaitingCalls(tx: Transaction, own: Delivery): Promise<void> {
  await tx.query(
    `update alert_deliveries d set covered_by = $1, not_before = null from (
       select alert_id, position from alert_deliveries
       where role = 'operators' and channel = $2 and address = $3 and status = 'queued' and last_attempt is null and covered_by is null and alert_id <> $1
       order by queued_at limit ${MOST_COVERED} for update skip locked) waiting
     where d.alert_id = waiting.alert_id and d.position = waiting.position`,
    [own.alertId, own.channel, own.address],
  );
}

/** What became of the message is what became of every call that it covers. */
export async function mirrorCovered(tx: Transaction, alertId: string): Promise<void> {
  await tx.query(
    `update alert_deliveries d set status = own.status, sent_at = own.sent_at, delivered_at = own.delivered_at, read_at = own.read_at, failed_at = own.failed_at,
       error_code = own.error_code, error_message = own.error_message, provider_id = own.provider_id
     from alert_deliveries own where own.alert_id = $1 and own.role = 'operators' and own.status in ('sent', 'delivered', 'read', 'failed') and d.covered_by = $1`,
    [alertId],
  );
}

const CAUSES: Readonly<Record<EscalationCause, string>> = Object.freeze({
  exhausted: 'every contact was tried, and nobody is known to have been told',
  unread: 'critical, and unread',
  held: 'the channel does not let the message pass',
  call_me: 'the customer asks for a call',
});
const WEIGHT: Readonly<Record<Severity, number>> = Object.freeze({ low: 0, medium: 1, high: 2, critical: 3 });

/** @param alert the one whose delivery carries the message */
export async function operatorsMessage(deps: AlertsDeps, tx: Transaction, alert: Alert, to: string, attempt: number): Promise<OutgoingMessage> {
  const all = [alert, ...(await alertsCoveredBy(tx, alert.id))];
  const deadlines = all.map((a) => a.deadline).filter((d) => d !== null);
  const line = (a: Alert): string => `${a.customerName}: ${CAUSES[a.escalated ?? 'exhausted']}. ${a.headline}${a.errorMessage === null ? '' : ` (${a.channel}: ${a.errorMessage})`} [${a.id}]`;
  const message = composeMessage({
    ...alert,
    language: 'en',
    timezone: 'UTC',
    headline: all.length === 1 ? `A person is needed: ${alert.customerName}, ${CAUSES[alert.escalated ?? 'exhausted']}` : `A person is needed for ${all.length} alerts`,
    body: all.map(line).join('\n'),
    deadline: deadlines.length === 0 ? null : Math.min(...deadlines),
    severity: all.reduce<Severity>((worst, a) => (WEIGHT[a.severity] > WEIGHT[worst] ? a.severity : worst), 'low'),
  }, to, attempt, deps.publicUrl);
  return all.length === 1 ? message : { ...message, link: linkTo(deps.publicUrl, '/alerts') };
}
