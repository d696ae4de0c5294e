/** The figures of a text, whatever language wrote it: its notation undone. For tests that hold languages against each other. */
import type { Language } from '../../../model/written.ts';

const EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const ES = ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'];

const two = (text: string | number): string => String(text).padStart(2, '0');
/** `@`: no figure begins with it. */
const mark = (year: string, month: string | number, day: string, clock = ''): string => ` @${year}-${two(month)}-${two(day)}${clock && `T${clock}`} `;
const months = (names: readonly string[]) => (text: string): string =>
  text.replace(new RegExp(String.raw`\b(\d{1,2}) (${names.join('|')}) (\d{4})(?:, (\d\d:\d\d) UTC)?`, 'g'), (_m, d: string, name: string, y: string, clock?: string) => mark(y, names.indexOf(name) + 1, d, clock));

const DATES: Readonly<Record<Language, (text: string) => string>> = {
  en: (t) => months(EN)(t).replace(/(?<!@)\b(\d{4})-(\d\d)-(\d\d)\b/g, (_m, y: string, mo: string, d: string) => mark(y, mo, d)),
  vi: (t) => t.replace(/(?:(\d\d:\d\d) UTC ngày )?(\d\d)\/(\d\d)\/(\d{4})/g, (_m, clock: string | undefined, d: string, mo: string, y: string) => mark(y, mo, d, clock)),
  zh: (t) => t.replace(/(\d{4})年(\d{1,2})月(\d{1,2})日(?:(\d\d:\d\d)（UTC）)?/g, (_m, y: string, mo: string, d: string, clock?: string) => mark(y, mo, d, clock)),
  es: months(ES),
  'es-MX': months(ES),
};

const QUOTED = /“[^”]*”|«[^»]*»/g;

/** @param verbatim what stands in the text as somebody else wrote it; what is in quotation marks is left out anyway @returns sorted; times as `@2026-02-28T16:00` */
export function numerals(text: string, language: Language, verbatim: readonly string[] = []): readonly string[] {
  const own = verbatim.reduce((t, v) => t.replaceAll(v, ' '), text.replace(QUOTED, ' '));
  const dated = DATES[language](own);
  const times = dated.match(/@[\dT:-]+/g) ?? [];
  const decimal = language === 'vi' || language === 'es' ? ',' : '.';
  const figures = dated.replace(/@[\dT:-]+/g, ' ').match(/\d(?:[\d.,]*\d)?/g) ?? [];
  const plain = figures.map((f) => String(Number([...f].map((c) => (c === decimal ? '.' : c === '.' || c === ',' ? '' : c)).join(''))));
  return [...times, ...plain].sort();
}

export const withoutQuotes = (text: string): string => text.replace(QUOTED, ' ');
