/**
 * MinHash signatures and their bands for locality-sensitive hashing: sets that are alike share a band, others rarely do. Pure.
 * Sources: Broder 1997 (MinHash: two sets share a row with probability their Jaccard similarity s); Leskovec, Rajaraman & Ullman,
 * Mining of Massive Datasets, § 3.4 (bands).
 */

export const BANDS = 20;
export const ROWS = 5;

/** P(at least one band is shared | similarity s) = 1 − (1 − sʳ)ᵇ. */
export const matchProbability = (s: number, bands = BANDS, rows = ROWS): number => 1 - (1 - s ** rows) ** bands;

/** One seed a row, from a fixed start: stored bands stay comparable over restarts and machines. A change of it is a change of the rules. */
export const MINHASH_SEED = 0x5eed_0b20;
const SEEDS = Uint32Array.from({ length: BANDS * ROWS }, (_, row) => mix((MINHASH_SEED + Math.imul(row, 0x9e3779b9)) >>> 0));

/** The finaliser of MurmurHash3 (Appleby): a bijection of 32 bits, so that `mix(x ^ seed)` is a permutation for each seed. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** @param items 32-bit hashes, not empty @returns the least image of the set under each permutation */
export function signature(items: ReadonlySet<number>): Uint32Array {
  const least = new Uint32Array(SEEDS.length).fill(0xffff_ffff);
  for (const item of items) {
    for (let row = 0; row < SEEDS.length; row++) {
      const image = mix(item ^ SEEDS[row]!);
      if (image < least[row]!) least[row] = image;
    }
  }
  return least;
}

/**
 * One key a band: sets with a key in common are candidates for being alike.
 * @returns {@link BANDS} signed 32-bit integers (Postgres `integer`), none for an empty set
 */
export function bandKeys(items: ReadonlySet<number>): readonly number[] {
  if (items.size === 0) return [];
  const rows = signature(items);
  return Array.from({ length: BANDS }, (_, band) => {
    // The band's number is mixed in: equal rows in different bands are no match.
    let key = mix(band + 1);
    for (let row = band * ROWS; row < (band + 1) * ROWS; row++) key = mix((Math.imul(key, 31) ^ rows[row]!) >>> 0);
    return key | 0;
  });
}
