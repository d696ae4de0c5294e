/** Cursors of lists: the sort key of the last item (keyset paging), opaque to the client and refused when altered. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { errors } from './errors.ts';

export type CursorPart = string | number | null;

// The check finds an edited or truncated cursor. It is no secret: a cursor opens nothing that its query would not give anyway.
const CHECK_BYTES = 6;
const checkOf = (content: Buffer): Buffer => createHash('sha256').update('bellwether cursor 1').update(content).digest().subarray(0, CHECK_BYTES);

/** @param parts what the list is sorted by, of its last item: `[known_at, id]` */
export function encodeCursor(parts: readonly CursorPart[]): string {
  const content = Buffer.from(JSON.stringify(parts));
  return Buffer.concat([checkOf(content), content]).toString('base64url');
}

/**
 * @param schema the shape that {@link encodeCursor} was given: `z.tuple([z.iso.datetime(), z.string()])`
 * @throws CodedError CURSOR_INVALID when it was altered, or belongs to another list
 */
export function decodeCursor<T>(text: string, schema: z.ZodType<T>): T {
  const bytes = Buffer.from(text, 'base64url');
  const content = bytes.subarray(CHECK_BYTES);
  // Node ignores what is no base64url: what decodes the same but is written otherwise was altered too.
  if (bytes.length > CHECK_BYTES && bytes.toString('base64url') === text && timingSafeEqual(bytes.subarray(0, CHECK_BYTES), checkOf(content))) {
    const parsed = schema.safeParse(jsonOrNull(content.toString()));
    if (parsed.success) return parsed.data;
  }
  throw errors.CURSOR_INVALID({ field: 'cursor', fix: 'Pass next_cursor of the previous page unchanged, or none for the first page' });
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * A page out of `limit + 1` rows: the extra one only tells that there is more.
 * @example return page(rows, query.limit, (row) => [row.known_at, row.id]);
 */
export function page<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => readonly CursorPart[]): { items: Row[]; next_cursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
