/** Dates as feeds write them: RFC 822 and ISO 8601 with all their usual breaks. Pure. What can be read in two ways is not read. */
import type { Millis } from '../../model/time.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours before UTC by name, RFC 822's and those that papers use. IST and BST stand for two zones each: taken for the likelier of news feeds. */
const ZONES: Readonly<Record<string, number>> = Object.freeze({
  z: 0, ut: 0, utc: 0, gmt: 0, wet: 0, west: 1, bst: 1, cet: 1, cest: 2, eet: 2, eest: 3, msk: 3, gst: 4, ist: 5.5, sgt: 8, hkt: 8, jst: 9, kst: 9, aest: 10, aedt: 11,
  est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7,
});

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(.*))?$/i;
const ISO_BASIC = /^(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})\s*(.*)$/i;
/** "Sun, 01 Mar 2026 12:00:00 GMT", without weekday, comma, seconds or zone too. */
const DAY_FIRST = /^(?:[a-z]+\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})(?:,?\s+(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(.*))?$/i;
/** "March 1, 2026 12:00 PM EST", "Sun Mar 1, 2026". */
const MONTH_FIRST = /^(?:[a-z]+\.?,?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:,?\s+(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(.*))?$/i;
/** asctime: "Sun Mar  1 12:00:00 2026", with a zone before the year too. */
const ASCTIME = /^[a-z]{3},?\s+([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(?:([a-z]{1,5}|[+-]\d{4})\s+)?(\d{4})$/i;

const FIRST_YEAR = 1990;
const WRITTEN_CHARS_MAX = 100;

/** @returns null for what is no date, has two readings (03/01/2026), or is of a year before 1990. Without a zone: UTC. Without a time: midnight UTC. */
export function parseFeedDate(text: string): Millis | null {
  const plain = text.slice(0, WRITTEN_CHARS_MAX).replace(/\s+/g, ' ').trim();
  const iso = ISO.exec(plain) ?? ISO_BASIC.exec(plain);
  if (iso) return at(iso[1], Number(iso[2]) - 1, iso[3], iso.slice(4, 7), iso[7]);
  const asctime = ASCTIME.exec(plain);
  if (asctime) return at(asctime[7], month(asctime[1]!), asctime[2], asctime.slice(3, 6), asctime[6]);
  const dayFirst = DAY_FIRST.exec(plain);
  if (dayFirst) return at(fullYear(dayFirst[3]!), month(dayFirst[2]!), dayFirst[1], dayFirst.slice(4, 7), dayFirst[7]);
  const monthFirst = MONTH_FIRST.exec(plain);
  if (monthFirst) return at(monthFirst[3], month(monthFirst[1]!), monthFirst[2], monthFirst.slice(4, 7), monthFirst[7]);
  return null;
}

/** RFC 2822, 4.3: two digits below 50 are of this century. */
const fullYear = (digits: string): string => (digits.length === 4 ? digits : String(Number(digits) + (Number(digits) < 50 ? 2000 : 1900)));
const month = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase());

function at(year: string | undefined, monthIndex: number, day: string | undefined, time: readonly (string | undefined)[], zone: string | undefined): Millis | null {
  const [y, d] = [Number(year), Number(day)];
  const clock = readClock(time, zone ?? '');
  if (clock === null || y < FIRST_YEAR || monthIndex < 0 || monthIndex > 11) return null;
  const midnight = Date.UTC(y, monthIndex, d);
  if (new Date(midnight).getUTCMonth() !== monthIndex || d < 1) return null;
  return midnight + clock;
}

/** Milliseconds from midnight UTC, which a zone may put on another day. */
function readClock([hours, minutes, seconds]: readonly (string | undefined)[], rest: string): number | null {
  if (hours === undefined) return rest.trim() === '' ? 0 : null;
  const [, half, zone = ''] = /^(?:([ap])\.?m\.?)?\s*(.*)$/i.exec(rest.trim())!;
  let h = Number(hours);
  if (half !== undefined) {
    if (h < 1 || h > 12) return null;
    h = (h % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  const [m, s] = [Number(minutes), Number(seconds ?? 0)];
  const offset = offsetMinutes(zone);
  // 60 is a leap second; 24:00 the end of the day.
  if (offset === null || h > 24 || m > 59 || s > 60) return null;
  return ((h * 60 + m - offset) * 60 + s) * 1_000;
}

/** "+0100", "+01:00", "GMT+1", "EST", "GMT (Coordinated…)"; null for a zone that is not known: an hour's error is worse than no date. */
function offsetMinutes(zone: string): number | null {
  const plain = zone.replace(/\(.*\)\s*$/, '').trim().toLowerCase();
  if (plain === '') return 0;
  const numeric = /^(?:gmt|utc|ut)?\s*([+-])(\d{1,2}):?(\d{2})?$/.exec(plain);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    return minutes > 14 * 60 ? null : numeric[1] === '-' ? -minutes : minutes;
  }
  const hours = Object.hasOwn(ZONES, plain) ? ZONES[plain] : undefined;
  return hours === undefined ? null : hours * 60;
}
