/**
 * Moves one delivery one step on: claim (committed before the call), call, store. A crash between the call and the store
 * leaves an attempt of unknown outcome; the next run waits for a webhook that proves it, and only then sends again.
 * What remains: accepted, reply lost, and no webhook within the window: then the phone gets the message twice.
 */
import type { Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import type { JobContext } from '../../kernel/jobs/types.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import { activeHolds, channelScope, clearHold, countLost, endAttempt, findAttempt, findAttemptByProviderId, insertAttempt, lastToOperators, lockChannel, pace, recipientScope, setHold, type Attempt } from './attempts-store.ts';
import { maskAddress } from './contacts.ts';
import { changeDelivery, findDelivery, listDeliveries, OPERATORS_POSITION, type Delivery } from './deliveries-store.ts';
import { channelOf, enqueueSend, type AlertMetrics, type AlertsDeps } from './deps.ts';
import { afterRefusal, CHANNEL_ABSENT, hours, OUTCOME_UNKNOWN, statusAfter, TOO_LATE } from './delivery-rules.ts';
import { composeMessage } from './message.ts';
import { coverWaitingCalls, mirrorCovered, operatorsMessage } from './operators.ts';
import type { ChannelName, MessageChannel, OutgoingMessage, Refusal, SendOutcome } from './ports.ts';
import { progress, whyOver } from './progress.ts';
import { changeAlert, lockAlert, type Alert } from './store.ts';

export interface SenderDeps extends AlertsDeps {
  readonly count: AlertMetrics;
  /** Applies reports that came before the reply that they belong to. */
  readonly applyEarly: (tx: Transaction, channel: ChannelName, providerId: string) => Promise<void>;
}

/** @param position the contact's place among the alert's */
export type Send = (alertId: string, position: number, context: Pick<JobContext, 'transaction' | 'logger'>) => Promise<void>;

interface Claim {
  readonly alertId: string;
  readonly position: number;
  readonly channel: MessageChannel;
  readonly n: number;
  readonly startedAt: Millis;
  readonly message: OutgoingMessage;
}

/** An alert and one of its deliveries, both under the alert's lock. */
interface Pair {
  readonly alert: Alert;
  readonly delivery: Delivery;
}

export function createSender(deps: SenderDeps): Send {
  return async (alertId, position, context) => {
    const claim = await context.transaction((tx) => claimNext(deps, tx, alertId, position));
    if (!claim) return;
    crashPoint('alerts.stored-before-call');
    const outcome = await call(claim.channel, claim.message, context);
    crashPoint('alerts.accepted-before-stored');
    await context.transaction((tx) => settle(deps, tx, claim, outcome));
    crashPoint('alerts.stored-before-done');
    context.logger.info('alert_tried', {
      alert_id: alertId,
      attempt: claim.n,
      channel: claim.channel.name,
      recipient: maskAddress(claim.channel.name, claim.message.to),
      outcome: outcome.kind,
      code: outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind === 'unknown' ? outcome.code : null,
    });
  };
}

async function call(channel: MessageChannel, message: OutgoingMessage, context: Pick<JobContext, 'logger'>): Promise<SendOutcome> {
  try {
    return await channel.send(message);
  } catch (error) {
    // A channel tells its failures; what it throws is a fault of ours, and the message may have left before it.
    context.logger.error('alert_channel_threw', { channel: channel.name, error });
    return { kind: 'unknown', code: 'INTERNAL', message: 'The channel’s client broke in the call' };
  }
}

async function lockPair(tx: Transaction, alertId: string, position: number): Promise<Pair | null> {
  const alert = await lockAlert(tx, alertId);
  const delivery = alert && (await findDelivery(tx, alertId, position));
  return alert && delivery ? { alert, delivery } : null;
}

/** The right to make one call, written down; or null, where there is nothing to do now. */
async function claimNext(deps: SenderDeps, tx: Transaction, alertId: string, position: number): Promise<Claim | null> {
  let pair = await lockPair(tx, alertId, position);
  if (!pair || !mayLeave(pair.delivery)) return null;
  const now = deps.clock.now();
  if (pair.delivery.status === 'sending') {
    pair = await afterUnknown(deps, tx, pair, now);
    if (!pair) return null;
  }
  const { alert } = pair;
  let { delivery } = pair;
  const channel = channelOf(deps, delivery.channel);
  if (!channel) return fail(deps, tx, pair, CHANNEL_ABSENT, `The channel ${delivery.channel} is not set up any more`);
  if (delivery.notBefore !== null && delivery.notBefore > now) return wait(deps, tx, pair, delivery.notBefore);
  if (now - delivery.queuedAt! > deps.settings.giveUpAfterMs) {
    return fail(deps, tx, pair, TOO_LATE, `Not sent within ${hours(deps.settings.giveUpAfterMs)}.${delivery.errorCode ? ` Last: ${delivery.errorCode}: ${delivery.errorMessage}` : ''}`);
  }
  await lockChannel(tx, channel.name);
  // Another call to the operators may have taken this one along while we waited for the lock.
  delivery = (await findDelivery(tx, alertId, position))!;
  if (!mayLeave(delivery)) return null;
  const free = await freeAt(deps, tx, delivery, now);
  if (free > now) return wait(deps, tx, pair, free);

  const n = alert.attempts + 1;
  await insertAttempt(tx, { alertId, n, delivery: position, channel: channel.name, recipient: delivery.address, startedAt: now });
  await changeDelivery(tx, delivery, { status: 'sending', lastAttempt: n, notBefore: null, reason: null });
  await changeAlert(tx, alertId, { attempts: n });
  await progress(deps, tx, { ...alert, attempts: n });
  if (delivery.role === 'customer') return { alertId, position, channel, n, startedAt: now, message: composeMessage(alert, delivery.address, n, deps.publicUrl) };
  await coverWaitingCalls(tx, delivery);
  return { alertId, position, channel, n, startedAt: now, message: await operatorsMessage(deps, tx, alert, delivery.address, n) };
}

const mayLeave = (d: Delivery): boolean => (d.status === 'queued' || d.status === 'sending') && d.heldUntil === null && d.coveredBy === null;

/** A delivery found `sending`: its call is under way elsewhere, or its outcome is unknown. Null: not to be sent now. */
async function afterUnknown(deps: SenderDeps, tx: Transaction, pair: Pair, now: Millis): Promise<Pair | null> {
  const { alert, delivery } = pair;
  const attempt = await findAttempt(tx, alert.id, delivery.lastAttempt ?? 0);
  const until = (attempt?.startedAt ?? 0) + deps.settings.reconcileMs;
  if (now < until) return wait(deps, tx, pair, until);
  const code = attempt?.code ?? OUTCOME_UNKNOWN;
  await endAttempt(tx, alert.id, delivery.lastAttempt ?? 0, { outcome: 'lost', at: now, code });
  deps.count.failed(delivery.channel, code);
  const lost = await countLost(tx, alert.id, delivery.position, delivery.queuedAt!);
  // A channel that never reports will never prove it: another contact is better than the same message twice.
  const provable = channelOf(deps, delivery.channel)?.confirms !== 'accepted';
  const other = !provable && (await listDeliveries(tx, [alert.id])).some((d) => d.status === 'planned');
  if (other || lost > deps.settings.maxBlindResends || delivery.tries + 1 >= deps.settings.maxTries) {
    return fail(deps, tx, pair, OUTCOME_UNKNOWN, `Sent ${lost} ${lost === 1 ? 'time' : 'times'} without an answer or a delivery report. It may have arrived: ask the customer before requeueing.`);
  }
  const change = { status: 'queued' as const, tries: delivery.tries + 1, notBefore: null };
  await changeDelivery(tx, delivery, change);
  // It may have arrived: a second copy is for those alone who still need it. In the queue it can be taken back.
  const over = await whyOver(deps, tx, alert);
  if (over !== null) await progress(deps, tx, alert, over);
  const kept = (await findDelivery(tx, alert.id, delivery.position))!;
  return mayLeave(kept) ? { alert, delivery: kept } : null;
}

/** When the limits and the holds let the next message to this address pass: `now` or later. */
async function freeAt(deps: SenderDeps, tx: Transaction, delivery: Delivery, now: Millis): Promise<Millis> {
  const { channel, address } = delivery;
  const limits = deps.settings.limits[channel];
  const holds = await activeHolds(tx, [channelScope(channel), recipientScope(channel, address)], now);
  const p = await pace(tx, channel, address, now);
  const alarm = delivery.role === 'operators' ? await lastToOperators(tx, channel, address, OPERATORS_POSITION) : null;
  return Math.max(
    now,
    ...holds.map((hold) => hold.until),
    p.lastToRecipient === null ? now : p.lastToRecipient + limits.pairIntervalMs,
    p.inLastSecond >= limits.perSecond ? now + 1_000 : now,
    p.inLastDay >= limits.dailyCeiling ? (p.oldestInDay ?? now) + DAY_MS : now,
    // A repeat of the call that was lost is no new alarm.
    alarm === null || delivery.lastAttempt !== null ? now : alarm + deps.settings.operatorIntervalMs,
  );
}

async function wait(deps: SenderDeps, tx: Transaction, { alert, delivery }: Pair, until: Millis): Promise<null> {
  await changeDelivery(tx, delivery, { notBefore: until });
  await progress(deps, tx, alert);
  await enqueueSend(deps, tx, alert, delivery, until);
  return null;
}

async function fail(deps: SenderDeps, tx: Transaction, { alert, delivery }: Pair, code: string, message: string): Promise<null> {
  await changeDelivery(tx, delivery, { status: 'failed', errorCode: code, errorMessage: message, failedAt: deps.clock.now(), notBefore: null });
  if (delivery.role === 'operators') await mirrorCovered(tx, alert.id);
  deps.logger.error('alert_delivery_failed', { alert_id: alert.id, channel: delivery.channel, code });
  crashPoint('alerts.failed-before-next-contact');
  await progress(deps, tx, alert);
  return null;
}

async function settle(deps: SenderDeps, tx: Transaction, claim: Claim, outcome: SendOutcome): Promise<void> {
  const pair = await lockPair(tx, claim.alertId, claim.position);
  const attempt = pair && (await findAttempt(tx, claim.alertId, claim.n));
  if (!pair || !attempt) return;
  if (outcome.kind === 'accepted') return settleAccepted(deps, tx, pair, attempt, outcome.providerId);
  // A webhook was faster than the reply that did not come: it knows more.
  if (attempt.outcome !== null) return;
  const { alert, delivery } = pair;
  const now = deps.clock.now();
  const current = delivery.status === 'sending' && delivery.lastAttempt === claim.n;
  if (outcome.kind === 'unknown') {
    await endAttempt(tx, alert.id, claim.n, { outcome: 'unknown', at: now, code: outcome.code, message: outcome.message });
    if (!current) return;
    const until = claim.startedAt + deps.settings.reconcileMs;
    await changeDelivery(tx, delivery, { errorCode: outcome.code, errorMessage: `${outcome.message}. Waiting for a delivery report that proves it.`, notBefore: until });
    await progress(deps, tx, alert);
    await enqueueSend(deps, tx, alert, delivery, until);
    return;
  }
  await endAttempt(tx, alert.id, claim.n, { outcome: 'refused', at: now, evidence: 'reply', code: outcome.refusal.code, message: outcome.refusal.message, counts: outcome.refusal.counts });
  tx.afterCommit(() => deps.count.failed(delivery.channel, outcome.refusal.code));
  if (current) await react(deps, tx, alert, delivery, outcome.refusal);
}

async function settleAccepted(deps: SenderDeps, tx: Transaction, { alert, delivery }: Pair, attempt: Attempt, given: string): Promise<void> {
  const now = deps.clock.now();
  const providerId = await ownId(tx, delivery.channel, attempt, given);
  await endAttempt(tx, alert.id, attempt.n, { outcome: attempt.outcome === 'failed' ? 'failed' : 'accepted', at: now, evidence: 'reply', providerId });
  if (attempt.providerId === null) tx.afterCommit(() => deps.count.sent(delivery.channel));
  if (attempt.outcome === 'failed') return;
  const status = statusAfter(delivery.status, delivery.errorCode, 'sent');
  await changeDelivery(tx, delivery, { status, providerId, sentAt: delivery.sentAt ?? now, errorCode: null, errorMessage: null, notBefore: null, failedAt: null });
  if (delivery.role === 'operators') await mirrorCovered(tx, alert.id);
  // A message got through: whatever held the channel is over.
  await clearHold(tx, channelScope(delivery.channel));
  await progress(deps, tx, alert);
  await deps.applyEarly(tx, delivery.channel, providerId);
}

/** A channel that answers every message with the same word gives no ids: such a one is made apart, so that it cannot stand for two tries. */
async function ownId(tx: Transaction, channel: string, attempt: Attempt, given: string): Promise<string> {
  const other = await findAttemptByProviderId(tx, channel, given);
  return !other || (other.alertId === attempt.alertId && other.n === attempt.n) ? given : `${given}#${attempt.alertId}:${attempt.n}`;
}

/** What a refusal asks for, whether it came as a reply or in a webhook. The caller holds the alert's lock. */
export async function react(deps: Omit<SenderDeps, 'applyEarly'>, tx: Transaction, alert: Alert, delivery: Delivery, refusal: Refusal): Promise<void> {
  const now = deps.clock.now();
  const next = afterRefusal(refusal, delivery.tries, delivery.queuedAt ?? alert.queuedAt, now, deps.settings, deps.settings.limits[delivery.channel]);
  if (next.kind === 'dead') {
    await changeDelivery(tx, delivery, { status: 'failed', errorCode: next.code, errorMessage: next.message, failedAt: now, notBefore: null });
    if (delivery.role === 'operators') await mirrorCovered(tx, alert.id);
    deps.logger.error('alert_delivery_failed', { alert_id: alert.id, channel: delivery.channel, code: next.code });
    crashPoint('alerts.failed-before-next-contact');
    return progress(deps, tx, alert);
  }
  if (next.hold) {
    const scope = next.hold.scope === 'channel' ? channelScope(delivery.channel) : recipientScope(delivery.channel, delivery.address);
    await setHold(tx, { scope, until: next.hold.until, code: refusal.code, message: refusal.message }, now);
  }
  await changeDelivery(tx, delivery, { status: 'queued', tries: delivery.tries + (next.counts ? 1 : 0), notBefore: next.notBefore, sentAt: null, errorCode: refusal.code, errorMessage: refusal.message });
  await enqueueSend(deps, tx, alert, delivery, next.notBefore);
  await progress(deps, tx, alert);
}
