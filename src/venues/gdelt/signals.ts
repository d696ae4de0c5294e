/** GDELT as a source of reports for the signals stage: lately seen English articles on the passages. */
import type { RawStatement, SignalSource } from '../../flow/signals/ports.ts';
import { MINUTE_MS, SECOND_MS, type Clock, type Millis } from '../../model/time.ts';
import { articleId } from './article-id.ts';
import type { GdeltArticle, GdeltClient } from './client.ts';
import { PASSAGE_QUERIES, passageNamed, queryOf, type PassageQuery } from './passages.ts';

export interface GdeltSignalsOptions {
  readonly client: GdeltClient;
  readonly kind: 'real' | 'twin';
  /** Measures how long a fetch has taken; the statements' times are the sweep's. */
  readonly clock: Clock;
  /** Default {@link PASSAGE_QUERIES}. */
  readonly queries?: readonly PassageQuery[];
  /** No further passage is asked about after this; the next fetch goes on with it. Default 20,000: five of nine at one request in 5 s. */
  readonly budgetMs?: number;
}

/**
 * Each request looks so far back, always: what a sweep could not store comes again with the next, and nights of outage leave no gap. GDELT reads the
 * news every quarter of an hour and shows it up to an hour later, so less than two hours would lose articles in a quiet sequence too.
 */
const BACK_HOURS = 12;
const SKEW_MAX = 5 * MINUTE_MS;
const URL_CHARS_MAX = 2_000;
const TITLE_CHARS_MAX = 500;

/**
 * One request a passage, one after the other, as the quota lets them through. A fetch ends with what it has when its budget is used up or when GDELT
 * refuses after it has answered; the next one begins where this one ended. Only a first request that fails fails the fetch.
 */
export function createGdeltSignals({ client, kind, clock, queries = PASSAGE_QUERIES, budgetMs = 20 * SECOND_MS }: GdeltSignalsOptions): SignalSource {
  let next = 0;
  return {
    name: 'gdelt',
    kind,
    async fetch(asOf, signal) {
      const startedAt = clock.now();
      const found = new Map<string, RawStatement>();
      for (let asked = 0; asked < queries.length; asked += 1) {
        signal.throwIfAborted();
        if (asked > 0 && clock.now() - startedAt >= budgetMs) break;
        const query = queries[next]!;
        try {
          const articles = await client.articles(queryOf(query), BACK_HOURS);
          for (const statement of articles.map((a) => toStatement(a, asOf))) if (statement) keepEarlier(found, statement);
        } catch (error) {
          // The outbound has logged it. What was read before counts; and next time this passage is the first.
          if (asked === 0) throw error;
          break;
        }
        next = (next + 1) % queries.length;
      }
      return [...found.values()].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
    },
  };
}

/** The same page under two addresses: whichever came first, whatever their order. */
function keepEarlier(found: Map<string, RawStatement>, statement: RawStatement): void {
  const before = found.get(statement.externalId);
  if (!before || statement.observedAt < before.observedAt || (statement.observedAt === before.observedAt && statement.url < before.url)) found.set(statement.externalId, statement);
}

/** @returns null for what was seen ahead of the desk's now */
export function toStatement(article: GdeltArticle, asOf: Millis): RawStatement | null {
  if (article.seenAt > asOf + SKEW_MAX || article.url.length > URL_CHARS_MAX) return null;
  const observedAt = Math.min(article.seenAt, asOf);
  const title = article.title.length > TITLE_CHARS_MAX ? `${article.title.slice(0, TITLE_CHARS_MAX - 1)}…` : article.title;
  const passage = passageNamed(title);
  return {
    kind: 'report',
    externalId: articleId(article.url),
    source: 'gdelt',
    url: article.url,
    question: title,
    probability: null,
    horizonEnd: null,
    liquidityUsd: null,
    volumeUsd: null,
    closed: false,
    observedAt,
    knownAt: observedAt,
    raw: JSON.stringify({ url: article.url, title: article.title, seen_at: article.seenAt, domain: article.domain, language: article.language, source_country: article.sourceCountry }),
    ...(passage === null ? {} : { subjectHint: { type: 'chokepoint', id: passage } as const }),
  };
}
