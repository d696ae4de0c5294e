/**
 * Whom to try next, and when to look again: pure. Given the deliveries of an alert, what must be done now.
 * Told again after every change (`progress.ts`) until nothing is left to do, so that no path into a state can forget its way out.
 *
 * Two clocks meet here. The deadline is desk time; people read in wall-clock time. What passes between is the length of
 * time that is left: the desk's time when the delivery was queued, and the wall clock since. Live, that is the desk's time
 * itself. In a replay a day lasts seconds and a phone reads in seconds: measured in desk time everything would stay unread for days.
 */
import type { Millis } from '../../model/time.ts';
import type { Delivery } from './deliveries-store.ts';
import type { AlertStatus } from './delivery-rules.ts';
import type { ChannelName, MessageChannel, Severity } from './ports.ts';
import type { AlertSettings } from './settings.ts';

/** `exhausted`: every contact was tried, and none of them proved it. `unread`: a critical alert that nobody read in time. `held`: the only way left does not let it pass. `call_me`: the customer wants to be called. */
export type EscalationCause = 'exhausted' | 'unread' | 'held' | 'call_me';

export type Step =
  /** This contact is tried now. */
  | { readonly kind: 'start'; readonly position: number }
  /** It does not count as told any more. */
  | { readonly kind: 'lapse'; readonly position: number; readonly waitedMs: number }
  /** Its channel did not take it in time; another is tried. */
  | { readonly kind: 'give_up'; readonly position: number }
  | { readonly kind: 'cancel_unsent'; readonly why: string; readonly operatorsToo: boolean }
  | { readonly kind: 'call_operators'; readonly why: EscalationCause };

export interface Plan {
  /** To be done in this order; then ask again. Empty: nothing to do before `watchAt`. */
  readonly steps: readonly Step[];
  /** Wall-clock time; null: no look is needed, what comes next comes by itself or it has ended. */
  readonly watchAt: Millis | null;
}

export interface Situation {
  /** Desk time. */
  readonly deadline: Millis | null;
  readonly severity: Severity;
  /** Why the operators have been called, or null. */
  readonly escalated: EscalationCause | null;
  readonly deliveries: readonly Delivery[];
  /** Why nobody needs to be told any more (`acknowledged by …`), or null. */
  readonly settled: string | null;
}

export type Confirms = (channel: ChannelName) => MessageChannel['confirms'];

const DONE: Plan = Object.freeze({ steps: [], watchAt: null });

export function planNext(s: Situation, confirms: Confirms, now: Millis, settings: AlertSettings): Plan {
  const mine = s.deliveries.filter((d) => d.role === 'customer');
  const over = mine.some((d) => d.status === 'read') ? 'read' : s.settled;
  if (over !== null) {
    // Who asked for a call waits for one, also when all has been read.
    const operatorsToo = s.escalated !== 'call_me';
    const unsent = s.deliveries.some((d) => isUnsent(d) && (operatorsToo || d.role === 'customer'));
    return unsent ? { steps: [{ kind: 'cancel_unsent', why: over, operatorsToo }], watchAt: null } : DONE;
  }

  const dues = new Map(mine.map((d) => [d, dueAt(d, s.deadline, confirms, settings)]));
  const late = (d: Delivery): boolean => now >= (dues.get(d) ?? Infinity);
  const lapsing = mine.filter((d) => (d.status === 'sent' || d.status === 'delivered') && late(d));
  if (lapsing.length > 0) return { steps: lapsing.map((d) => ({ kind: 'lapse', position: d.position, waitedMs: now - d.sentAt! })), watchAt: now };

  const planned = mine.filter((d) => d.status === 'planned');
  const stuck = mine.filter((d) => d.status === 'queued' && late(d));
  const alive = mine.some((d) => isOpen(d) && d.lapsedAt === null && !late(d));
  const steps = planned[0] ? withContactsLeft(s, mine, stuck, planned, alive) : withNoneLeft(s, mine, stuck, alive);
  return steps.length > 0 ? { steps, watchAt: now } : { steps, watchAt: earliest([...dues.values()].filter((at) => at !== null && at > now)) };
}

function withContactsLeft(s: Situation, mine: readonly Delivery[], stuck: readonly Delivery[], planned: readonly Delivery[], alive: boolean): readonly Step[] {
  const steps: Step[] = stuck.map((d) => ({ kind: 'give_up', position: d.position }));
  const start = new Set<Delivery>(alive ? [] : [planned[0]!]);
  // What is critical and unread goes to the last contact at once, whoever stands between, and to the operators.
  const urgent = s.severity === 'critical' && mine.some((d) => d.lapsedAt !== null);
  if (urgent && mine.at(-1)!.status === 'planned') start.add(mine.at(-1)!);
  for (const d of start) steps.push({ kind: 'start', position: d.position });
  if (urgent && s.escalated === null) steps.push({ kind: 'call_operators', why: 'unread' });
  return steps;
}

function withNoneLeft(s: Situation, mine: readonly Delivery[], stuck: readonly Delivery[], alive: boolean): readonly Step[] {
  if (s.escalated !== null) return [];
  if (s.severity === 'critical' && mine.some((d) => d.lapsedAt !== null)) return [{ kind: 'call_operators', why: 'unread' }];
  if (alive) return [];
  if (stuck.length > 0) return [{ kind: 'call_operators', why: 'held' }];
  const sending = mine.some((d) => d.status === 'queued' || d.status === 'sending');
  const reached = mine.some((d) => d.status === 'delivered');
  const untold = mine.some((d) => d.status === 'failed' || d.lapsedAt !== null);
  return sending || reached || !untold ? [] : [{ kind: 'call_operators', why: 'exhausted' }];
}

const isOpen = (d: Delivery): boolean => d.status === 'queued' || d.status === 'sending' || d.status === 'sent' || d.status === 'delivered';

/** What `cancelUnsent` of the store takes back. */
const isUnsent = (d: Delivery): boolean => d.coveredBy === null && (d.status === 'planned' || (d.status === 'queued' && (d.role === 'customer' || d.lastAttempt === null)));

/**
 * The wall-clock time at which a delivery has had its time, or null where nothing is waited for.
 * One whose call is under way is not hurried: its own reconciliation ends it. One held by quiet hours is let go by the desk.
 */
export function dueAt(d: Delivery, deadline: Millis | null, confirms: Confirms, settings: AlertSettings): Millis | null {
  if (d.lapsedAt !== null) return null;
  const margin = (since: Millis, ceiling: number): Millis => since + marginMs(timeLeft(d, deadline, since), settings, ceiling);
  if (d.status === 'queued' && d.heldUntil === null && d.queuedAt !== null) return margin(d.queuedAt, settings.heldCeilingMs);
  const enough = d.status === 'delivered' && confirms(d.channel) !== 'read';
  return (d.status === 'sent' || d.status === 'delivered') && !enough && d.sentAt !== null ? margin(d.sentAt, settings.unreadCeilingMs) : null;
}

/** A share of the time that is left, between floor and ceiling; the ceiling where there is no deadline. @returns milliseconds */
export function marginMs(left: number | null, settings: AlertSettings, ceiling: number): number {
  return left === null ? ceiling : Math.min(ceiling, Math.max(settings.unreadFloorMs, settings.unreadShare * left));
}

/** @param at wall-clock time @returns milliseconds to the deadline, negative after it; null without one */
export const timeLeft = (d: Pick<Delivery, 'queuedAt' | 'queuedAsOf'>, deadline: Millis | null, at: Millis): number | null => (deadline === null ? null : deadline - deskTimeAt(d, at));

/** The desk's time, as far as the wall clock tells it since the delivery was queued. */
export const deskTimeAt = (d: Pick<Delivery, 'queuedAt' | 'queuedAsOf'>, at: Millis): Millis => (d.queuedAsOf ?? at) + (at - (d.queuedAt ?? at));

const earliest = (times: readonly (Millis | null)[]): Millis | null => times.reduce<Millis | null>((a, b) => (b === null || (a !== null && a <= b) ? a : b), null);

export interface Standing {
  readonly status: AlertStatus;
  /** The delivery that the alert shows as its own. */
  readonly by: Delivery;
}

/** The delivery that counts most, and what it makes of the alert; null when none of the customer's was ever meant to leave. */
export function standingOf(deliveries: readonly Delivery[]): Standing | null {
  const mine = deliveries.filter((d) => d.role === 'customer');
  const first = (fits: (d: Delivery) => boolean): Delivery | undefined => mine.find(fits);
  const best =
    first((d) => d.status === 'read') ??
    first((d) => d.status === 'delivered') ??
    first((d) => d.status === 'sent' && d.lapsedAt === null);
  if (best) return { status: best.status as AlertStatus, by: best };
  const lapsed = first((d) => d.status === 'sent');
  const going = first((d) => d.status === 'sending') ?? first((d) => d.status === 'queued');
  if (going) return lapsed ? { status: 'sent', by: lapsed } : { status: going.status as AlertStatus, by: going };
  const failed = lapsed ?? mine.filter((d) => d.status === 'failed').toSorted((a, b) => (b.failedAt ?? 0) - (a.failedAt ?? 0) || b.position - a.position)[0];
  return failed ? { status: 'failed', by: failed } : null;
}
