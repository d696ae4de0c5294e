/**
 * Takes the channel's webhooks: each event is stored once and applied in the same transaction. Events repeat, come out of
 * order, and may come before we know whose they are: those are kept, and applied when the reply to the send is stored.
 */
import type { Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import { endAttempt, findAttempt, findAttemptByProviderId, type Attempt } from './attempts-store.ts';
import { publishUpdate, type AlertMetrics, type AlertsDeps } from './deps.ts';
import { mayFail, statusAfter } from './delivery-rules.ts';
import { attachEvent, insertEvent, insertReply, newestAlertTo, unattachedStatuses } from './events-store.ts';
import { parseOpaque } from './message.ts';
import type { ChannelEvent, Refusal, ReplyEvent, StatusEvent } from './ports.ts';
import { maskRecipient, replyMeaning } from './rules.ts';
import { react } from './sender.ts';
import { changeAlert, findAlert, lockAlert, type Alert } from './store.ts';

export interface IntakeDeps extends AlertsDeps {
  readonly count: AlertMetrics;
}

export interface Intake {
  /** Stores and applies each event; one that is known already changes nothing. When it returns, all are committed. */
  receive(events: readonly ChannelEvent[]): Promise<void>;
  /** Applies what came early for a message whose alert is known now. */
  applyEarly(tx: Transaction, providerId: string): Promise<void>;
}

const UNEXPLAINED: Refusal = Object.freeze({ code: 'UNEXPLAINED', message: 'The channel reported a failure without a code', reaction: 'give_up', retryAfterMs: null, counts: true });
/** Longest reply kept: WhatsApp's own limit for a text. */
const MAX_REPLY = 4_096;

export function createIntake(deps: IntakeDeps): Intake {
  const applyEarly = async (tx: Transaction, providerId: string): Promise<void> => {
    for (const event of await unattachedStatuses(tx, providerId)) await applyStatus(deps, tx, event);
  };
  return {
    async receive(events) {
      for (const event of events) {
        crashPoint('alerts.webhook-before-stored');
        await deps.db.transaction(async (tx) => {
          if (!(await insertEvent(tx, event, deps.clock.now()))) return;
          if (event.kind === 'reply') return applyReply(deps, tx, event);
          if (await applyStatus(deps, tx, event)) await applyEarly(tx, event.providerId);
        });
      }
      crashPoint('alerts.webhook-stored-before-reply');
    },
    applyEarly,
  };
}

/** @returns whether the event proved a send whose reply was lost */
async function applyStatus(deps: IntakeDeps, tx: Transaction, event: StatusEvent): Promise<boolean> {
  const found = await findOwner(tx, event);
  if (!found) return false;
  const { alert, attempt } = found;
  await attachEvent(tx, event.id, alert.id, attempt.n);
  const proved = attempt.providerId === null;
  if (proved) {
    await endAttempt(tx, alert.id, attempt.n, { outcome: 'accepted', at: event.at, evidence: 'webhook', providerId: event.providerId });
    tx.afterCommit(() => deps.count.sent(alert.channel));
    if (attempt.outcome === 'lost') deps.logger.warn('alert_sent_twice', { alert_id: alert.id, attempt: attempt.n, proved_after_ms: deps.clock.now() - attempt.startedAt });
    else deps.logger.info('alert_send_proved', { alert_id: alert.id, attempt: attempt.n });
  }
  if (event.status === 'failed') await applyFailure(deps, tx, alert, attempt, event);
  // A late `sent` says nothing against a failure that is known: the retry stays.
  else if (event.status !== 'sent' || attempt.outcome !== 'failed') await applyProgress(deps, tx, alert, event.providerId, event.status, event.at);
  return proved;
}

/** The attempt that an event speaks of, under its alert's lock: by the provider's id, else by our own mark on it. */
async function findOwner(tx: Transaction, event: StatusEvent): Promise<{ readonly alert: Alert; readonly attempt: Attempt } | null> {
  const mark = parseOpaque(event.opaque);
  const known = await findAttemptByProviderId(tx, event.providerId);
  const alertId = known?.alertId ?? mark?.alertId;
  const alert = alertId === undefined ? null : await lockAlert(tx, alertId);
  if (!alert || (!known && mark?.createdAt !== alert.createdAt)) return null;
  // Read again under the lock: the reply may have been stored meanwhile.
  const attempt = (await findAttemptByProviderId(tx, event.providerId)) ?? (mark && (await findAttempt(tx, alert.id, mark.n)));
  return attempt && (attempt.providerId ?? event.providerId) === event.providerId ? { alert, attempt } : null;
}

async function applyProgress(deps: IntakeDeps, tx: Transaction, alert: Alert, providerId: string, reported: 'sent' | 'delivered' | 'read', at: number): Promise<void> {
  const status = statusAfter(alert.status, alert.errorCode, reported);
  await changeAlert(tx, alert.id, {
    sentAt: alert.sentAt ?? at,
    ...(reported === 'delivered' && { deliveredAt: alert.deliveredAt ?? at }),
    ...(reported === 'read' && { readAt: alert.readAt ?? at }),
    ...(status !== alert.status && { status, providerId, errorCode: null, errorMessage: null, failedAt: null, notBefore: null, heldUntil: null, reason: null }),
  });
  if (status !== alert.status) await publishUpdate(deps, tx, alert, status);
}

async function applyFailure(deps: IntakeDeps, tx: Transaction, alert: Alert, attempt: Attempt, event: StatusEvent): Promise<void> {
  if (attempt.outcome === 'failed') return;
  const refusal = event.refusal ?? UNEXPLAINED;
  await endAttempt(tx, alert.id, attempt.n, { outcome: 'failed', at: event.at, code: refusal.code, message: refusal.message });
  tx.afterCommit(() => deps.count.failed(alert.channel, refusal.code));
  if (attempt.n !== alert.attempts || !mayFail(alert.status)) return;
  await react(deps, tx, alert, refusal);
}

async function applyReply(deps: IntakeDeps, tx: Transaction, event: ReplyEvent): Promise<void> {
  const quoted = event.inReplyTo === null ? null : await findAttemptByProviderId(tx, event.inReplyTo);
  const alertId = quoted?.alertId ?? (await newestAlertTo(tx, event.from));
  const meaning = replyMeaning(event.text);
  const text = event.text.slice(0, MAX_REPLY);
  if (!(await insertReply(tx, { ...event, text }, alertId, meaning, deps.clock.now()))) return;
  deps.logger.info('alert_reply', { alert_id: alertId, meaning, sender: maskRecipient(event.from) });
  if (alertId === null) return;
  await attachEvent(tx, event.id, alertId, quoted?.n ?? null);
  const alert = (await findAlert(tx, alertId))!;
  await deps.onReply(tx, { alertId, decisionId: alert.decisionId, customerId: alert.customerId, meaning, text, at: event.at });
  await publishUpdate(deps, tx, alert, alert.status);
}
