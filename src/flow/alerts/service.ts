/** Takes requests to tell a customer something, decides by the rules, and stores what is decided. */
import type { Transaction } from '../../kernel/database/types.ts';
import type { Millis } from '../../model/time.ts';
import { enqueueSend, publishUpdate, type AlertsDeps } from './deps.ts';
import { RECIPIENT_INVALID } from './delivery-rules.ts';
import { errors } from './errors.ts';
import type { AlertRequest } from './ports.ts';
import { localDay } from './quiet-hours.ts';
import { alertId, fingerprint, judge, novelty, type Novelty } from './rules.ts';
import { changeAlert, countForCeilings, findAlert, insertAlert, lastTold, lockAlert, lockCustomer, overdueAlerts, releaseHeld, supersedeWaiting, type Alert } from './store.ts';

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
  /** Gives a new job to each alert whose job was lost. @returns how many */
  recover(tx: Transaction): Promise<number>;
  /**
   * Puts a failed or suppressed alert back into the queue, with all its tries before it.
   * @throws CodedError ALERT_UNKNOWN, ALERT_NOT_REQUEUEABLE
   */
  requeue(tx: Transaction, id: string, by: { readonly who: string; readonly why: string }): Promise<Alert>;
}

/** An alert that has not moved for so long beyond its time has lost its job. Longer than any healthy queue's lag. */
const OVERDUE_MS = 60_000;

export function createAlertService(deps: AlertsDeps): AlertService {
  return {
    request: (tx, request) => requestAlert(deps, tx, request),
    release: (tx, asOf) => release(deps, tx, asOf),
    async recover(tx) {
      const lost = await overdueAlerts(tx, deps.clock.now() - Math.max(OVERDUE_MS, 2 * deps.settings.reconcileMs));
      for (const alert of lost) await enqueueSend(deps, tx, alert);
      if (lost.length > 0) deps.logger.warn('alert_jobs_recovered', { count: lost.length });
      return lost.length;
    },
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

  for (const old of await supersedeWaiting(tx, r.customerId, r.eventKey, id)) await publishUpdate(deps, tx, { id: old, asOf: r.asOf }, 'suppressed');
  return store(deps, tx, r, id, news);
}

async function store(deps: AlertsDeps, tx: Transaction, r: AlertRequest, id: string, news: Novelty): Promise<RequestOutcome> {
  const now = deps.clock.now();
  const day = localDay(r.asOf, r.timezone);
  const counts = await countForCeilings(tx, r.customerId, day, now);
  const verdict = judge(r, { ...counts, channel: deps.channel !== null }, deps.settings);
  const status = verdict.kind === 'tell' ? 'queued' : verdict.kind === 'suppress' ? 'suppressed' : 'failed';
  const heldUntil = verdict.kind === 'tell' ? verdict.heldUntil : null;
  const reason = verdict.kind === 'suppress' ? `${verdict.reason}: ${verdict.detail}` : heldUntil === null ? null : 'quiet_hours';
  await insertAlert(tx, {
    id,
    fingerprint: fingerprint(r),
    request: r,
    novelty: news,
    localDay: day,
    channel: deps.channel?.name ?? 'none',
    status,
    reason,
    error: verdict.kind === 'undeliverable' ? { code: RECIPIENT_INVALID, message: verdict.detail } : null,
    heldUntil,
    now,
  });
  if (status === 'queued' && heldUntil === null) await enqueueSend(deps, tx, { id, asOf: r.asOf });
  await publishUpdate(deps, tx, { id, asOf: r.asOf }, status);
  deps.logger.info('alert_stored', { alert_id: id, decision_id: r.decisionId, status, novelty: news, reason });
  return { kind: 'stored', alertId: id, status, heldUntil, reason };
}

async function release(deps: AlertsDeps, tx: Transaction, asOf: Millis): Promise<number> {
  const released = await releaseHeld(tx, asOf, deps.clock.now());
  for (const alert of released) await enqueueSend(deps, tx, alert);
  return released.length;
}

async function requeue(deps: AlertsDeps, tx: Transaction, id: string, by: { readonly who: string; readonly why: string }): Promise<Alert> {
  const alert = await lockAlert(tx, id);
  if (!alert) throw errors.ALERT_UNKNOWN({ field: 'id', detail: `There is no alert ${id}`, fix: 'List them at GET /api/v1/alerts' });
  refuseRequeue(alert, deps.channel !== null);
  await changeAlert(tx, id, { status: 'queued', reason: null, heldUntil: null, notBefore: null, tries: 0, errorCode: null, errorMessage: null, failedAt: null, queuedAt: deps.clock.now() });
  await enqueueSend(deps, tx, alert);
  await publishUpdate(deps, tx, alert, 'queued');
  await deps.recordAct(tx, { who: by.who, what: 'alert.requeue', subject: id, why: by.why, change: { status: `${alert.status} → queued`, error: alert.errorCode ?? '', reason: alert.reason ?? '' } });
  deps.logger.info('alert_requeued', { alert_id: id, was: alert.status, by: by.who });
  return { ...alert, status: 'queued', reason: null, errorCode: null, errorMessage: null };
}

function refuseRequeue(alert: Alert, hasChannel: boolean): void {
  const refuse = (detail: string, fix: string): never => {
    throw errors.ALERT_NOT_REQUEUEABLE({ field: 'id', detail, fix, facts: { status: alert.status } });
  };
  if (alert.status !== 'failed' && alert.status !== 'suppressed') refuse(`The alert is ${alert.status}`, 'Only a failed or suppressed alert can be sent again');
  const by = /^superseded_by:(.+)$/.exec(alert.reason ?? '')?.[1];
  if (by !== undefined) refuse(`Newer advice has replaced it: ${by}`, `Look at GET /api/v1/alerts/${by} instead`);
  if (!hasChannel) refuse('No message channel is set up', 'Set the WHATSAPP_ variables and start again');
}
