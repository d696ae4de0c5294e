/** What GDELT is asked about each passage, as data: the names under which English papers speak of it. */
import type { ChokepointId } from '../../model/place.ts';

export interface PassageQuery {
  readonly passage: ChokepointId;
  /** Phrases that the engine looks for in the whole text of an article; any one counts. */
  readonly phrases: readonly string[];
  /** The passage is named in a title, in lower case. */
  readonly named: RegExp;
}

/** In the order in which they are asked. A title that names two is about the first. */
export const PASSAGE_QUERIES: readonly PassageQuery[] = Object.freeze([
  { passage: 'hormuz', phrases: ['strait of hormuz', 'straits of hormuz', 'hormuz strait'], named: /\bhormuz\b/ },
  { passage: 'bab_el_mandeb', phrases: ['bab el-mandeb', 'bab al-mandab', 'red sea shipping', 'red sea attacks'], named: /\bbab[ -]?(el|al)[ -]?mand[ae]b\b|\bred sea\b/ },
  { passage: 'suez', phrases: ['suez canal'], named: /\bsuez\b/ },
  { passage: 'panama', phrases: ['panama canal'], named: /\bpanama canal\b/ },
  { passage: 'malacca', phrases: ['strait of malacca', 'malacca strait', 'straits of malacca'], named: /\bstraits? of malacca\b|\bmalacca straits?\b/ },
  { passage: 'bosphorus', phrases: ['bosphorus', 'bosporus', 'turkish straits'], named: /\bbosp(h|)orus\b|\bturkish straits?\b/ },
  { passage: 'gibraltar', phrases: ['strait of gibraltar'], named: /\bstraits? of gibraltar\b/ },
  { passage: 'dover', phrases: ['strait of dover', 'dover strait'], named: /\bstraits? of dover\b|\bdover straits?\b|\benglish channel\b/ },
  { passage: 'cape_of_good_hope', phrases: ['cape of good hope'], named: /\bcape of good hope\b/ },
] as const);

/** GDELT's query language: phrases in quotes; alternatives, and only those, in parentheses. */
export function queryOf({ phrases }: Pick<PassageQuery, 'phrases'>): string {
  const quoted = phrases.map((phrase) => `"${phrase}"`);
  return `${quoted.length === 1 ? quoted[0] : `(${quoted.join(' OR ')})`} sourcelang:english`;
}

/** The passage that a title names, whichever query found it: so that an article says the same of itself in every sweep. */
export const passageNamed = (title: string): ChokepointId | null => PASSAGE_QUERIES.find(({ named }) => named.test(title.toLowerCase()))?.passage ?? null;
