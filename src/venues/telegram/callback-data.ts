/**
 * What a button carries back: `1:` and the message's mark. Telegram takes 64 bytes. The stage's marks (51 characters at most) fit as they
 * are; a longer one is shortened to `1~` and the first 32 hex digits of its SHA-256, which says that the button is ours, and not whose:
 * then the message under which it stands tells (`inReplyTo`). Pure.
 */
import { createHash } from 'node:crypto';

const BYTES_MAX = 64;

export type Answer = '1' | '2' | '3';
export const ANSWERS: readonly [Answer, Answer, Answer] = Object.freeze(['1', '2', '3']);

export function callbackData(answer: Answer, opaque: string): string {
  const whole = `${answer}:${opaque}`;
  return Buffer.byteLength(whole) <= BYTES_MAX ? whole : `${answer}~${createHash('sha256').update(opaque).digest('hex').slice(0, 32)}`;
}

/** @returns null for data that is not ours; `opaque` is null where it was shortened */
export function readCallbackData(data: string): { readonly answer: Answer; readonly opaque: string | null } | null {
  const m = /^([123])(?::(.+)|~[0-9a-f]{32})$/s.exec(data);
  return m ? { answer: m[1] as Answer, opaque: m[2] ?? null } : null;
}
