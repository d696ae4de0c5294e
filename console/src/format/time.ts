// Instants and spans for people, always in UTC. "Now" is given: in a replay it is the scenario's time.

const MINUTE = 60_000;
const HOUR = 3_600_000;
export const DAY = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const two = (n: number): string => String(n).padStart(2, '0');

/** Epoch ms of an ISO instant or day; NaN when unreadable. */
export const millis = (iso: string): number => Date.parse(iso);

function parts(at: string | number): Date | null {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** `"14 Feb 2026"`. */
export function day(at: string | number): string {
  const d = parts(at);
  return d ? `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}` : '–';
}

/** `"14 Feb"`: where the year stands beside it. */
export function dayShort(at: string | number): string {
  const d = parts(at);
  return d ? `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]}` : '–';
}

/** `"Sat 14 Feb 2026"`. */
export function dayLong(at: string | number): string {
  const d = parts(at);
  return d ? `${WEEKDAYS[d.getUTCDay()]} ${day(at)}` : '–';
}

/** `"14:05"`. */
export function clock(at: string | number): string {
  const d = parts(at);
  return d ? `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}` : '–';
}

/** `"14 Feb 2026 14:05 UTC"`. */
export function instant(at: string | number): string {
  return parts(at) ? `${day(at)} ${clock(at)} UTC` : '–';
}

/** `"14 Feb 14:05 UTC"`. */
export function instantShort(at: string | number): string {
  return parts(at) ? `${dayShort(at)} ${clock(at)} UTC` : '–';
}

/** A length of time in its two largest units: `"2 d 4 h"`, `"5 h 20 min"`, `"45 min"`, `"under 1 min"`. */
export function span(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / MINUTE);
  if (minutes < 1) return 'under 1 min';
  const d = Math.floor(minutes / 1440);
  const h = Math.floor((minutes % 1440) / 60);
  const m = minutes % 60;
  if (d >= 14) return `${d} d`;
  if (d > 0) return h > 0 ? `${d} d ${h} h` : `${d} d`;
  if (h > 0) return m > 0 ? `${h} h ${m} min` : `${h} h`;
  return `${m} min`;
}

export type Urgency = 'passed' | 'now' | 'soon' | 'later' | 'none';

export interface TimeLeft {
  readonly urgency: Urgency;
  /** `"2 d 4 h left"`, `"passed 3 h ago"`, `"no deadline"`. */
  readonly text: string;
}

/**
 * How long until a deadline.
 * @param deadline ISO instant, or null when none is set
 * @param now epoch ms; the scenario's time in a replay
 */
export function timeLeft(deadline: string | null, now: number): TimeLeft {
  if (deadline === null) return { urgency: 'none', text: 'no deadline' };
  const left = millis(deadline) - now;
  if (Number.isNaN(left)) return { urgency: 'none', text: 'no deadline' };
  if (left <= 0) return { urgency: 'passed', text: -left < MINUTE ? 'due now' : `passed ${span(left)} ago` };
  const urgency: Urgency = left < 24 * HOUR ? 'now' : left < 3 * DAY ? 'soon' : 'later';
  return { urgency, text: `${span(left)} left` };
}

/** `"3 min ago"`; just now below a minute; a future instant is `"in 3 min"`. */
export function ago(at: string | number, now: number): string {
  const gap = now - new Date(at).getTime();
  if (Number.isNaN(gap)) return '–';
  if (Math.abs(gap) < MINUTE) return 'just now';
  return gap > 0 ? `${span(gap)} ago` : `in ${span(gap)}`;
}

/** Seconds, for a countdown: `"4 s"`. */
export const seconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1000))} s`;
