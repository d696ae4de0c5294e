/** The language that a reader reads, or English where there is none for it. */
import { languageOf, type Language } from '../../../model/written.ts';
import { en } from './en.ts';
import { es, esMx } from './es.ts';
import type { Texts } from './texts.ts';
import { vi } from './vi.ts';
import { zh } from './zh.ts';

export { en } from './en.ts';
export type { Texts } from './texts.ts';

const TEXTS: Readonly<Record<Language, Texts>> = Object.freeze({ en, vi, zh, es, 'es-MX': esMx });

/** @param language BCP 47: `en-GB`, `zh-Hans-CN` */
export const textsFor = (language: string | undefined): Texts => TEXTS[languageOf(language)];
