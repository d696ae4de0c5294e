/** A news feed as a source of reports for the signals stage. Lives here: the request, what is remembered between two, and statements. Not here: XML. */
import type { RawStatement, SignalSource } from '../../flow/signals/ports.ts';
import { VenueFault, type Outbound, type TextReply } from '../../kernel/outbound/index.ts';
import { DAY_MS, MINUTE_MS, type Millis } from '../../model/time.ts';
import { encodingOf } from './feed-xml.ts';
import { readFeed, type FeedItem } from './read-feed.ts';

export interface FeedSourceOptions {
  readonly outbound: Outbound;
  /** `hellenic-shipping`: the source is `rss.` and this. Lower case, digits, hyphens. */
  readonly name: string;
  /** The feed's final address: redirects are not followed. */
  readonly url: string;
  readonly kind: 'real' | 'twin';
  /** For one request, all tries together. Default 15,000. */
  readonly deadlineMs?: number;
}

export const FEED_BYTES_MAX = 5 * 1024 * 1024;
/** Clocks differ. What is dated further ahead than this is held back until its time. */
const SKEW_MAX = 5 * MINUTE_MS;
/** What is older is history, not news: a feed of a slow site may hold years. */
const NEWS_FOR = 7 * DAY_MS;

/** What the source remembers of its feed, replaced as a whole at each reply: at most 200 items. */
interface Remembered {
  readonly items: readonly FeedItem[];
  /** When an item without a date was first seen here. */
  readonly firstSeen: ReadonlyMap<string, Millis>;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

const NOTHING: Remembered = Object.freeze({ items: [], firstSeen: new Map(), etag: null, lastModified: null });

/**
 * `fetch` asks conditionally. A feed that has not changed (304) gives what it gave before: nothing new, and nothing is lost when the sweep that
 * read it could not store it. An item without a date that can be read is dated by the fetch that first saw it, and its `raw` says so.
 * @throws CodedError the outbound's; VENUE_FAILED with `MALFORMED_FEED` for what is no feed
 */
export function createFeedSource(options: FeedSourceOptions): SignalSource {
  const { outbound, name, url, kind, deadlineMs = 15_000 } = options;
  let known = NOTHING;
  return {
    name: `rss.${name}`,
    kind,
    async fetch(asOf, signal) {
      signal.throwIfAborted();
      const before = known;
      known = await outbound.text(
        { provider: 'news', peer: name, operation: `feed.${name}`, idempotent: true, deadlineMs },
        { url, maxBytes: FEED_BYTES_MAX, headers: { accept: 'application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1', ...conditions(before) } },
        (reply) => (reply.status === 304 ? before : remembered(reply, url, before, asOf)),
      );
      return known.items.map((item) => toStatement(item, name, known.firstSeen.get(item.id) ?? asOf, asOf)).filter((s) => s !== null).sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
    },
  };
}

const conditions = ({ etag, lastModified }: Remembered): Record<string, string> => ({
  ...(etag === null ? {} : { 'if-none-match': etag }),
  ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
});

function remembered(reply: TextReply, url: string, before: Remembered, asOf: Millis): Remembered {
  const items = itemsOf(reply, url);
  const undated = items.filter((i) => i.published === null);
  return {
    items,
    firstSeen: new Map(undated.map((i) => [i.id, Math.min(before.firstSeen.get(i.id) ?? asOf, asOf)])),
    etag: reply.header('etag'),
    lastModified: reply.header('last-modified'),
  };
}

function itemsOf(reply: TextReply, url: string): readonly FeedItem[] {
  const text = reply.text(encodingOf(reply));
  try {
    return readFeed(text, url);
  } catch (e) {
    // Half a feed through a broken proxy, or a page that asks for cookies: another try may bring the whole.
    throw new VenueFault(e instanceof Error ? e.message : String(e), { status: reply.status, venueCode: 'MALFORMED_FEED', retryable: true, cause: e });
  }
}

/** @param seenAt counts only where the item has no date @returns null for what is of the future, or no news any more */
function toStatement(item: FeedItem, feed: string, seenAt: Millis, asOf: Millis): RawStatement | null {
  const told = item.published ?? seenAt;
  if (told > asOf + SKEW_MAX || told < asOf - NEWS_FOR) return null;
  const observedAt = Math.min(told, asOf);
  return {
    kind: 'report',
    externalId: item.id,
    source: `rss.${feed}`,
    url: item.url,
    question: item.title,
    probability: null,
    horizonEnd: null,
    liquidityUsd: null,
    volumeUsd: null,
    closed: false,
    observedAt,
    knownAt: observedAt,
    raw: JSON.stringify({ feed, id: item.id, title: item.title, url: item.url, date: item.writtenDate, dated_by: item.published === null ? 'first fetch that saw it' : 'the feed' }),
  };
}
