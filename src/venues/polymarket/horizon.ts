/** Until when a question runs, by its own words. The venue's `endDate` is sometimes months before the day that the question names. */
import { DAY_MS, startOfDay, type Millis } from '../../model/time.ts';

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const MONTH = `(${MONTHS.join('|')})`;
/** "by June 30, 2026", "through March 31", "by April 15th". */
const BY_DAY = new RegExp(String.raw`\b(?:by|through|before|on)\s+${MONTH}\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?`, 'gi');
/** "by end of May", "by the end of June 2026", "in April". */
const BY_MONTH = new RegExp(String.raw`\b(?:by\s+(?:the\s+)?end\s+of|in)\s+${MONTH}(?:,?\s+(\d{4}))?`, 'gi');
/** "by the end of 2026", "in 2025". */
const BY_YEAR = /\b(?:by\s+(?:the\s+)?end\s+of|in)\s+(\d{4})\b/gi;
/** "before 2027". */
const BEFORE_YEAR = /\bbefore\s+(\d{4})\b/gi;

/**
 * @param endDate as the venue states it; also tells the year where the question names none
 * @returns the midnight (UTC) that ends the day named, or `endDate` where no day is named. Polymarket counts until 23:59 in New York, four or five hours later.
 */
export function questionHorizon(question: string, endDate: Millis | null): Millis | null {
  const last = (pattern: RegExp): RegExpMatchArray | undefined => [...question.matchAll(pattern)].at(-1);
  const byDay = last(BY_DAY);
  if (byDay) return withYear(byDay[3], endDate, (year) => endOfDay(year, monthOf(byDay[1]!), Number(byDay[2])));
  const byMonth = last(BY_MONTH);
  if (byMonth) return withYear(byMonth[2], endDate, (year) => Date.UTC(year, monthOf(byMonth[1]!) + 1, 1));
  const before = last(BEFORE_YEAR);
  if (before) return startOfDay(`${before[1]}-01-01`);
  const byYear = last(BY_YEAR);
  if (byYear) return Date.UTC(Number(byYear[1]) + 1, 0, 1);
  return endDate;
}

const monthOf = (name: string): number => MONTHS.indexOf(name.toLowerCase());

/** Null for a day that the month does not have. */
function endOfDay(year: number, month: number, day: number): Millis | null {
  const at = Date.UTC(year, month, day);
  return new Date(at).getUTCMonth() === month ? at + DAY_MS : null;
}

/** A question without a year means the first such day from about a month before the venue's end date on: end dates are early, seldom late. */
const EARLY = 31 * DAY_MS;

function withYear(year: string | undefined, endDate: Millis | null, at: (year: number) => Millis | null): Millis | null {
  if (year !== undefined) return at(Number(year)) ?? endDate;
  if (endDate === null) return null;
  const around = new Date(endDate).getUTCFullYear();
  return [around - 1, around, around + 1].map(at).find((day) => day !== null && day >= endDate - EARLY) ?? endDate;
}
