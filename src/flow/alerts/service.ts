/** Takes requests to tell a customer something, decides by the rules, and stores what is decided. */
import type { Transaction } from '../../kernel/database/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import type { Millis } from '../../model/time.ts';
import { closeCallRequests } from './calls.ts';
import { contactFault, distinctContacts } from './contacts.ts';
import { channelOf, enqueueSend, publishUpdate, type AlertsDeps } from './deps.ts';
import { cancelUnsent, changeDelivery, insertDelivery, listDeliveries, overdueDeliveries, releaseDeliveries, type Delivery } from './deliveries-store.ts';
import { CHANNEL_ABSENT, NOT_CONFIRMED, RECIPIENT_INVALID } from './delivery-rules.ts';
import { errors } from './errors.ts';
import type { AlertRequest, ChannelName } from './ports.ts';
import { deskNow, progress } from './progress.ts';
import { localDay } from './quiet-hours.ts';
import { alertId, fingerprint, judge, novelty, type Novelty, type Verdict } from './rules.ts';
import { alertsToWatch, changeAlert, countForCeilings, findAlert, insertAlert, lastTold, lockAlert, lockCustomer, lockOpenAlerts, type Alert } from './store.ts';

export type RequestOutcome =
  /** On its way, held by quiet hours, suppressed (with the reason), or failed for want of a number. */
  | { readonly kind: 'stored'; readonly alertId: string; readonly status: 'queued' | 'suppressed' | 'failed'; readonly heldUntil: Millis | null; readonly reason: string | null }
  /** The customer knows it: nothing is stored. */
  | { readonly kind: 'known'; readonly alertId: string }
  /** The same decision was asked for before. */
  | { readonly kind: 'repeat'; readonly alertId: string };

export interface AlertService {
  /**
   * Asks that a customer be told, in the transaction that stores the decision.
   * Never throws for what the request says: a number that cannot be called is an alert that failed, in sight of the operator.
   */
  request(tx: Transaction, request: AlertRequest): Promise<RequestOutcome>;
  /** Lets go what quiet hours held until `asOf` (desk time). @returns how many */
  release(tx: Transaction, asOf: Millis): Promise<number>;
  /** Gives a new job to each delivery whose job was lost. @returns how many */
  recover(tx: Transaction): Promise<number>;
  /** Looks at each alert whose time to be read is over: tries the next contact, or calls the operators. @param run opens a transaction of its own for each alert @returns how many were looked at @throws what the first look that failed threw, after all others */
  watch(run: <R>(work: (tx: Transaction) => Promise<R>) => Promise<R>): Promise<number>;
  /**
   * Puts a failed or suppressed alert back into the queue, with all its tries before it: its contacts are tried anew, in order.
   * One that failed for want of proof alone may arrive a second time; that is what the operator asks for.
   * @throws CodedError ALERT_UNKNOWN, ALERT_NOT_REQUEUEABLE
   */
  requeue(tx: Transaction, id: string, by: { readonly who: string; readonly why: string }): Promise<Alert>;
  /**
   * The customer who asked for a call has been called.
   * @throws CodedError ALERT_UNKNOWN, ALERT_CALL_NOT_OPEN
   */
  closeCall(tx: Transaction, id: string, by: { readonly who: string; readonly note: string | null }): Promise<Alert>;
}

/** An alert that has not moved for so long beyond its time has lost its job. Longer than any healthy queue's lag. */
const OVERDUE_MS = 60_000;

export function createAlertService(deps: AlertsDeps): AlertService {
  return {
    request: (tx, request) => requestAlert(deps, tx, request),
    release: (tx, asOf) => release(deps, tx, asOf),
    async recover(tx) {
      const lost = await overdueDeliveries(tx, deps.clock.now() - Math.max(OVERDUE_MS, 2 * deps.settings.reconcileMs));
      for (const { alertId, position, asOf } of lost) await enqueueSend(deps, tx, { id: alertId, asOf }, { position });
      if (lost.length > 0) deps.logger.warn('alert_jobs_recovered', { count: lost.length });
      return lost.length;
    },
    async watch(run) {
      const due = await alertsToWatch(deps.db, deps.clock.now());
      const broken: unknown[] = [];
      for (const id of due) {
        // The longest due comes first each time: one that cannot be looked at must not hide all behind it.
        try {
          await run(async (tx) => {
            const alert = await lockAlert(tx, id);
            if (alert) await progress(deps, tx, alert);
          });
        } catch (error) {
          deps.logger.error('alert_watch_failed', { alert_id: id, error });
          broken.push(error);
        }
        crashPoint('alerts.next-contact-committed');
      }
      if (broken.length > 0) throw broken[0];
      return due.length;
    },
    closeCall: (tx, id, by) => closeCall(deps, tx, id, by),
    requeue: (tx, id, by) => requeue(deps, tx, id, by),
  };
}

async function requestAlert(deps: AlertsDeps, tx: Transaction, r: AlertRequest): Promise<RequestOutcome> {
  await lockCustomer(tx, r.customerId);
  await release(deps, tx, r.asOf);
  const id = alertId(r);
  if (await findAlert(tx, id)) return { kind: 'repeat', alertId: id };
  const told = await lastTold(tx, r.customerId, r.eventKey);
  const news = novelty(r, told, deps.settings);
  if (!news) return { kind: 'known', alertId: told!.id };

  return store(deps, tx, r, id, news);
}

async function store(deps: AlertsDeps, tx: Transaction, r: AlertRequest, id: string, news: Novelty): Promise<RequestOutcome> {
  const now = deps.clock.now();
  const has = (channel: ChannelName): boolean => channelOf(deps, channel) !== null;
  const open = await lockOpenAlerts(tx, r.customerId, r.eventKey, id);
  await supersede(deps, tx, open.filter((old) => old.status === 'queued'), id);
  const day = localDay(r.asOf, r.timezone);
  const verdict = judge(r, await countForCeilings(tx, r.customerId, day, now), has, deps.settings);
  // What has left stays with the customer; its fallbacks do not follow newer advice. Where that is not told, they still do.
  if (verdict.kind === 'tell') await supersede(deps, tx, open.filter((old) => old.status !== 'queued'), id);

  const status = verdict.kind === 'tell' ? 'queued' : verdict.kind === 'suppress' ? 'suppressed' : 'failed';
  const heldUntil = verdict.kind === 'tell' ? verdict.heldUntil : null;
  const reason = verdict.kind === 'suppress' ? `${verdict.reason}: ${verdict.detail}` : heldUntil === null ? null : 'quiet_hours';
  const contacts = distinctContacts(r.contacts);
  await insertAlert(tx, {
    id,
    fingerprint: fingerprint(r),
    request: r,
    novelty: news,
    localDay: day,
    channel: contacts[0]?.channel ?? 'none',
    recipient: contacts[0]?.address ?? '',
    status,
    reason,
    error: verdict.kind === 'undeliverable' ? { code: RECIPIENT_INVALID, message: verdict.detail } : null,
    heldUntil,
    now,
  });
  await storeDeliveries(deps, tx, r, id, verdict);
  if (verdict.kind !== 'suppress') await progress(deps, tx, (await lockAlert(tx, id))!);
  await publishUpdate(deps, tx, { id, asOf: r.asOf }, status);
  deps.logger.info('alert_stored', { alert_id: id, decision_id: r.decisionId, status, novelty: news, reason });
  return { kind: 'stored', alertId: id, status, heldUntil, reason };
}

/** One row a contact; the first that can be used is queued. */
async function storeDeliveries(deps: AlertsDeps, tx: Transaction, r: AlertRequest, id: string, verdict: Verdict): Promise<void> {
  const now = deps.clock.now();
  let first = verdict.kind === 'tell';
  for (const [position, { channel, address }] of distinctContacts(r.contacts).entries()) {
    const common = { alertId: id, position, role: 'customer' as const, channel, address };
    const fault = contactFault({ channel, address });
    const failure =
      fault !== null ? { errorCode: RECIPIENT_INVALID, errorMessage: fault }
      : channelOf(deps, channel) === null ? { errorCode: CHANNEL_ABSENT, errorMessage: `The channel ${channel} is not set up` }
      : null;
    if (failure) {
      await insertDelivery(tx, { ...common, status: 'failed', ...failure, queuedAt: now, queuedAsOf: r.asOf, failedAt: now });
      continue;
    }
    if (!first) {
      await insertDelivery(tx, { ...common, status: verdict.kind === 'suppress' ? 'cancelled' : 'planned' });
      continue;
    }
    first = false;
    const heldUntil = verdict.kind === 'tell' ? verdict.heldUntil : null;
    await insertDelivery(tx, { ...common, status: 'queued', queuedAt: now, queuedAsOf: r.asOf, heldUntil, reason: heldUntil === null ? null : 'quiet_hours' });
    if (heldUntil === null) await enqueueSend(deps, tx, { id, asOf: r.asOf }, { position });
  }
}

/** Nobody should hear advice that has been replaced. */
async function supersede(deps: AlertsDeps, tx: Transaction, open: readonly Alert[], by: string): Promise<void> {
  for (const old of open) {
    const reason = `superseded_by:${by}`;
    await cancelUnsent(tx, old.id, reason, old.escalated !== 'call_me');
    const waits = old.status === 'queued';
    await changeAlert(tx, old.id, { reason, watchAt: null, ...(waits && { status: 'suppressed' as const, heldUntil: null, notBefore: null }) });
    if (waits) await publishUpdate(deps, tx, old, 'suppressed');
  }
}

async function release(deps: AlertsDeps, tx: Transaction, asOf: Millis): Promise<number> {
  const released = await releaseDeliveries(tx, asOf, deps.clock.now());
  for (const { alertId, position } of released) {
    const alert = (await lockAlert(tx, alertId))!;
    await enqueueSend(deps, tx, alert, { position });
    await progress(deps, tx, alert);
  }
  return released.length;
}

async function known(tx: Transaction, id: string): Promise<Alert> {
  const alert = await lockAlert(tx, id);
  if (!alert) throw errors.ALERT_UNKNOWN({ field: 'id', detail: `There is no alert ${id}`, fix: 'List them at GET /api/v1/alerts' });
  return alert;
}

async function requeue(deps: AlertsDeps, tx: Transaction, id: string, by: { readonly who: string; readonly why: string }): Promise<Alert> {
  const alert = await known(tx, id);
  const mine = (await listDeliveries(tx, [id])).filter((d) => d.role === 'customer');
  refuseRequeue(deps, alert, mine);
  const now = deps.clock.now();
  const desk = deskNow(alert, mine, now);
  const anew = mine.filter(mayTryAnew);
  const first = anew.find((d) => channelOf(deps, d.channel) !== null)!;
  const fresh = { reason: null, heldUntil: null, notBefore: null, tries: 0, errorCode: null, errorMessage: null, failedAt: null, lapsedAt: null, sentAt: null };
  for (const d of anew) await changeDelivery(tx, d, { ...fresh, ...(d === first ? { status: 'queued', queuedAt: now, queuedAsOf: desk } : { status: 'planned' }) });
  await changeAlert(tx, id, { status: 'queued', reason: null, heldUntil: null, notBefore: null, errorCode: null, errorMessage: null, failedAt: null, escalated: null, queuedAt: now });
  await enqueueSend(deps, tx, alert, first);
  await progress(deps, tx, (await findAlert(tx, id))!);
  await publishUpdate(deps, tx, alert, 'queued');
  await deps.recordAct(tx, { who: by.who, what: 'alert.requeue', subject: id, why: by.why, change: { status: `${alert.status} → queued`, error: alert.errorCode ?? '', reason: alert.reason ?? '' } });
  deps.logger.info('alert_requeued', { alert_id: id, was: alert.status, by: by.who });
  return (await findAlert(tx, id))!;
}

/** An address that is wrong stays wrong: the corrected one comes with the next decision. What was accepted and never proved may be said again. */
const mayTryAnew = (d: Delivery): boolean => d.errorCode !== RECIPIENT_INVALID && (d.status === 'failed' || d.status === 'cancelled' || (d.status === 'sent' && d.errorCode === NOT_CONFIRMED));

function refuseRequeue(deps: AlertsDeps, alert: Alert, mine: readonly Delivery[]): void {
  const refuse = (detail: string, fix: string): never => {
    throw errors.ALERT_NOT_REQUEUEABLE({ field: 'id', detail, fix, facts: { status: alert.status } });
  };
  if (alert.status !== 'failed' && alert.status !== 'suppressed') refuse(`The alert is ${alert.status}`, 'Only a failed or suppressed alert can be sent again');
  const by = /^superseded_by:(.+)$/.exec(alert.reason ?? '')?.[1];
  if (by !== undefined) refuse(`Newer advice has replaced it: ${by}`, `Look at GET /api/v1/alerts/${by} instead`);
  if (!mine.some((d) => mayTryAnew(d) && channelOf(deps, d.channel) !== null)) {
    refuse('None of its contacts can be reached: an address is wrong, or its channel is not set up', 'Correct the customer’s contacts, or set up the channel (docs/configuration.md) and start again');
  }
}

async function closeCall(deps: AlertsDeps, tx: Transaction, id: string, by: { readonly who: string; readonly note: string | null }): Promise<Alert> {
  const alert = await known(tx, id);
  if ((await closeCallRequests(tx, id, by.who, by.note, deps.clock.now())) === 0) {
    throw errors.ALERT_CALL_NOT_OPEN({ field: 'id', detail: `Nobody waits for a call about ${id}`, fix: 'List who does at GET /api/v1/alerts?call=open' });
  }
  await deps.recordAct(tx, { who: by.who, what: 'alert.call_closed', subject: id, why: by.note ?? 'called', change: { call_request: 'open → closed' } });
  await publishUpdate(deps, tx, alert, alert.status);
  return alert;
}
