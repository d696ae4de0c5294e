/** A text as the set of its word shingles: what "nearly the same words" is measured on. Pure. */

/** Words in a row that make one shingle. */
export const SHINGLE_WORDS = 2;

/** Lower case, letters and digits only: outlets differ in case, quotes and dashes. */
export function words(text: string): readonly string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/(?<=\d),(?=\d{3})|['’.](?=\p{L}\b)/gu, '')
    .match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** @returns hashes (32 bit, unsigned) of the distinct shingles; a text of fewer words is one shingle, one of none has none */
export function shingles(text: string): ReadonlySet<number> {
  const all = words(text);
  if (all.length === 0) return new Set();
  const last = Math.max(0, all.length - SHINGLE_WORDS);
  const found = new Set<number>();
  for (let i = 0; i <= last; i++) found.add(fnv1a(all.slice(i, i + SHINGLE_WORDS).join(' ')));
  return found;
}

/** FNV-1a over UTF-16 code units, both bytes (Fowler, Noll, Vo; offset basis and prime of 32 bits). */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return hash >>> 0;
}

/** Shared ÷ all. Of two empty sets: 0, since nothing is said. */
export function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const item of small) if (large.has(item)) shared += 1;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}
