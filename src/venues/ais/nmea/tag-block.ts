/** The TAG block that may stand before a sentence (NMEA 4.10): who heard it, when, and which sentences belong together. */
import type { Millis } from '../../../model/time.ts';

export interface TagBlock {
  /** `s`: the station that received it. */
  readonly source: string | null;
  /** `c`: when it did. */
  readonly at: Millis | null;
  /** `g`: number, count and group, as given: `1-2-73874`. */
  readonly group: string | null;
  /** `t`: free text. */
  readonly text: string | null;
}

/** Above this a UNIX time is in milliseconds: in seconds it would be the year 5138. */
const MILLISECONDS_FROM = 100_000_000_000;

/** @param text between the backslashes, checksum included @returns null when the checksum is wrong or missing */
export function readTagBlock(text: string): TagBlock | null {
  const star = text.lastIndexOf('*');
  if (star < 0 || !/^[0-9a-f]{2}$/i.test(text.slice(star + 1))) return null;
  let sum = 0;
  for (let i = 0; i < star; i++) sum ^= text.charCodeAt(i);
  if (sum !== Number.parseInt(text.slice(star + 1), 16)) return null;
  const values = new Map(text.slice(0, star).split(',').map((field) => [field.slice(0, 1), field.slice(2)]));
  const time = values.get('c');
  const unix = time !== undefined && /^\d{1,15}$/.test(time) ? Number(time) : null;
  return {
    source: values.get('s') ?? null,
    at: unix === null ? null : unix >= MILLISECONDS_FROM ? unix : unix * 1_000,
    group: values.get('g') ?? null,
    text: values.get('t') ?? null,
  };
}
