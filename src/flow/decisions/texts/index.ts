/** The language that a customer reads, or English where there is none for it. */
import { en } from './en.ts';
import type { Texts } from './texts.ts';

const LANGUAGES: ReadonlyMap<string, Texts> = new Map([en].map((t) => [t.language, t]));

/** @param language BCP 47, as in `en-GB`: its primary part decides */
export const textsFor = (language: string | undefined): Texts => LANGUAGES.get((language ?? 'en').split('-')[0]!.toLowerCase()) ?? en;
