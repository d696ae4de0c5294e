/** What the desk stores at all: the range of its times, and text that Postgres keeps unchanged. */
import type { Millis } from './time.ts';

/** 1970-01-01 and 2200-01-01, both inclusive. */
const INSTANT_MIN: Millis = 0;
export const INSTANT_MAX: Millis = 7_258_118_400_000;

export const isInstant = (at: Millis): boolean => at >= INSTANT_MIN && at <= INSTANT_MAX;

/** Whether Postgres stores the text unchanged, as `text` and inside `jsonb`: no U+0000, no half of a surrogate pair. */
export const isStorableText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
