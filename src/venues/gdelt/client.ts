/**
 * GDELT's DOC 2.0 interface: which articles of the last hours hold a phrase, and how much of all news they are. Needs no key.
 * Lives here: addresses, reading, and what it says instead of JSON. Not here: what is asked (passages.ts), statements (signals.ts).
 */
import { z } from 'zod';
import { VenueFault, type HttpRequest, type Outbound, type TextReply } from '../../kernel/outbound/index.ts';
import type { Millis } from '../../model/time.ts';

export interface GdeltOptions {
  readonly outbound: Outbound;
  /** `https://api.gdeltproject.org` or a twin's address. */
  readonly url: string;
  /** For one request, the wait for the quota (up to 5 s) included. Default 20,000. */
  readonly deadlineMs?: number;
}

export interface GdeltArticle {
  readonly url: string;
  readonly title: string;
  /** When GDELT first saw it. */
  readonly seenAt: Millis;
  readonly domain: string | null;
  readonly language: string | null;
  readonly sourceCountry: string | null;
}

/** Every method throws the outbound's errors: VENUE_RATE_LIMITED, VENUE_CIRCUIT_OPEN, VENUE_TIMEOUT, VENUE_REFUSED (GDELT's own words), VENUE_FAILED. */
export interface GdeltClient {
  /** At most 250, newest first. @param hours back from now, 1 to 2,160 */
  articles(query: string, hours: number): Promise<readonly GdeltArticle[]>;
  /** Share of all articles monitored that match, in percent, oldest first. */
  volume(query: string, hours: number): Promise<readonly { readonly at: Millis; readonly percent: number }[]>;
}

export const GDELT_PATH = '/api/v2/doc/doc';
export const GDELT_RECORDS_MAX = 250;
/** The quota's window: what GDELT asks for in its 429. */
const LIMIT_MS = 5_000;

/** `20260301T123000Z` */
const stamp = z.string().transform((text, context): Millis => {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})Z?$/.exec(text) ?? [];
  const at = y === undefined ? Number.NaN : Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: 'custom', message: `not a time: ${text}` });
  return z.NEVER;
});
const word = z.string().nullish().transform((text) => (text === undefined || text === '' ? null : text));
const article = z
  .object({ url: z.url({ protocol: /^https?$/ }), title: z.string().trim().min(1), seendate: stamp, domain: word, language: word, sourcecountry: word })
  .transform((a): GdeltArticle => ({ url: a.url, title: a.title.replace(/\s+/g, ' '), seenAt: a.seendate, domain: a.domain, language: a.language, sourceCountry: a.sourcecountry }));
/** One article that cannot be read does not spoil the rest. No match is `{}`. */
const articleList = z.object({ articles: z.array(z.unknown()).nullish() }).transform((r) => (r.articles ?? []).map((a) => article.safeParse(a)).flatMap((a) => (a.success ? [a.data] : [])));
const timeline = z
  .object({ timeline: z.array(z.object({ data: z.array(z.object({ date: stamp, value: z.number() })) })).nullish() })
  .transform((r) => (r.timeline?.[0]?.data ?? []).map(({ date, value }) => ({ at: date, percent: value })).sort((a, b) => a.at - b.at));

export function createGdeltClient({ outbound, url, deadlineMs = 20_000 }: GdeltOptions): GdeltClient {
  const ask = <S extends z.ZodType>(mode: string, query: string, hours: number, more: Readonly<Record<string, string>>, schema: S): Promise<z.output<S>> => {
    const parameters = new URLSearchParams({ query, mode, format: 'json', timespan: `${Math.max(1, Math.ceil(hours))}h`, ...more });
    return outbound.text({ provider: 'gdelt', operation: `doc.${mode}`, idempotent: true, deadlineMs }, { url: `${url}${GDELT_PATH}?${parameters}`, fault }, (reply) => schema.parse(readReply(reply)));
  };
  return {
    articles: (query, hours) => ask('artlist', query, hours, { maxrecords: String(GDELT_RECORDS_MAX), sort: 'datedesc' }, articleList),
    volume: (query, hours) => ask('timelinevol', query, hours, {}, timeline),
  };
}

/** Asking again at once lengthens the ban: whoever is limited waits for the next sweep. */
const fault: NonNullable<HttpRequest['fault']> = (status, body) => (status === 429 ? { message: said(String(body)), venueCode: 'LIMITED', retryable: false } : undefined);

/** GDELT answers in plain text or HTML, with status 200, when it is asked too often, does not like the query, or is down. */
function readReply(reply: TextReply): unknown {
  const text = reply.text().trim();
  // No article in the time asked about.
  if (text === '') return {};
  if (text.startsWith('{')) return readJson(text, reply.status);
  if (/limit requests|too many requests/i.test(text)) throw new VenueFault(said(text), { status: 429, venueCode: 'LIMITED', retryable: false, retryAfterMs: LIMIT_MS });
  if (text.startsWith('<')) throw new VenueFault('a page in HTML instead of JSON', { status: reply.status, venueCode: 'HTML', retryable: true });
  throw new VenueFault(said(text), { status: reply.status, venueCode: 'QUERY', retryable: false, countsForBreaker: false });
}

const said = (text: string): string => {
  const words = text.replace(/<[^<>]*>/g, ' ').replace(/\s+/g, ' ').trim();
  return words.slice(0, 200) || 'refused without a word';
};

/** Titles come through unescaped at times: a lone backslash or a control character would cost all 250 articles. */
function readJson(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.replace(/\\(["\\/bfnrt]|u[\da-fA-F]{4})?/g, (escape, known?: string) => (known === undefined ? '\\\\' : escape)).replace(/\p{Cc}+/gu, ' '));
    } catch (cause) {
      throw new VenueFault('the reply is not JSON', { status, venueCode: 'MALFORMED_JSON', retryable: true, cause });
    }
  }
}
