/** Carries out what `fallback.ts` finds to do, until nothing is left, and keeps the alert's copy of the delivery that counts most. */
import type { Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import type { Millis } from '../../model/time.ts';
import { CHANNEL_WORDS } from './contacts.ts';
import { cancelUnsent, changeDelivery, listDeliveries, type Delivery } from './deliveries-store.ts';
import { HELD_TOO_LONG, hours, NOT_CONFIRMED } from './delivery-rules.ts';
import { channelOf, enqueueSend, publishUpdate, type AlertsDeps } from './deps.ts';
import { deskTimeAt, planNext, standingOf, type Confirms, type Plan, type Situation, type Step } from './fallback.ts';
import { callOperators } from './operators.ts';
import { heldUntil } from './rules.ts';
import { changeAlert, type Alert } from './store.ts';

/** Each round moves at least one delivery forward, and a customer has twenty at most: more rounds are a fault of ours. */
const MOST_ROUNDS = 100;

/**
 * Whether the next contact is tried, the operators are called, or what waits is taken back. The caller holds the alert's lock.
 * @param over what `whyOver` said, where the caller has asked
 */
export async function progress(deps: AlertsDeps, tx: Transaction, alert: Alert, over?: string): Promise<void> {
  let current = alert;
  let settled = over ?? replacedBy(alert) ?? undefined;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const deliveries = await listDeliveries(tx, [alert.id]);
    const look = (why: string | null): Plan => planNext(situationOf(current, deliveries, why), confirmsOf(deps), deps.clock.now(), deps.settings);
    let plan = look(settled ?? null);
    // Asked only where somebody would be troubled: most changes are good news.
    if (settled === undefined && plan.steps.some((step) => step.kind !== 'cancel_unsent')) {
      const why = await whyOver(deps, tx, alert);
      if (why !== null) {
        settled = why;
        plan = look(settled);
      }
    }
    if (plan.steps.length === 0) return copyStanding(deps, tx, alert, deliveries, plan.watchAt, settled ?? null);
    for (const step of plan.steps) current = await take(deps, tx, current, deliveries, step);
    crashPoint('alerts.next-contact-before-commit');
  }
  deps.logger.error('alert_plan_without_end', { alert_id: alert.id });
}

/** Why nobody needs to hear of the alert any more; null while it matters. */
export async function whyOver(deps: AlertsDeps, tx: Transaction, alert: Alert): Promise<string | null> {
  const replaced = replacedBy(alert);
  if (replaced !== null) return replaced;
  const why = await deps.whySettled(tx, alert.decisionId);
  return why === null ? null : `settled: ${why}`;
}

const replacedBy = (alert: Alert): string | null => (alert.status === 'suppressed' || isSuperseded(alert) ? (alert.reason ?? 'suppressed') : null);

/** Newer advice of the same event has gone out in its place: nobody is troubled for this one any more. */
const isSuperseded = (alert: Pick<Alert, 'reason'>): boolean => alert.reason?.startsWith('superseded_by:') ?? false;

const situationOf = (a: Alert, deliveries: readonly Delivery[], settled: string | null): Situation => ({ deadline: a.deadline, severity: a.severity, escalated: a.escalated, deliveries, settled });

/** A channel that is not set up any more proves nothing. */
const confirmsOf = (deps: AlertsDeps): Confirms => (channel) => channelOf(deps, channel)?.confirms ?? 'accepted';

async function take(deps: AlertsDeps, tx: Transaction, alert: Alert, deliveries: readonly Delivery[], step: Step): Promise<Alert> {
  const now = deps.clock.now();
  if (step.kind === 'cancel_unsent') {
    await cancelUnsent(tx, alert.id, step.why, step.operatorsToo);
    return alert;
  }
  if (step.kind === 'call_operators') {
    await callOperators(deps, tx, alert, step.why, deskNow(alert, deliveries, now));
    return { ...alert, escalated: step.why };
  }
  const delivery = deliveries.find((d) => d.position === step.position)!;
  if (step.kind === 'start') await start(deps, tx, alert, delivery, deskNow(alert, deliveries, now));
  else if (step.kind === 'lapse') {
    const proof = delivery.status === 'delivered' ? 'is on the phone, and nothing proves that it was read' : 'was accepted, and nothing proves that it arrived or was read';
    await changeDelivery(tx, delivery, { lapsedAt: now, errorCode: NOT_CONFIRMED, errorMessage: `By ${CHANNEL_WORDS[delivery.channel]} it ${proof}, ${hours(step.waitedMs)} later. Ask the customer.` });
    deps.logger.warn('alert_unread', { alert_id: alert.id, channel: delivery.channel, status: delivery.status, waited_ms: step.waitedMs });
  } else {
    const last = delivery.errorCode === null ? '' : ` Last: ${delivery.errorCode}: ${delivery.errorMessage}`;
    await changeDelivery(tx, delivery, { status: 'failed', errorCode: HELD_TOO_LONG, errorMessage: `${CHANNEL_WORDS[delivery.channel]} did not take it in time; the next contact is tried.${last}`, failedAt: now, notBefore: null });
    deps.logger.warn('alert_held_too_long', { alert_id: alert.id, channel: delivery.channel });
  }
  return alert;
}

/** The desk's time now: the newest pair of desk and wall time that the alert knows, carried on. */
export function deskNow(alert: Alert, deliveries: readonly Delivery[], now: Millis): Millis {
  const newest = deliveries.reduce<Delivery | null>((a, d) => (d.queuedAt !== null && (a === null || d.queuedAt > a.queuedAt!) ? d : a), null);
  return deskTimeAt(newest ?? { queuedAt: alert.createdAt, queuedAsOf: alert.asOf }, now);
}

/** Also a contact that comes second sleeps at night, unless the deadline does not let it. */
async function start(deps: AlertsDeps, tx: Transaction, alert: Alert, delivery: Delivery, desk: Millis): Promise<void> {
  const now = deps.clock.now();
  const held = heldUntil({ ...alert, asOf: desk }, deps.settings);
  await changeDelivery(tx, delivery, { status: 'queued', queuedAt: now, queuedAsOf: desk, heldUntil: held, reason: held === null ? null : 'quiet_hours' });
  if (held === null) await enqueueSend(deps, tx, alert, delivery);
  deps.logger.info('alert_next_contact', { alert_id: alert.id, channel: delivery.channel, position: delivery.position, held_until: held });
}

/** What lists and filters read. Publishes a change of the status. */
async function copyStanding(deps: AlertsDeps, tx: Transaction, alert: Alert, deliveries: readonly Delivery[], watchAt: Millis | null, settled: string | null): Promise<void> {
  const standing = standingOf(deliveries);
  // What was never to be told is not a failure for an address that is wrong besides.
  if (!standing || (alert.status === 'suppressed' && standing.status === 'failed')) {
    const suppress = alert.status !== 'suppressed' && settled !== null;
    await changeAlert(tx, alert.id, { watchAt: null, ...(suppress && { status: 'suppressed' as const, reason: settled, heldUntil: null, notBefore: null }) });
    if (suppress) await publishUpdate(deps, tx, alert, 'suppressed');
    return;
  }
  const { status, by } = standing;
  const final = status === 'read' || status === 'delivered' || status === 'failed';
  await changeAlert(tx, alert.id, {
    status, watchAt,
    channel: by.channel, recipient: by.address, providerId: by.providerId, tries: by.tries,
    reason: by.reason ?? (settled !== null && (!final || isSuperseded(alert)) ? settled : null),
    heldUntil: by.heldUntil, notBefore: by.notBefore, errorCode: by.errorCode, errorMessage: by.errorMessage,
    queuedAt: by.queuedAt ?? alert.queuedAt, sentAt: by.sentAt, deliveredAt: by.deliveredAt, readAt: by.readAt,
    failedAt: status === 'failed' ? (by.lapsedAt ?? by.failedAt) : null,
  });
  if (status === alert.status) return;
  await publishUpdate(deps, tx, alert, status);
  if (status === 'failed') deps.logger.error('alert_failed', { alert_id: alert.id, code: by.errorCode });
}
