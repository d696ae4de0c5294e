/**
 * One line of NMEA 0183: is it an AIS sentence, is it whole, and where are its fields.
 * Lives here: framing and checksum. Not here: armour (bits.ts), parts (assembler.ts).
 */
import { readTagBlock, type TagBlock } from './tag-block.ts';

/** `sentence`: an AIVDM or AIVDO whose checksum holds. The others say why a line is none. */
export type LineVerdict = 'sentence' | 'other' | 'truncated' | 'malformed' | 'badChecksum';

/** Refilled by each line, so that reading one allocates nothing; valid until the next. */
export interface Sentence {
  line: string;
  /** `AI`, `AB`, `BS`, …: the kind of station that wrote the line. */
  talker: string;
  /** True for VDO: what the own station has sent. */
  own: boolean;
  /** Sentences of this message. */
  total: number;
  /** Which of them, from 1. */
  number: number;
  sequence: string;
  channel: string;
  /** Of the armoured characters in `line`. */
  payloadStart: number;
  payloadEnd: number;
  /** Bits at the end that only fill the last character, 0 to 5. */
  pad: number;
  tag: TagBlock | null;
  /** The line had a TAG block that could not be believed. */
  tagUnreadable: boolean;
}

export const emptySentence = (): Sentence => ({ line: '', talker: '', own: false, total: 1, number: 1, sequence: '', channel: '', payloadStart: 0, payloadEnd: 0, pad: 0, tag: null, tagUnreadable: false });

const BANG = 33;
const DOLLAR = 36;
const STAR = 42;
const COMMA = 44;
const BACKSLASH = 92;
const FIELDS = 6;

/** Nearly all sentences are of these kinds: comparing beats cutting a string from each line. */
const TALKERS: readonly string[] = ['AI', 'AB', 'BS', 'AS', 'AD', 'AN', 'AR', 'AT', 'AX', 'SA'];

/** Reads a line into `into`. What stands behind the checksum (a receiver's own remarks) is passed over. */
export function readSentence(line: string, into: Sentence, commas: Int32Array): LineVerdict {
  into.line = line;
  into.tag = null;
  into.tagUnreadable = false;
  let start = 0;
  while (line.charCodeAt(start) <= 32) start++;
  if (line.charCodeAt(start) === BACKSLASH) {
    const end = line.indexOf('\\', start + 1);
    if (end < 0) return 'truncated';
    into.tag = readTagBlock(line.slice(start + 1, end));
    into.tagUnreadable = into.tag === null;
    start = end + 1;
  }
  const first = line.charCodeAt(start);
  if (first !== BANG) return first === DOLLAR ? 'other' : 'malformed';
  if (!isAis(line, start)) return 'other';
  let sum = 0;
  let count = 0;
  let at = start + 1;
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === STAR) break;
    sum ^= code;
    if (code === COMMA) {
      if (count < FIELDS) commas[count] = at;
      count++;
    }
  }
  if (at + 2 >= line.length) return 'truncated';
  if (hex(line.charCodeAt(at + 1)) * 16 + hex(line.charCodeAt(at + 2)) !== sum) return 'badChecksum';
  if (count !== FIELDS) return 'malformed';
  return readFields(line, start, at, into, commas);
}

function readFields(line: string, start: number, star: number, into: Sentence, commas: Int32Array): LineVerdict {
  into.own = line.charCodeAt(start + 5) === 79;
  into.talker = talkerOf(line, start);
  into.total = digit(line, commas[0]!, commas[1]!);
  into.number = digit(line, commas[1]!, commas[2]!);
  into.sequence = one(line, commas[2]!, commas[3]!);
  into.channel = one(line, commas[3]!, commas[4]!);
  into.payloadStart = commas[4]! + 1;
  into.payloadEnd = commas[5]!;
  into.pad = digit(line, commas[5]!, star);
  const whole = into.total >= 1 && into.number >= 1 && into.number <= into.total && into.pad >= 0 && into.pad <= 5 && into.payloadEnd > into.payloadStart;
  return whole ? 'sentence' : 'malformed';
}

/** `!ttVDM,` or `!ttVDO,`. */
function isAis(line: string, start: number): boolean {
  const last = line.charCodeAt(start + 5);
  return line.charCodeAt(start + 3) === 86 && line.charCodeAt(start + 4) === 68 && (last === 77 || last === 79) && line.charCodeAt(start + 6) === COMMA;
}

function talkerOf(line: string, start: number): string {
  const a = line.charCodeAt(start + 1);
  const b = line.charCodeAt(start + 2);
  for (const known of TALKERS) if (known.charCodeAt(0) === a && known.charCodeAt(1) === b) return known;
  return line.slice(start + 1, start + 3);
}

/** A field of one digit, −1 for anything else. */
function digit(line: string, before: number, after: number): number {
  const code = line.charCodeAt(before + 1) - 48;
  return after === before + 2 && code >= 0 && code <= 9 ? code : -1;
}

/** A field of one character or none; a longer one as it stands. */
const one = (line: string, before: number, after: number): string => (after === before + 1 ? '' : after === before + 2 ? line.charAt(before + 1) : line.slice(before + 1, after));

/** Out of reach of any sum when it is no hexadecimal digit. */
function hex(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  return code >= 97 && code <= 102 ? code - 87 : -1_000_000;
}
