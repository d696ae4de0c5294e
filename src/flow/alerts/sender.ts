/**
 * Moves one alert one step on: claim (committed before the call), call, store. A crash between the call and the store
 * leaves an attempt of unknown outcome; the next run waits for a webhook that proves it, and only then sends again.
 * What remains: accepted, reply lost, and no webhook within the window: then the phone gets the message twice.
 */
import type { Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import type { JobContext } from '../../kernel/jobs/types.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import { activeHolds, channelScope, clearHold, countLost, endAttempt, findAttempt, insertAttempt, lockChannel, pace, recipientScope, setHold, type Attempt } from './attempts-store.ts';
import { enqueueSend, publishUpdate, type AlertMetrics, type AlertsDeps } from './deps.ts';
import { afterRefusal, hours, OUTCOME_UNKNOWN, statusAfter, TOO_LATE } from './delivery-rules.ts';
import { composeMessage } from './message.ts';
import type { MessageChannel, OutgoingMessage, Refusal, SendOutcome } from './ports.ts';
import { maskRecipient } from './rules.ts';
import { changeAlert, lockAlert, type Alert } from './store.ts';

export interface SenderDeps extends AlertsDeps {
  readonly count: AlertMetrics;
  /** Applies reports that came before the reply that they belong to. */
  readonly applyEarly: (tx: Transaction, providerId: string) => Promise<void>;
}

export type Send = (alertId: string, context: Pick<JobContext, 'transaction' | 'logger'>) => Promise<void>;

interface Claim {
  readonly alert: Alert;
  readonly n: number;
  readonly startedAt: Millis;
  readonly message: OutgoingMessage;
}

export function createSender(deps: SenderDeps): Send {
  return async (alertId, context) => {
    const { channel } = deps;
    if (!channel) return;
    const claim = await context.transaction((tx) => claimNext(deps, channel, tx, alertId));
    if (!claim) return;
    crashPoint('alerts.stored-before-call');
    const outcome = await call(channel, claim.message, context);
    crashPoint('alerts.accepted-before-stored');
    await context.transaction((tx) => settle(deps, tx, claim, outcome));
    crashPoint('alerts.stored-before-done');
    context.logger.info('alert_tried', {
      alert_id: alertId,
      attempt: claim.n,
      recipient: maskRecipient(claim.message.to),
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

/** The right to make one call, written down; or null, where there is nothing to do now. */
async function claimNext(deps: SenderDeps, channel: MessageChannel, tx: Transaction, alertId: string): Promise<Claim | null> {
  let alert = await lockAlert(tx, alertId);
  if (!alert || (alert.status !== 'queued' && alert.status !== 'sending') || alert.heldUntil !== null) return null;
  const now = deps.clock.now();
  if (alert.status === 'sending') {
    alert = await afterUnknown(deps, tx, alert, now);
    if (!alert) return null;
  }
  if (alert.notBefore !== null && alert.notBefore > now) return wait(deps, tx, alert, alert.notBefore);
  if (now - alert.queuedAt > deps.settings.giveUpAfterMs) {
    return fail(deps, tx, alert, TOO_LATE, `Not sent within ${hours(deps.settings.giveUpAfterMs)}.${alert.errorCode ? ` Last: ${alert.errorCode}: ${alert.errorMessage}` : ''}`);
  }
  await lockChannel(tx, channel.name);
  const free = await freeAt(deps, tx, channel.name, alert.recipient, now);
  if (free > now) return wait(deps, tx, alert, free);

  const n = alert.attempts + 1;
  await insertAttempt(tx, { alertId, n, channel: channel.name, recipient: alert.recipient, startedAt: now });
  await changeAlert(tx, alertId, { status: 'sending', attempts: n, notBefore: null, reason: null });
  await publishUpdate(deps, tx, alert, 'sending');
  return { alert, n, startedAt: now, message: composeMessage(alert, n) };
}

/** An alert found `sending`: its call is under way elsewhere, or its outcome is unknown. Null: not to be sent now. */
async function afterUnknown(deps: SenderDeps, tx: Transaction, alert: Alert, now: Millis): Promise<Alert | null> {
  const attempt = await findAttempt(tx, alert.id, alert.attempts);
  const until = (attempt?.startedAt ?? 0) + deps.settings.reconcileMs;
  if (now < until) return wait(deps, tx, alert, until);
  await endAttempt(tx, alert.id, alert.attempts, { outcome: 'lost', at: now, code: attempt?.code ?? OUTCOME_UNKNOWN });
  deps.count.failed(alert.channel, attempt?.code ?? OUTCOME_UNKNOWN);
  const lost = await countLost(tx, alert.id, alert.queuedAt);
  if (lost > deps.settings.maxBlindResends || alert.tries + 1 >= deps.settings.maxTries) {
    return fail(deps, tx, alert, OUTCOME_UNKNOWN, `Sent ${lost} times without an answer or a delivery report. It may have arrived: ask the customer before requeueing.`);
  }
  await changeAlert(tx, alert.id, { tries: alert.tries + 1, notBefore: null });
  return { ...alert, tries: alert.tries + 1, notBefore: null };
}

/** When the limits and the holds let the next message to this recipient pass: `now` or later. */
async function freeAt(deps: SenderDeps, tx: Transaction, channel: string, recipient: string, now: Millis): Promise<Millis> {
  const holds = await activeHolds(tx, [channelScope(channel), recipientScope(recipient)], now);
  const p = await pace(tx, channel, recipient, now);
  return Math.max(
    now,
    ...holds.map((hold) => hold.until),
    p.lastToRecipient === null ? now : p.lastToRecipient + deps.settings.pairIntervalMs,
    p.inLastSecond >= deps.settings.perSecond ? now + 1_000 : now,
    p.inLastDay >= deps.settings.globalDailyCeiling ? (p.oldestInDay ?? now) + DAY_MS : now,
  );
}

async function wait(deps: SenderDeps, tx: Transaction, alert: Alert, until: Millis): Promise<null> {
  if (alert.notBefore !== until) await changeAlert(tx, alert.id, { notBefore: until });
  await enqueueSend(deps, tx, alert, until);
  return null;
}

async function fail(deps: SenderDeps, tx: Transaction, alert: Alert, code: string, message: string): Promise<null> {
  await changeAlert(tx, alert.id, { status: 'failed', errorCode: code, errorMessage: message, failedAt: deps.clock.now(), notBefore: null });
  await publishUpdate(deps, tx, alert, 'failed');
  deps.logger.error('alert_failed', { alert_id: alert.id, code });
  return null;
}

async function settle(deps: SenderDeps, tx: Transaction, claim: Claim, outcome: SendOutcome): Promise<void> {
  const alert = await lockAlert(tx, claim.alert.id);
  const attempt = alert && (await findAttempt(tx, alert.id, claim.n));
  if (!alert || !attempt) return;
  if (outcome.kind === 'accepted') return settleAccepted(deps, tx, alert, attempt, outcome.providerId);
  // A webhook was faster than the reply that did not come: it knows more.
  if (attempt.outcome !== null) return;
  const now = deps.clock.now();
  if (outcome.kind === 'unknown') {
    await endAttempt(tx, alert.id, claim.n, { outcome: 'unknown', at: now, code: outcome.code, message: outcome.message });
    if (alert.status !== 'sending' || alert.attempts !== claim.n) return;
    const until = claim.startedAt + deps.settings.reconcileMs;
    await changeAlert(tx, alert.id, { errorCode: outcome.code, errorMessage: `${outcome.message}. Waiting for a delivery report that proves it.`, notBefore: until });
    await enqueueSend(deps, tx, alert, until);
    return;
  }
  await endAttempt(tx, alert.id, claim.n, { outcome: 'refused', at: now, evidence: 'reply', code: outcome.refusal.code, message: outcome.refusal.message, counts: outcome.refusal.counts });
  tx.afterCommit(() => deps.count.failed(alert.channel, outcome.refusal.code));
  if (alert.status === 'sending' && alert.attempts === claim.n) await react(deps, tx, alert, outcome.refusal);
}

async function settleAccepted(deps: SenderDeps, tx: Transaction, alert: Alert, attempt: Attempt, providerId: string): Promise<void> {
  const now = deps.clock.now();
  await endAttempt(tx, alert.id, attempt.n, { outcome: attempt.outcome === 'failed' ? 'failed' : 'accepted', at: now, evidence: 'reply', providerId });
  if (attempt.providerId === null) tx.afterCommit(() => deps.count.sent(alert.channel));
  if (attempt.outcome === 'failed') return;
  const status = statusAfter(alert.status, alert.errorCode, 'sent');
  await changeAlert(tx, alert.id, { status, providerId, sentAt: alert.sentAt ?? now, errorCode: null, errorMessage: null, notBefore: null, failedAt: null });
  // A message got through: whatever held the channel is over.
  await clearHold(tx, channelScope(alert.channel));
  if (status !== alert.status) await publishUpdate(deps, tx, alert, status);
  await deps.applyEarly(tx, providerId);
}

/** What a refusal asks for, whether it came as a reply or in a webhook. The caller holds the alert's lock. */
export async function react(deps: Omit<SenderDeps, 'applyEarly'>, tx: Transaction, alert: Alert, refusal: Refusal): Promise<void> {
  const now = deps.clock.now();
  const next = afterRefusal(refusal, alert.tries, alert.queuedAt, now, deps.settings);
  if (next.kind === 'dead') {
    await changeAlert(tx, alert.id, { status: 'failed', errorCode: next.code, errorMessage: next.message, failedAt: now, notBefore: null });
    await publishUpdate(deps, tx, alert, 'failed');
    deps.logger.error('alert_failed', { alert_id: alert.id, code: next.code });
    return;
  }
  if (next.hold) {
    const scope = next.hold.scope === 'channel' ? channelScope(alert.channel) : recipientScope(alert.recipient);
    await setHold(tx, { scope, until: next.hold.until, code: refusal.code, message: refusal.message }, now);
  }
  await changeAlert(tx, alert.id, { status: 'queued', tries: alert.tries + (next.counts ? 1 : 0), notBefore: next.notBefore, errorCode: refusal.code, errorMessage: refusal.message });
  await enqueueSend(deps, tx, alert, next.notBefore);
  await publishUpdate(deps, tx, alert, 'queued');
}
