/** Whether two reports tell the same story: nearly the same words about the same thing, and no figure or denial that differs. Pure. */
import { NEGATED } from '../rules/classify.ts';
import { bandKeys } from './minhash.ts';
import { jaccard, shingles, words } from './shingles.ts';

/**
 * Similarity from which two texts tell the same. Bands find half of the pairs at 0.5 and nearly all from 0.7;
 * what they find below this is chance.
 */
export const SAME_STORY_SIMILARITY = 0.5;

/** A text made ready for comparing. */
export interface Sketch {
  readonly shingles: ReadonlySet<number>;
  readonly bands: readonly number[];
  /** Its figures in order, and whether it denies: "3 ships hit" is not "5 ships hit", and "closed" is not "not closed". */
  readonly facts: string;
  /** Only stories about the same are compared. */
  readonly about: string;
}

/** @param about whatever must be equal: subject, direction */
export function sketchOf(text: string, about: string): Sketch {
  const set = shingles(text);
  const all = words(text);
  const figures = all.filter((word) => /\p{N}/u.test(word) || Object.hasOwn(NUMBER_WORDS, word)).map((word) => NUMBER_WORDS[word] ?? word);
  return { shingles: set, bands: bandKeys(set), facts: `${figures.toSorted().join(' ')}|${NEGATED.test(text.toLowerCase().replaceAll('’', "'"))}`, about };
}

const NUMBER_WORDS: Readonly<Record<string, string>> = Object.freeze({ two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9', ten: '10', eleven: '11', twelve: '12' });

/** @returns how alike the two are when they tell the same story, else null */
export function sameStory(a: Sketch, b: Sketch): number | null {
  if (a.about !== b.about || a.facts !== b.facts) return null;
  const similarity = jaccard(a.shingles, b.shingles);
  return similarity >= SAME_STORY_SIMILARITY ? similarity : null;
}
