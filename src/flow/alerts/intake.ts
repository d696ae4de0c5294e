/**
 * Takes the channel's webhooks: each event is stored once and applied in the same transaction. Events repeat, come out of
 * order, and may come before we know whose they are: those are kept, and applied when the reply to the send is stored.
 */
import type { Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import { endAttempt, findAttempt, findAttemptByProviderId, type Attempt } from './attempts-store.ts';
import { insertCallRequest } from './calls.ts';
import { maskAddress } from './contacts.ts';
import { changeDelivery, findDelivery, type Delivery } from './deliveries-store.ts';
import { publishUpdate, type AlertMetrics, type AlertsDeps } from './deps.ts';
import { mayFail, statusAfter } from './delivery-rules.ts';
import { attachEvent, insertEvent, insertReply, newestDeliveryTo, unattachedStatuses } from './events-store.ts';
import { deskTimeAt } from './fallback.ts';
import { parseOpaque } from './message.ts';
import { callOperators, mirrorCovered } from './operators.ts';
import type { ChannelEvent, ChannelName, Refusal, ReplyEvent, StatusEvent } from './ports.ts';
import { progress } from './progress.ts';
import { replyMeaning } from './rules.ts';
import { react } from './sender.ts';
import { findAlert, lockAlert, type Alert } from './store.ts';

export interface IntakeDeps extends AlertsDeps {
  readonly count: AlertMetrics;
}

export interface Intake {
  /** Stores and applies each event; one that is known already changes nothing. When it returns, all are committed. */
  receive(channel: ChannelName, events: readonly ChannelEvent[]): Promise<void>;
  /** Applies what came early for a message whose alert is known now. */
  applyEarly(tx: Transaction, channel: ChannelName, providerId: string): Promise<void>;
}

const UNEXPLAINED: Refusal = Object.freeze({ code: 'UNEXPLAINED', message: 'The channel reported a failure without a code', reaction: 'give_up', retryAfterMs: null, counts: true });
/** Longest reply kept: WhatsApp's own limit for a text. */
const MAX_REPLY = 4_096;

export function createIntake(deps: IntakeDeps): Intake {
  const applyEarly = async (tx: Transaction, channel: ChannelName, providerId: string): Promise<void> => {
    for (const event of await unattachedStatuses(tx, channel, providerId)) await applyStatus(deps, tx, channel, event);
  };
  return {
    async receive(channel, events) {
      for (const received of events) {
        // WhatsApp's ids are unique in the world; another channel's only in itself.
        const event = channel === 'whatsapp' ? received : { ...received, id: `${channel}:${received.id}` };
        crashPoint('alerts.webhook-before-stored');
        await deps.db.transaction(async (tx) => {
          if (!(await insertEvent(tx, channel, event, deps.clock.now()))) return;
          if (event.kind === 'reply') return applyReply(deps, tx, channel, event);
          if (await applyStatus(deps, tx, channel, event)) await applyEarly(tx, channel, event.providerId);
        });
      }
      crashPoint('alerts.webhook-stored-before-reply');
    },
    applyEarly,
  };
}

/** @returns whether the event proved a send whose reply was lost */
async function applyStatus(deps: IntakeDeps, tx: Transaction, channel: ChannelName, event: StatusEvent): Promise<boolean> {
  const found = await findOwner(tx, channel, event);
  if (!found) return false;
  const { alert, attempt } = found;
  await attachEvent(tx, event.id, alert.id, attempt.n);
  const proved = attempt.providerId === null;
  if (proved) {
    await endAttempt(tx, alert.id, attempt.n, { outcome: 'accepted', at: event.at, evidence: 'webhook', providerId: event.providerId });
    tx.afterCommit(() => deps.count.sent(channel));
    if (attempt.outcome === 'lost') deps.logger.warn('alert_sent_twice', { alert_id: alert.id, attempt: attempt.n, proved_after_ms: deps.clock.now() - attempt.startedAt });
    else deps.logger.info('alert_send_proved', { alert_id: alert.id, attempt: attempt.n });
  }
  if (event.status === 'failed') await applyFailure(deps, tx, found, event);
  // A late `sent` says nothing against a failure that is known: the retry stays.
  else if (event.status !== 'sent' || attempt.outcome !== 'failed') await applyProgress(deps, tx, found, event.providerId, event.status, event.at);
  return proved;
}

/** All three under the alert's lock. */
interface Owner {
  readonly alert: Alert;
  readonly delivery: Delivery;
  readonly attempt: Attempt;
}

/** The attempt that an event speaks of: by the provider's id, else by our own mark on it. */
async function findOwner(tx: Transaction, channel: ChannelName, event: StatusEvent): Promise<Owner | null> {
  const mark = parseOpaque(event.opaque);
  const known = await findAttemptByProviderId(tx, channel, event.providerId);
  const alertId = known?.alertId ?? mark?.alertId;
  const alert = alertId === undefined ? null : await lockAlert(tx, alertId);
  if (!alert || (!known && mark?.createdAt !== alert.createdAt)) return null;
  // Read again under the lock: the reply may have been stored meanwhile.
  const attempt = (await findAttemptByProviderId(tx, channel, event.providerId)) ?? (mark && (await findAttempt(tx, alert.id, mark.n)));
  if (!attempt || attempt.channel !== channel || (attempt.providerId ?? event.providerId) !== event.providerId) return null;
  const delivery = await findDelivery(tx, alert.id, attempt.delivery);
  return delivery && { alert, delivery, attempt };
}

async function applyProgress(deps: IntakeDeps, tx: Transaction, { alert, delivery }: Pick<Owner, 'alert' | 'delivery'>, providerId: string | null, reported: 'sent' | 'delivered' | 'read', at: number): Promise<void> {
  const status = statusAfter(delivery.status, delivery.errorCode, reported);
  await changeDelivery(tx, delivery, {
    sentAt: delivery.sentAt ?? at,
    ...(reported === 'delivered' && { deliveredAt: delivery.deliveredAt ?? at }),
    ...(reported === 'read' && { readAt: delivery.readAt ?? at }),
    ...(status !== delivery.status && { status, providerId: providerId ?? delivery.providerId, errorCode: null, errorMessage: null, failedAt: null, notBefore: null, heldUntil: null, reason: null }),
  });
  if (delivery.role === 'operators') await mirrorCovered(tx, alert.id);
  await progress(deps, tx, alert);
}

async function applyFailure(deps: IntakeDeps, tx: Transaction, { alert, delivery, attempt }: Owner, event: StatusEvent): Promise<void> {
  if (attempt.outcome === 'failed') return;
  const refusal = event.refusal ?? UNEXPLAINED;
  await endAttempt(tx, alert.id, attempt.n, { outcome: 'failed', at: event.at, code: refusal.code, message: refusal.message });
  tx.afterCommit(() => deps.count.failed(delivery.channel, refusal.code));
  if (attempt.n !== delivery.lastAttempt || !mayFail(delivery.status)) return;
  await react(deps, tx, alert, delivery, refusal);
}

async function applyReply(deps: IntakeDeps, tx: Transaction, channel: ChannelName, event: ReplyEvent): Promise<void> {
  const quoted = event.inReplyTo === null ? null : await findAttemptByProviderId(tx, channel, event.inReplyTo);
  // What quotes a message that is not ours speaks of something else: taken for the newest alert, a "1" would acknowledge another decision.
  const place = quoted ? { alertId: quoted.alertId, position: quoted.delivery } : event.inReplyTo === null ? await newestDeliveryTo(tx, channel, event.from) : null;
  const meaning = replyMeaning(event.text);
  const text = event.text.slice(0, MAX_REPLY);
  if (!(await insertReply(tx, channel, { ...event, text }, place?.alertId ?? null, meaning, deps.clock.now()))) return;
  deps.logger.info('alert_reply', { alert_id: place?.alertId ?? null, channel, meaning, sender: maskAddress(channel, event.from) });
  if (!place) return;
  await attachEvent(tx, event.id, place.alertId, quoted?.n ?? null);
  const to = (await findDelivery(tx, place.alertId, place.position))!;
  const subject = (await findAlert(tx, place.alertId))!;
  // Before the alert is locked: who evaluates decisions holds theirs first, and then the alert's.
  if (to.role === 'customer') await deps.onReply(tx, { alertId: subject.id, decisionId: subject.decisionId, customerId: subject.customerId, meaning, text, at: event.at });
  const alert = (await lockAlert(tx, place.alertId))!;
  const delivery = (await findDelivery(tx, place.alertId, place.position))!;
  // Nobody answers what they have not read; a stray word that quotes nothing may be about anything.
  if (quoted || meaning !== 'other') await applyProgress(deps, tx, { alert, delivery }, null, 'read', event.at);
  if (meaning === 'call_me' && to.role === 'customer') await askForCall(deps, tx, (await lockAlert(tx, alert.id))!, delivery, event);
  await publishUpdate(deps, tx, alert, (await findAlert(tx, alert.id))!.status);
}

/** A person must see that a customer waits: in the alerts, in the audit, and by a call to the operators. */
async function askForCall(deps: IntakeDeps, tx: Transaction, alert: Alert, delivery: Delivery, event: ReplyEvent): Promise<void> {
  await insertCallRequest(tx, event.id, alert.id, event.at);
  await deps.recordAct(tx, { who: `customer:${alert.customerId}`, what: 'alert.call_requested', subject: alert.id, why: event.text.slice(0, 200), change: { channel: delivery.channel, decision: alert.decisionId } });
  await callOperators(deps, tx, alert, 'call_me', deskTimeAt(delivery, deps.clock.now()));
}
