/** The states of an alert on its way: pure. Forward only, whatever the order in which news of it arrives. */
import type { Millis } from '../../model/time.ts';
import type { DeliveryStatus, Refusal } from './ports.ts';
import type { AlertSettings } from './settings.ts';

export const ALERT_STATUSES = Object.freeze(['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'suppressed'] as const);
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** Codes of our own on an alert that failed. */
export const OUTCOME_UNKNOWN = 'OUTCOME_UNKNOWN';
export const TOO_LATE = 'TOO_LATE';
export const RECIPIENT_INVALID = 'RECIPIENT_INVALID';

const RANK: Readonly<Record<'queued' | 'sending' | 'sent' | 'delivered' | 'read', number>> = Object.freeze({ queued: 0, sending: 1, sent: 2, delivered: 3, read: 4 });

/**
 * The status after a delivery report. A failure is overtaken only by proof that the phone has the message, or, where we
 * failed it for want of knowledge, by any proof at all.
 * @param errorCode the alert's, when it has failed
 */
export function statusAfter(current: AlertStatus, errorCode: string | null, reported: Exclude<DeliveryStatus, 'failed'>): AlertStatus {
  if (current === 'failed' || current === 'suppressed') {
    const proof = reported !== 'sent' || errorCode === OUTCOME_UNKNOWN;
    return proof ? reported : current;
  }
  return RANK[reported] > RANK[current] ? reported : current;
}

/** Whether a `failed` report may still change the alert: what has reached the phone stays there. */
export const mayFail = (current: AlertStatus): boolean => current === 'queued' || current === 'sending' || current === 'sent';

export type AfterRefusal =
  | { readonly kind: 'again'; readonly notBefore: Millis; readonly hold: { readonly scope: 'recipient' | 'channel'; readonly until: Millis } | null; readonly counts: boolean }
  | { readonly kind: 'dead'; readonly code: string; readonly message: string };

/** @param tries counted tries before this one @param queuedAt since when the alert waits */
export function afterRefusal(refusal: Refusal, tries: number, queuedAt: Millis, now: Millis, settings: AlertSettings): AfterRefusal {
  if (refusal.reaction === 'give_up') return { kind: 'dead', code: refusal.code, message: refusal.message };
  const counts = refusal.counts && refusal.reaction !== 'hold_channel';
  if (counts && tries + 1 >= settings.maxTries) {
    return { kind: 'dead', code: refusal.code, message: `Given up after ${tries + 1} tries. ${refusal.message}` };
  }
  const wait = Math.max(refusal.retryAfterMs ?? 0, refusal.reaction === 'delay_recipient' ? settings.pairIntervalMs : 0, backoffMs(tries, settings));
  const notBefore = now + wait;
  if (notBefore - queuedAt > settings.giveUpAfterMs) {
    return { kind: 'dead', code: TOO_LATE, message: `Not sent within ${hours(settings.giveUpAfterMs)}. Last: ${refusal.code}: ${refusal.message}` };
  }
  const scope = refusal.reaction === 'delay_recipient' ? 'recipient' : refusal.reaction === 'hold_channel' ? 'channel' : null;
  return { kind: 'again', notBefore, hold: scope && { scope, until: notBefore }, counts };
}

/** base × 2ⁿ up to the ceiling. @param tries counted tries before this one */
export const backoffMs = (tries: number, settings: AlertSettings): number => Math.min(settings.backoffMaxMs, settings.backoffBaseMs * 2 ** Math.min(tries, 30));

export const hours = (ms: number): string => `${Math.round(ms / 360_000) / 10} hours`;
