/** What a signal may be about, checked: used for what sources hand over and for what producers send. */
import * as z from 'zod';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../model/place.ts';

export const chokepointSchema = z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]);

/** @example { type: 'port', id: 'AEJEA' } */
export const subjectSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('chokepoint'), id: chokepointSchema }),
  z.strictObject({ type: z.literal('port'), id: z.string().regex(/^[A-Z]{2}[A-Z2-9]{3}$/, 'must be a UN/LOCODE without a blank, such as AEJEA') }),
  z.strictObject({ type: z.literal('lane'), id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,79}$/, 'must be 3 to 80 letters, digits, hyphens and underscores, such as shanghai_rotterdam') }),
  z.strictObject({ type: z.literal('instrument'), id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$/, 'must be 1 to 80 letters, digits, dots, colons, hyphens and underscores') }),
]);
