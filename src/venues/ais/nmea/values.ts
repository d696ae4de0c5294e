/** From transmitted integers to units, with null where the standard says "not available" (ITU-R M.1371-5, annex 8). */

/** Degrees from 1/10,000 of a minute; null for 181° and whatever else is on no globe. */
export const longitude = (raw: number): number | null => (raw > 108_000_000 || raw < -108_000_000 ? null : raw / 600_000);
/** Degrees from 1/10,000 of a minute; null for 91° and beyond. */
export const latitude = (raw: number): number | null => (raw > 54_000_000 || raw < -54_000_000 ? null : raw / 600_000);
/** Degrees from 1/10 of a minute (types 17, 22, 23, 27). */
export const coarseLongitude = (raw: number): number | null => (raw > 108_000 || raw < -108_000 ? null : raw / 600);
export const coarseLatitude = (raw: number): number | null => (raw > 54_000 || raw < -54_000 ? null : raw / 600);
/** Degrees from 1/1,000 of a minute (binary messages of IMO SN.1/Circ.236 and 289). */
export const middleLongitude = (raw: number): number | null => (raw > 10_800_000 || raw < -10_800_000 ? null : raw / 60_000);
export const middleLatitude = (raw: number): number | null => (raw > 5_400_000 || raw < -5_400_000 ? null : raw / 60_000);
/** Knots from tenths; 1023 is unknown, 1022 means 102.2 or more. */
export const speed = (raw: number): number | null => (raw === 1_023 ? null : raw / 10);
/** Degrees from tenths; 3600 is unknown, above is not used. */
export const course = (raw: number): number | null => (raw >= 3_600 ? null : raw / 10);
/** Degrees; 511 is unknown. */
export const heading = (raw: number): number | null => (raw >= 360 ? null : raw);
/** Second of the minute at which the position was made; 60 is unknown, 61 to 63 tell of the receiver's state. */
export const second = (raw: number): number | null => (raw >= 60 ? null : raw);
/** 15 is "not defined". */
export const navigationStatus = (raw: number): number | null => (raw === 15 ? null : raw);
/** 0 is "not available" in counts, ship types, IMO numbers and dimensions. */
export const positive = (raw: number): number | null => (raw === 0 ? null : raw);
export const textOrNull = (text: string): string | null => (text === '' ? null : text);
/** A value, or null where it is the field's own mark for "not available". */
export const unless = (mark: number, raw: number, scaled: number): number | null => (raw === mark ? null : scaled);

/**
 * Degrees a minute, to starboard when positive: (raw / 4.733)², sign kept. Null for −128 (no turn information) and ±127
 * (turning faster than 5° in 30 s, of which no rate is known; `raw.turn` keeps the side).
 */
export function rateOfTurn(raw: number): number | null {
  if (raw === -128 || raw === 127 || raw === -127) return null;
  const root = raw / 4.733;
  return raw < 0 ? -root * root : root * root;
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** `MM-DDTHH:MMZ`, `MM-DD` when the hour is not known, null when the day is not. The year is never sent. */
export function monthDayTime(month: number, day: number, hour: number, minute: number): string | null {
  if (month < 1 || month > 12 || day < 1) return null;
  return hour > 23 || minute > 59 ? `${two(month)}-${two(day)}` : `${two(month)}-${two(day)}T${two(hour)}:${two(minute)}Z`;
}

/** ISO 8601, null when any part of it is not available. */
export function utcTime(year: number, month: number, day: number, hour: number, minute: number, at: number): string | null {
  if (year < 1 || year > 9_999 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || at > 59) return null;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(at)}Z`;
}
