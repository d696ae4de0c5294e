/**
 * Fields that request schemas share. Each takes exactly what its column in Postgres keeps, so that no accepted value fails
 * later or comes back as another one. Not here: fields with a meaning of the domain (money, ports): their stage has them.
 */
import { z } from 'zod';
import { INSTANT_MAX, isInstant, isStorableText } from '../../model/storable.ts';
import type { Millis } from '../../model/time.ts';

/** Largest value of the column type `integer`. */
export const INT4_MAX = 2_147_483_647;

/** Longest id, in code points as zod counts. It takes at most 400 bytes in UTF-8; a row of an index holds 2,704. */
const ID_MAX = 100;

const INSTANT_RANGE = 'must be a time from 1970-01-01T00:00:00Z to 2200-01-01T00:00:00Z, as in 2026-03-01T12:00:00Z';
const DAY_RANGE = 'must be a day from 1970-01-01 to 2200-01-01, as in 2026-03-01';
const STORABLE = 'must not contain U+0000 or half of a surrogate pair';

/** Turns -0 into 0: JSON text can hold it, `integer` and `jsonb` cannot. */
const withoutNegativeZero = (value: number): number => (value === 0 ? 0 : value);

/** An ISO 8601 time with its offset or Z. Output: epoch milliseconds. */
export const instant = () =>
  z.iso
    .datetime({ offset: true, abort: true })
    .max(64)
    .refine((text) => isInstant(Date.parse(text)), INSTANT_RANGE)
    .transform((text): Millis => Date.parse(text));

/** An instant as epoch milliseconds, as cursors keep it. */
export const millis = () => z.int().min(0).max(INSTANT_MAX);

/** A calendar day, `YYYY-MM-DD`. */
export const day = () => z.iso.date({ abort: true }).refine((text) => isInstant(Date.parse(text)), DAY_RANGE);

/** An id as it is in a path, a query, a body or a cursor. @param max characters */
export const id = (max = ID_MAX) => z.string().min(1).max(max).refine(isStorableText, STORABLE);

/** The path parameter `:id`. */
export const idParams = z.object({ id: id() });

/** Text that people write, without blanks at its ends. @param max characters */
export const text = (max: number, min = 1) => z.string().trim().min(min).max(max).refine(isStorableText, STORABLE);

/** A whole number. @param max at most {@link INT4_MAX} for a column of type `integer` */
export const whole = (min: number, max: number) => z.int().min(min).max(max).overwrite(withoutNegativeZero);

/** A number for a column of type `double precision`. */
export const real = (min: number, max: number) => z.number().min(min).max(max).overwrite(withoutNegativeZero);
