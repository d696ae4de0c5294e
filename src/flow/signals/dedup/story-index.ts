/** First tellings by their bands, in memory: those that the database found, and those of the batch at hand. */
import type { Millis } from '../../../model/time.ts';
import { sameStory, type Sketch } from './same-story.ts';

export interface Telling {
  readonly id: string;
  readonly sketch: Sketch;
  /** Its expiry: who tells the same later tells something new. "Four vulnerabilities added" is told every other week. */
  readonly until: Millis;
}

export interface Match {
  readonly id: string;
  /** Jaccard similarity of the shingles. */
  readonly similarity: number;
}

export interface StoryIndex {
  /** Only first tellings are put in: a story is held against how it was first told, so that it cannot drift. */
  add(telling: Telling): void;
  /** @param at when it was told @returns the first telling that it is most like, of equals the one with the lesser id; null when it is a story of its own */
  find(sketch: Sketch, at: Millis): Match | null;
}

export function createStoryIndex(): StoryIndex {
  const byBand = new Map<number, Telling[]>();
  return {
    add(telling) {
      for (const key of telling.sketch.bands) {
        const others = byBand.get(key);
        if (others) others.push(telling);
        else byBand.set(key, [telling]);
      }
    },
    find(sketch, at) {
      let best: Match | null = null;
      const seen = new Set<string>();
      for (const key of sketch.bands) {
        for (const { id, sketch: other, until } of byBand.get(key) ?? []) {
          if (at >= until || seen.has(id)) continue;
          seen.add(id);
          const similarity = sameStory(sketch, other);
          if (similarity !== null && (best === null || similarity > best.similarity || (similarity === best.similarity && id < best.id))) best = { id, similarity };
        }
      }
      return best;
    },
  };
}
