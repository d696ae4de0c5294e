/**
 * How figures, money and times are written in a customer's language. Not here: sentences.
 * Not by `Intl`: decisions and alerts are kept and compared as bytes, and ICU's data changes between releases of Node (CLDR 42 put
 * a narrow blank before AM and PM; Spanish lost and regained its grouping of four digits). These rules change when this file does.
 */
import { formatUsd, type Micros } from './money.ts';
import type { IsoDay, Millis } from './time.ts';

export interface Written {
  /** A figure as English writes it (`12,340.5`), with this language's marks. */
  numeral(english: string): string;
  /** Whole dollars from $100 up, else cents; always with the currency. */
  usd(amount: Micros): string;
  /** Of a probability or share; two figures where they matter: `0.34%`, `3.4%`, `34%`. */
  percent(p: number): string;
  /** Days without their word: tenths below ten. */
  days(n: number): string;
  day(day: IsoDay): string;
  /** To the minute, and that it is UTC. */
  utc(at: Millis): string;
  /** A time on somebody's own clock. @param minutes since midnight @param zone IANA, shown as it is */
  local(day: IsoDay, minutes: number, zone: string): string;
}

/** Keeps a figure and its unit on one line. */
const NBSP = '\u00a0';

interface Civil {
  readonly year: number;
  /** 1…12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

interface Manner {
  readonly decimal: '.' | ',';
  readonly group: '.' | ',';
  /** @param figure with this language's marks */
  money(sign: string, figure: string): string;
  percentSign: string;
  readonly under: string;
  date(c: Civil): string;
  utc(date: string, clock: string): string;
  local(date: Civil, clock: string, zone: string): string;
}

const two = (n: number): string => String(n).padStart(2, '0');

function civil(day: IsoDay): Civil {
  const d = new Date(`${day}T00:00:00Z`);
  return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate(), weekday: d.getUTCDay() };
}

const clockOf = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

function writtenIn(m: Manner): Written {
  const numeral = (english: string): string => english.replace(/[.,]/g, (mark) => (mark === '.' ? m.decimal : m.group));
  const percent = (x: number): string => `${numeral(x < 1 ? x.toFixed(2) : x < 10 ? x.toFixed(1) : x.toFixed(0))}${m.percentSign}`;
  return Object.freeze({
    numeral,
    usd(amount: Micros) {
      const [, sign = '', figure = ''] = /^(−?)\$(.*)$/.exec(formatUsd(amount)) ?? [];
      return m.money(sign, numeral(figure));
    },
    percent: (p: number) => (p > 0 && p < 0.0001 ? `${m.under}${percent(0.01)}` : percent(p * 100)),
    days: (n: number) => numeral(n < 10 ? n.toFixed(1).replace('.0', '') : n.toFixed(0)),
    day: (day: IsoDay) => m.date(civil(day)),
    utc(at: Millis) {
      const text = new Date(at).toISOString();
      return m.utc(m.date(civil(text.slice(0, 10))), text.slice(11, 16));
    },
    local: (day: IsoDay, minutes: number, zone: string) => m.local(civil(day), clockOf(minutes), zone),
  });
}

const EN_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const EN_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const enDate = (c: Civil): string => `${c.day} ${EN_MONTHS[c.month - 1]} ${c.year}`;

/** `$12,340.50`; `28 Feb 2026, 16:00 UTC`; `Sun 1 Mar 2026, 14:00 (Asia/Ho_Chi_Minh)`. */
const en = writtenIn({
  decimal: '.', group: ',', percentSign: '%', under: 'under ',
  money: (sign, figure) => `${sign}$${figure}`,
  date: enDate,
  utc: (date, clock) => `${date}, ${clock} UTC`,
  local: (c, clock, zone) => `${EN_DAYS[c.weekday]} ${enDate(c)}, ${clock} (${zone})`,
});

const VI_DAYS = ['Chủ nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'] as const;
const viDate = (c: Civil): string => `${two(c.day)}/${two(c.month)}/${c.year}`;

/** `12.340,50 USD`; `16:00 UTC ngày 28/02/2026`; `14:00 Chủ nhật, 01/03/2026 (Asia/Ho_Chi_Minh)`. */
const vi = writtenIn({
  decimal: ',', group: '.', percentSign: '%', under: 'dưới ',
  money: (sign, figure) => `${sign}${figure}${NBSP}USD`,
  date: viDate,
  utc: (date, clock) => `${clock} UTC ngày ${date}`,
  local: (c, clock, zone) => `${clock} ${VI_DAYS[c.weekday]}, ${viDate(c)} (${zone})`,
});

const zhDate = (c: Civil): string => `${c.year}年${c.month}月${c.day}日`;

/** `12,340.50美元`; `2026年2月28日16:00（UTC）`; `2026年3月1日（周日）14:00（Asia/Ho_Chi_Minh）`. */
const zh = writtenIn({
  decimal: '.', group: ',', percentSign: '%', under: '不足',
  money: (sign, figure) => `${sign}${figure}美元`,
  date: zhDate,
  utc: (date, clock) => `${date}${clock}（UTC）`,
  local: (c, clock, zone) => `${zhDate(c)}（周${'日一二三四五六'[c.weekday]}）${clock}（${zone}）`,
});

const ES_MONTHS = ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'] as const;
const ES_DAYS = ['dom', 'lun', 'mar', 'mié', 'jue', 'vie', 'sáb'] as const;
const esDate = (c: Civil): string => `${c.day} ${ES_MONTHS[c.month - 1]} ${c.year}`;
const spanish = (marks: Pick<Manner, 'decimal' | 'group'>): Written =>
  writtenIn({
    ...marks, percentSign: `${NBSP}%`, under: '<',
    money: (sign, figure) => `${sign}US$${NBSP}${figure}`,
    date: esDate,
    utc: (date, clock) => `${date}, ${clock} UTC`,
    local: (c, clock, zone) => `${ES_DAYS[c.weekday]} ${esDate(c)}, ${clock} (${zone})`,
  });

/** `US$ 12.340,50`; `28 feb 2026, 16:00 UTC`; `dom 1 mar 2026, 14:00 (Europe/Madrid)`. */
const es = spanish({ decimal: ',', group: '.' });
/** `US$ 12,340.50`: with the comma as the decimal mark a Mexican would read a thousandth of it. */
const esWithPoint = spanish({ decimal: '.', group: ',' });


/** Spanish-speaking countries that write the decimal point (CLDR: `es-419` and those of its regions that do not override it). */
const POINT_REGIONS: ReadonlySet<string> = new Set(['419', 'MX', 'US', 'PR', 'CU', 'DO', 'GT', 'HN', 'NI', 'PA', 'PE', 'SV']);

export const LANGUAGES = Object.freeze(['en', 'vi', 'zh', 'es', 'es-MX'] as const);
/** A language that the desk writes. `es-MX` stands for all Spanish with the decimal point. */
export type Language = (typeof LANGUAGES)[number];

/**
 * The desk's language for a reader's: by its primary part, and for Spanish by its region too.
 * @param tag BCP 47, also with underscores: `zh-Hans-CN`, `es_PE`
 * @returns `en` for one that the desk does not write
 */
export function languageOf(tag: string | undefined): Language {
  const [primary = '', ...rest] = (tag ?? 'en').split(/[-_]/);
  const base = primary.toLowerCase();
  if (base === 'es') return rest.some((part) => POINT_REGIONS.has(part.toUpperCase())) ? 'es-MX' : 'es';
  return base === 'vi' || base === 'zh' ? base : 'en';
}

const BY_LANGUAGE: Readonly<Record<Language, Written>> = Object.freeze({ en, vi, zh, es, 'es-MX': esWithPoint });

/** @param tag as of {@link languageOf} */
export const writtenFor = (tag: string | undefined): Written => BY_LANGUAGE[languageOf(tag)];
