/**
 * What other stages say in English inside a risk, told apart so that other languages can say it too: reasons of confidence, an event, a link's
 * statement and source, what was observed. Such words are kept with every decision's inputs, so they are read here rather than changed there.
 * What is not known here is quoted as it stands; a test holds this list against what those stages really say.
 */

const DAY = String.raw`(\d{4}-\d{2}-\d{2})`;
const FACTOR = String.raw`([\d.]+)`;

/** Each with the parts that its pattern captures. */
const PATTERNS = {
  // Events
  yes: /^a yes to “(.+)”$/is,
  closing: /^the closing of (?:the )?(.+)$/i,
  // Reasons of confidence: `flow/signals`, and this stage's reader of risks
  pricesTrusted: new RegExp(`^(\\S+) prices are trusted at ${FACTOR}$`),
  reportsTrusted: new RegExp(`^Reports by (\\S+) are trusted at ${FACTOR}$`),
  noRecord: new RegExp(`^(\\S+) has no record here: trusted at ${FACTOR}$`),
  bookUnknown: new RegExp(`^The source does not say how much money rests in the book: factor ${FACTOR}$`),
  book: new RegExp(`^\\$([\\d,]+) rest in the book: factor ${FACTOR}$`),
  priceAge: new RegExp(`^The price is (less than a day|a day|\\d+ days) old: factor ${FACTOR}$`),
  reportAge: new RegExp(`^The report is (less than a day|a day|\\d+ days) old: factor ${FACTOR}$`),
  outlets: new RegExp(`^(\\d+) outlets tell it in nearly the same words: ${FACTOR} becomes ${FACTOR}$`),
  questions: /^(\d+) questions? on this event$/,
  answered: /^the question has been answered with yes$/,
  counted: new RegExp(`^traffic is counted up to ${DAY}$`),
  // What was observed
  fell: new RegExp(`^Traffic at (.+) fell: CUSUM alarm for ${DAY}$`),
  share: new RegExp(`^From ${DAY} to ${DAY} the passage saw (\\d+)% of its usual traffic$`),
  // Links' statements
  shut: /^The passage is closed or all but empty$/,
  back: /^Ships use the passage again$/,
  attacked: /^Carriers stay away after attacks on ships$/,
  iranByUs: /^After American strikes on Iran, ships stay out of the Strait of Hormuz$/,
  iranByIsrael: /^Fighting between Israel and Iran reaches the Strait of Hormuz$/,
  iranWider: /^A wider war with Iran reaches the Strait of Hormuz$/,
  iranRelief: /^Once the fighting stops, ships come back to the Strait of Hormuz$/,
  yemenStruck: /^The Houthis answer against ships in Bab el-Mandeb$/,
  yemenRelief: /^Carriers come back to Bab el-Mandeb after a truce$/,
  // Sources of links and lengths
  judgedLength: /^declared judge?ment on how long closings last$/i,
  reopeningMarkets: /^the markets on its reopening, through their declared links$/,
  judged: /^declared judge?ment\.?$/i,
  judgedBy: /^declared judge?ment[.:] (.+)$/is,
} as const satisfies Readonly<Record<string, RegExp>>;

export type Phrase = keyof typeof PATTERNS;
/** A language's way to say each, from the captured parts (in English notation). */
export type Phrases = Readonly<Record<Phrase, (...parts: readonly string[]) => string>>;

const ENTRIES = Object.entries(PATTERNS) as readonly (readonly [Phrase, RegExp])[];

/** @returns which phrase it is, and its parts; null for one that is not known */
export function recognise(text: string): { readonly phrase: Phrase; readonly parts: readonly string[] } | null {
  for (const [phrase, pattern] of ENTRIES) {
    const m = pattern.exec(text);
    if (m) return { phrase, parts: m.slice(1) };
  }
  return null;
}

/** @param quote in the language's quotation marks */
export const sayKnown =
  (phrases: Phrases, quote: (verbatim: string) => string) =>
  (text: string): string => {
    const known = recognise(text);
    return known ? phrases[known.phrase](...known.parts) : quote(text);
  };
