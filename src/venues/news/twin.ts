/** A stand-in for news sites: recorded items as RSS 2.0, RSS 1.0 and Atom 1.0, as known at the clock. */
import { contentHash } from '../../model/ids.ts';
import { iso, type Clock, type Millis } from '../../model/time.ts';
import { startTwin, type TwinContext, type TwinReply, type TwinRequest, type TwinServer } from '../twin/index.ts';

export interface NewsTwinItem {
  readonly title: string;
  readonly url: string;
  /** As the site dates it; null for a site that dates nothing. */
  readonly published: Millis | null;
  /** From when the feed holds it. */
  readonly knownAt: Millis;
}

export interface NewsTwinOptions {
  /** By the feed's name: served at `/NAME/rss.xml`, `/NAME/rdf.xml` and `/NAME/atom.xml`. */
  readonly feeds: Readonly<Record<string, readonly NewsTwinItem[]>>;
  readonly clock: Clock;
  /** Newest items that a feed holds. Default 50. */
  readonly length?: number;
  /** Default 0: any free one. */
  readonly port?: number;
}

/** @throws CodedError TWIN_NOT_STARTED */
export function startNewsTwin(options: NewsTwinOptions): Promise<TwinServer> {
  const serve = (render: (items: readonly NewsTwinItem[], feed: string) => string, type: string) => (request: TwinRequest, context: TwinContext): TwinReply => {
    const feed = request.params['feed']!;
    const recorded = Object.hasOwn(options.feeds, feed) ? options.feeds[feed]! : null;
    if (!recorded) return { status: 404, text: 'no such feed' };
    const known = recorded.filter((i) => i.knownAt <= context.now()).sort((a, b) => b.knownAt - a.knownAt || (a.url < b.url ? -1 : 1)).slice(0, options.length ?? 50);
    const text = render(context.arrange(known), feed);
    const etag = `"${contentHash(text).slice(0, 16)}"`;
    if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag }, text: '' };
    return { headers: { 'content-type': `${type}; charset=utf-8`, etag }, text };
  };
  return startTwin({
    name: 'news',
    clock: options.clock,
    routes: [
      { method: 'GET', path: '/:feed/rss.xml', handle: serve(rss, 'application/rss+xml') },
      { method: 'GET', path: '/:feed/rdf.xml', handle: serve(rdf, 'application/rdf+xml') },
      { method: 'GET', path: '/:feed/atom.xml', handle: serve(atom, 'application/atom+xml') },
    ],
    ...(options.port === undefined ? {} : { port: options.port }),
  });
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n';

const rss = (items: readonly NewsTwinItem[], feed: string): string =>
  `${PROLOG}<rss version="2.0"><channel><title>${escape(feed)}</title><link>https://news.example/</link><description/>\n${items
    .map((i) => `<item><title>${escape(i.title)}</title><link>${escape(i.url)}</link><guid isPermaLink="true">${escape(i.url)}</guid>${i.published === null ? '' : `<pubDate>${new Date(i.published).toUTCString()}</pubDate>`}</item>`)
    .join('\n')}\n</channel></rss>\n`;

const rdf = (items: readonly NewsTwinItem[], feed: string): string =>
  `${PROLOG}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>${escape(feed)}</title></channel>\n${items
    .map((i) => `<item rdf:about="${escape(i.url)}"><title>${escape(i.title)}</title><link>${escape(i.url)}</link>${i.published === null ? '' : `<dc:date>${iso(i.published)}</dc:date>`}</item>`)
    .join('\n')}\n</rdf:RDF>\n`;

/** Atom wants `updated` of every entry; a site that dates nothing leaves it out here too. */
const atom = (items: readonly NewsTwinItem[], feed: string): string =>
  `${PROLOG}<feed xmlns="http://www.w3.org/2005/Atom"><title>${escape(feed)}</title><id>https://news.example/${escape(feed)}</id>\n${items
    .map((i) => `<entry><title type="text">${escape(i.title)}</title><link rel="alternate" href="${escape(i.url)}"/><id>${escape(i.url)}</id>${i.published === null ? '' : `<published>${iso(i.published)}</published>`}</entry>`)
    .join('\n')}\n</feed>\n`;
