/** Random numbers from a seed, for intervals that are computed by drawing: the same seed draws the same numbers for ever. */
import type { Random } from './random.ts';

/**
 * sfc32, seeded with the first 128 bits of a content hash (generator: Chris Doty-Humphrey, PractRand; passes it to 32 TB).
 * @param hash at least 32 hex digits
 * @returns a function that gives the next double in [0, 1)
 */
export function seededUniform(hash: string): Random {
  let a = word(hash, 0);
  let b = word(hash, 8);
  let c = word(hash, 16);
  let counter = word(hash, 24);
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

function word(hash: string, at: number): number {
  const n = Number.parseInt(hash.slice(at, at + 8), 16);
  if (!Number.isInteger(n) || hash.length < at + 8) throw new RangeError(`a seed needs 32 hex digits: ${JSON.stringify(hash)}`);
  return n | 0;
}
