/** Who hears what, and when: pure. Sending itself is `delivery-rules.ts`. */
import { deterministicId } from '../../model/ids.ts';
import { maxMicros, times, type Micros } from '../../model/money.ts';
import type { Millis } from '../../model/time.ts';
import { CHANNEL_WORDS, contactFault } from './contacts.ts';
import type { AlertRequest, ChannelName, ReplyMeaning } from './ports.ts';
import { isTimezone, quietUntil } from './quiet-hours.ts';
import type { AlertSettings } from './settings.ts';

/** What the customer was last told of an event. */
export interface Told {
  readonly action: string;
  readonly deadline: Millis | null;
  readonly expectedCost: Micros;
}

/** Why an alert is news: the first of its event, or what has changed. */
export type Novelty = 'first' | 'action' | 'deadline' | 'cost';

export type SuppressedBy = 'customer_daily_ceiling' | 'global_daily_ceiling' | 'no_channel';

export type Verdict =
  | { readonly kind: 'tell'; readonly heldUntil: Millis | null }
  | { readonly kind: 'suppress'; readonly reason: SuppressedBy; readonly detail: string }
  | { readonly kind: 'undeliverable'; readonly detail: string };

/** One a (customer, event, action). */
export const fingerprint = (r: Pick<AlertRequest, 'customerId' | 'eventKey' | 'action'>): string => deterministicId('fp', r.customerId, r.eventKey, r.action);

/** The same decision told with the same fingerprint is the same alert, however often it is asked for. */
export const alertId = (r: AlertRequest): string => deterministicId('alr', r.decisionId, fingerprint(r));

/** @returns why this is news, or null when the customer knows it already */
export function novelty(r: AlertRequest, told: Told | null, settings: AlertSettings): Novelty | null {
  if (!told) return 'first';
  if (r.action !== told.action) return 'action';
  if (deadlineMoved(r.deadline, told.deadline, settings.deadlineToleranceMs)) return 'deadline';
  return crossesBand(r.expectedCost, told.expectedCost, settings) ? 'cost' : null;
}

function deadlineMoved(now: Millis | null, before: Millis | null, tolerance: number): boolean {
  if (now === null || before === null) return now !== before;
  return Math.abs(now - before) >= tolerance;
}

/** The band is around what was told, so that small steps add up to news and a cost that trembles does not. */
function crossesBand(now: Micros, told: Micros, settings: AlertSettings): boolean {
  const abs = (m: Micros): Micros => (m < 0n ? -m : m);
  return abs(now - told) >= maxMicros(times(abs(told), settings.costBandShare), settings.costBandFloor);
}

/**
 * What happens to an alert that is news.
 * @param counts alerts of the customer's day and of the last 24 hours, this one not among them
 * @param has whether a channel is set up
 */
export function judge(r: AlertRequest, counts: { readonly customerToday: number; readonly last24h: number }, has: (channel: ChannelName) => boolean, settings: AlertSettings): Verdict {
  const sound = r.contacts.filter((c) => contactFault(c) === null);
  if (sound.length === 0) return { kind: 'undeliverable', detail: r.contacts[0] ? contactFault(r.contacts[0])! : 'The customer has no contact. Enter one: the next alert uses it.' };
  if (!sound.some((c) => has(c.channel))) return { kind: 'suppress', reason: 'no_channel', detail: `No message channel is set up for this customer (${sound.map((c) => CHANNEL_WORDS[c.channel]).join(', ')}).` };
  if (counts.customerToday >= settings.customerDailyCeiling) {
    return { kind: 'suppress', reason: 'customer_daily_ceiling', detail: `The customer has had ${counts.customerToday} alerts today; the ceiling is ${settings.customerDailyCeiling}.` };
  }
  if (counts.last24h >= settings.globalDailyCeiling) {
    return { kind: 'suppress', reason: 'global_daily_ceiling', detail: `${counts.last24h} alerts went out in 24 hours; the ceiling is ${settings.globalDailyCeiling}.` };
  }
  return { kind: 'tell', heldUntil: heldUntil(r, settings) };
}

/** The end of the quiet hours, or null: outside them, or where the deadline leaves no time to wait. `asOf` is desk time. */
export function heldUntil(r: Pick<AlertRequest, 'quietHours' | 'timezone' | 'deadline' | 'asOf'>, settings: AlertSettings): Millis | null {
  if (!r.quietHours || !isTimezone(r.timezone)) return null;
  const end = quietUntil(r.asOf, r.timezone, r.quietHours);
  if (end === null) return null;
  return r.deadline !== null && r.deadline < end + settings.quietLeadMs ? null : end;
}

/** The template asks for 1 (acted), 2 (decline) or 3 (call me). Anything else is for a person to read. */
export function replyMeaning(text: string): ReplyMeaning {
  const m = /^\s*([123])\s*[.)]?\s*$/.exec(text);
  return m ? ({ 1: 'acted', 2: 'declined', 3: 'call_me' } as const)[Number(m[1]) as 1 | 2 | 3] : 'other';
}
