/** Local time of day: when a customer sleeps. Pure; the zone's rules come from the runtime's own time zone data. */
import { dayOf, MINUTE_MS, type IsoDay, type Millis } from '../../model/time.ts';
import { writtenFor } from '../../model/written.ts';
import type { QuietHours } from './ports.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError on a zone that nobody knows */
function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
    // The zones are some six hundred at most, and a name that is not one throws above: the map is bounded.
    formats.set(timezone, format);
  }
  return format;
}

export function isTimezone(timezone: string): boolean {
  try {
    formatOf(timezone);
    return true;
  } catch {
    return false;
  }
}

/** The calendar day there, and minutes since its midnight. */
export function localTime(at: Millis, timezone: string): { readonly day: IsoDay; readonly minutes: number } {
  const parts: Record<string, string> = {};
  for (const { type, value } of formatOf(timezone).formatToParts(at)) parts[type] = value;
  return { day: `${parts['year']}-${parts['month']}-${parts['day']}`, minutes: Number(parts['hour']) * 60 + Number(parts['minute']) };
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Minutes since midnight of `HH:MM`, or null. */
export function minutesOfDay(text: string): number | null {
  const m = CLOCK.exec(text);
  return m ? Number(m[1]) * 60 + Number(m[2]) : null;
}

/**
 * The instant at which the quiet hours around `at` end, or null when `at` is not inside any.
 * Where clocks jump over the end (spring), the first minute after the jump; where it comes twice (autumn), the first.
 */
export function quietUntil(at: Millis, timezone: string, quiet: QuietHours): Millis | null {
  const from = minutesOfDay(quiet.from);
  const to = minutesOfDay(quiet.to);
  if (from === null || to === null || from === to) return null;
  const { minutes } = localTime(at, timezone);
  const inside = from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
  if (!inside) return null;
  const wait = (to - minutes + 1_440) % 1_440;
  const guess = Math.floor(at / MINUTE_MS) * MINUTE_MS + wait * MINUTE_MS;
  // A change of the clock between now and then shifts the guess by the change.
  const off = ((localTime(guess, timezone).minutes - to + 720 + 1_440) % 1_440) - 720;
  const end = guess - off * MINUTE_MS;
  return end > at ? end : guess;
}

/** `Sun 1 Mar 2026, 14:00 (Asia/Ho_Chi_Minh)`: a deadline as the customer's own clock says it, in the customer's language. @param language BCP 47 */
export function localText(at: Millis, timezone: string, language = 'en'): string {
  const zone = isTimezone(timezone) ? timezone : 'UTC';
  const { day, minutes } = localTime(at, zone);
  return writtenFor(language).local(day, minutes, zone);
}

/** The customer's calendar day of an instant; UTC's where the zone is unknown. */
export const localDay = (at: Millis, timezone: string): IsoDay => (isTimezone(timezone) ? localTime(at, timezone).day : dayOf(at));

