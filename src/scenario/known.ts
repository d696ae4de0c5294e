/** No look-ahead: what of a series could be known at a moment. */
import type { Millis } from '../model/time.ts';

/** The rows with `knownAt <= at`; rows must be ordered by `knownAt`, as a read scenario's are. */
export function knownBy<T extends { readonly knownAt: Millis }>(rows: readonly T[], at: Millis): readonly T[] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.knownAt <= at) low = middle + 1;
    else high = middle;
  }
  return rows.slice(0, low);
}

/** Of the rows known at a moment, the newest word on each key: a later row on the same key corrects the earlier. */
export function newestKnown<T extends { readonly knownAt: Millis }>(rows: readonly T[], at: Millis, key: (row: T) => string): readonly T[] {
  const newest = new Map<string, T>();
  for (const row of knownBy(rows, at)) newest.set(key(row), row);
  return [...newest.values()];
}
