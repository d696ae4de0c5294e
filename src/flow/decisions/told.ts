/** The words of a decision that its customer is told, in the customer's language. */
import type { DecisionContent } from './content.ts';
import type { Reckoning } from './decide.ts';
import { en, textsFor } from './texts/index.ts';

export type Told = Pick<DecisionContent, 'headline' | 'answers'>;

/** @param language BCP 47 @param content of the same reckoning, in English */
export function toldIn(language: string, { facts }: Reckoning, content: DecisionContent): Told {
  const texts = textsFor(language);
  return texts === en ? { headline: content.headline, answers: content.answers } : { headline: texts.headline(facts), answers: texts.answers(facts) };
}
