/** What a field of a scenario file may hold, shared by its CSV columns and its JSON members. */
import { z } from 'zod';
import { parseUsd } from '../model/money.ts';
import { CHOKEPOINT_IDS, parseUnLocode } from '../model/place.ts';
import { parseInstant, startOfDay } from '../model/time.ts';

/** Runs a reader of the model's and turns its RangeError into an issue with the fix. */
function through<T>(read: (text: string) => T, fix: string) {
  return z.string().transform((text, context) => {
    try {
      return read(text);
    } catch {
      context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is wrong`, params: { fix } });
      return z.NEVER;
    }
  });
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;
const numeric = (text: string): number => {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new RangeError(text);
  return Number(text);
};

export const day = through((text) => (startOfDay(text), text), 'a calendar day such as 2026-02-28');
export const instant = through((text) => {
  if (!INSTANT.test(text)) throw new RangeError(text);
  return parseInstant(text);
}, 'a UTC instant such as 2026-02-28T14:00:00Z');
export const usdAmount = through((text) => {
  const amount = parseUsd(text);
  if (amount < 0n) throw new RangeError(text);
  return amount;
}, 'a dollar amount that is not negative, such as 125000 or 80.50');
export const locode = through(parseUnLocode, 'a UN/LOCODE such as CNSHA');
export const chokepoint = z.enum(CHOKEPOINT_IDS as readonly [(typeof CHOKEPOINT_IDS)[number]]);
/** An id of ours: lower case, digits, `_` and `-`. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,119}$/);
/** The last part of a page's address, as its site writes it. */
export const pageSlug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,299}$/);
export const lane = z.string().regex(/^[a-z]+(_[a-z]+)+$/);
export const text = (max: number) => z.string().trim().min(1).max(max);
export const page = z.string().max(500).refine((s) => /^https?:\/\//.test(s) && URL.canParse(s), { message: 'is not the address of a page', params: { fix: 'an address that begins with https://' } });

/** Numbers as a CSV column writes them: digits with a point. */
export const csvNumber = (min: number, max: number, whole: boolean) =>
  through((field) => {
    const value = numeric(field);
    if (value < min || value > max || (whole && !Number.isInteger(value))) throw new RangeError(field);
    return value;
  }, `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}, in digits`);

/** An empty field is null. */
export const orNull = <T extends z.ZodType>(schema: T) => z.union([z.literal('').transform(() => null), schema]);
