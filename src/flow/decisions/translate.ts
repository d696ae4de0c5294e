/** A kept decision in a reader's language: computed again from its kept inputs and said anew. Nothing of it is kept. */
import type { Language } from '../../model/written.ts';
import type { DecisionContent } from './content.ts';
import { reckonAnew, say } from './decide.ts';
import { canonicalContent, inputsFromJson, type DecisionRecord } from './record.ts';
import { RULE_VERSION } from './settings.ts';
import { en, textsFor } from './texts/index.ts';

export interface Translated {
  /** Of the words; `en` where the asked one could not be had. */
  readonly language: Language;
  readonly content: DecisionContent;
}

/**
 * English is what is kept. Any other language costs a replay (1 ms, most of it the interval; measured in docs/languages.md), so that no
 * decision carries the words of languages in which nobody reads it.
 * A decision of older rules, and one that does not replay to its bytes, stays in English: words never go with figures that are not its own.
 * @param language BCP 47
 */
export function translate(record: DecisionRecord, language: string): Translated {
  const texts = textsFor(language);
  const kept: Translated = { language: en.language, content: record.content };
  if (texts === en || record.ruleVersion !== RULE_VERSION) return kept;
  const reckoned = reckonAnew(inputsFromJson(record.inputs));
  if (reckoned === null || canonicalContent(say(reckoned, en)) !== canonicalContent(record.content)) return kept;
  return { language: texts.language, content: say(reckoned, texts) };
}
