/** The states of a delivery on its way: pure. Forward only, whatever the order in which news of it arrives. */
import type { Millis } from '../../model/time.ts';
import type { DeliveryStatus, Refusal } from './ports.ts';
import type { AlertSettings, ChannelLimits } from './settings.ts';

export const ALERT_STATUSES = Object.freeze(['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'suppressed'] as const);
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** `planned`: a contact that has not been needed yet. `cancelled`: not needed any more. */
export const DELIVERY_STATES = Object.freeze(['planned', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'cancelled'] as const);
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Codes of our own. */
export const OUTCOME_UNKNOWN = 'OUTCOME_UNKNOWN';
export const TOO_LATE = 'TOO_LATE';
export const RECIPIENT_INVALID = 'RECIPIENT_INVALID';
export const CHANNEL_ABSENT = 'CHANNEL_ABSENT';
/** Its channel did not take it in time, and another contact was tried instead. */
export const HELD_TOO_LONG = 'HELD_TOO_LONG';
/** A channel took it, and nothing proved in time that it was read (or at least on the phone). */
export const NOT_CONFIRMED = 'NOT_CONFIRMED';

const RANK = Object.freeze({ planned: 0, queued: 1, sending: 2, sent: 3, delivered: 4, read: 5 } as const);

/**
 * The state after a delivery report. A failure is overtaken only by proof that the phone has the message, or, where we
 * failed it for want of knowledge, by any proof at all.
 * @param errorCode the delivery's, when it has failed
 */
export function statusAfter(current: DeliveryState, errorCode: string | null, reported: Exclude<DeliveryStatus, 'failed'>): DeliveryState {
  if (current === 'failed' || current === 'cancelled') {
    const proof = reported !== 'sent' || errorCode === OUTCOME_UNKNOWN;
    return proof ? reported : current;
  }
  return RANK[reported] > RANK[current] ? reported : current;
}

/** Whether a `failed` report may still change the delivery: what has reached the phone stays there. */
export const mayFail = (current: DeliveryState): boolean => current === 'queued' || current === 'sending' || current === 'sent';

export type AfterRefusal =
  | { readonly kind: 'again'; readonly notBefore: Millis; readonly hold: { readonly scope: 'recipient' | 'channel'; readonly until: Millis } | null; readonly counts: boolean }
  | { readonly kind: 'dead'; readonly code: string; readonly message: string };

/** @param tries counted tries before this one @param queuedAt since when the delivery waits */
export function afterRefusal(refusal: Refusal, tries: number, queuedAt: Millis, now: Millis, settings: AlertSettings, limits: ChannelLimits): AfterRefusal {
  if (refusal.reaction === 'give_up') return { kind: 'dead', code: refusal.code, message: refusal.message };
  const counts = refusal.counts && refusal.reaction !== 'hold_channel';
  if (counts && tries + 1 >= settings.maxTries) {
    return { kind: 'dead', code: refusal.code, message: `Given up after ${tries + 1} tries. ${refusal.message}` };
  }
  const wait = Math.max(refusal.retryAfterMs ?? 0, refusal.reaction === 'delay_recipient' ? limits.pairIntervalMs : 0, backoffMs(tries, settings));
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
