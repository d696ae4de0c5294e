/** RSS 2.0 (and 0.9x), RSS 1.0 in RDF, and Atom 1.0 as items of one form. Pure. */
import { contentHash } from '../../model/ids.ts';
import type { Millis } from '../../model/time.ts';
import { parseFeedDate } from './feed-date.ts';
import { decodeEntities, htmlText, stripMarkup, tidy } from './feed-text.ts';
import { parseXml, type Element } from './feed-xml.ts';

/** A feed of more is read for its newest. */
export const FEED_ITEMS_MAX = 200;
const ID_CHARS_MAX = 300;
const TITLE_CHARS_MAX = 500;
/** As much of a title as is looked at: what is longer is an attack or an article. */
const MARKUP_CHARS_MAX = 4_000;
const URL_CHARS_MAX = 2_000;

export interface FeedItem {
  /** The feed's own id of it (guid, Atom id, rdf:about), else its address, else made of its title. */
  readonly id: string;
  /** Without markup, on one line. */
  readonly title: string;
  /** Its page; the feed's own address where it names none. */
  readonly url: string;
  /** Null where there is no date that can be read. */
  readonly published: Millis | null;
  /** The date as it was written, or null. */
  readonly writtenDate: string | null;
}

/**
 * @param feedUrl against which relative addresses are read, unless the feed says `xml:base`
 * @returns newest first, those without a date last, each id once; an item without title is none
 * @throws SyntaxError where it is no feed, or breaks off
 */
export function readFeed(text: string, feedUrl: string): readonly FeedItem[] {
  const root = parseXml(text);
  const prefix = root.name.includes(':') ? `${root.name.split(':')[0]}:` : '';
  const name = root.name.slice(prefix.length).toLowerCase();
  const channel = root.child('channel');
  const base = baseOf(root, channel, feedUrl);
  let items: readonly FeedItem[];
  if (name === 'rss' && channel) items = [...channel.all('item'), ...root.all('item')].flatMap((e) => rssItem(e, base));
  else if (name === 'rdf') items = [...root.all('item'), ...(channel?.all('item') ?? [])].flatMap((e) => rssItem(e, base));
  else if (name === 'feed') items = root.all(`${prefix}entry`).flatMap((e) => atomItem(e, prefix, base));
  else throw new SyntaxError(`<${root.name.slice(0, 40)}> is no feed: RSS, RDF or Atom is`);
  const newest = [...new Map(items.map((i) => [i.id, i])).values()].sort((a, b) => (b.published ?? Number.NEGATIVE_INFINITY) - (a.published ?? Number.NEGATIVE_INFINITY));
  return newest.slice(0, FEED_ITEMS_MAX);
}

function rssItem(e: Element, base: string): readonly FeedItem[] {
  const own = baseOf(e, undefined, base);
  const title = rssTitle(e.child('title'));
  const guid = e.child('guid');
  const permalink = guid?.attribute('isPermaLink')?.toLowerCase() === 'false' ? undefined : guid?.text;
  const link = address(e.child('link')?.text, own) ?? address(e.child('link')?.attribute('href'), own) ?? address(e.child('atom:link')?.attribute('href'), own) ?? absolute(permalink);
  const dates = [e.child('pubDate'), e.child('dc:date'), e.child('pubdate'), e.child('dcterms:created'), e.child('atom:published'), e.child('atom:updated')];
  return item({ id: guid?.text || e.attribute('rdf:about') || link, title, link, dates, base });
}

function atomItem(e: Element, prefix: string, base: string): readonly FeedItem[] {
  const own = baseOf(e, undefined, base);
  const links = e.all(`${prefix}link`);
  const page = links.find((l) => (l.attribute('rel') ?? 'alternate') === 'alternate') ?? links.find((l) => l.attribute('rel') !== 'self');
  const link = address(page?.attribute('href'), own);
  const dates = ['published', 'issued', 'created', 'updated', 'modified'].map((n) => e.child(`${prefix}${n}`));
  return item({ id: e.child(`${prefix}id`)?.text || link, title: atomTitle(e.child(`${prefix}title`)), link, dates, base });
}

interface Found {
  readonly id: string | undefined;
  readonly title: string;
  readonly link: string | undefined;
  readonly dates: readonly (Element | undefined)[];
  readonly base: string;
}

function item({ id, title, link, dates, base }: Found): readonly FeedItem[] {
  if (title === '') return [];
  const key = id ?? `title:${contentHash(title)}`;
  const written = dates.map((d) => d?.text ?? '').filter((text) => text !== '');
  const readable = written.find((text) => parseFeedDate(text) !== null);
  return [{
    id: key.length > ID_CHARS_MAX ? `sha256:${contentHash(key)}` : key,
    title: title.length > TITLE_CHARS_MAX ? `${title.slice(0, TITLE_CHARS_MAX - 1)}…` : title,
    url: link ?? base,
    published: readable === undefined ? null : parseFeedDate(readable),
    writtenDate: (readable ?? written[0])?.slice(0, 100) ?? null,
  }];
}

/** RSS does not say whether a title is text or HTML: in CDATA it is HTML in practice, else text, in which escaped markup is markup too. */
const rssTitle = (e: Element | undefined): string => tidy((e?.parts ?? []).slice(0, 20).map((p) => (p.kind === 'cdata' ? decodeEntities(stripMarkup(start(p.text))) : stripMarkup(start(decodeEntities(p.text))))).join(''));

const start = (text: string): string => text.slice(0, MARKUP_CHARS_MAX);

/** Atom says it: `text` (default), `html` (escaped, so it is decoded as XML first), `xhtml` (elements). */
function atomTitle(e: Element | undefined): string {
  if (!e) return '';
  const type = e.attribute('type')?.toLowerCase() ?? 'text';
  if (type === 'xhtml') return tidy(start(e.deepText));
  return type === 'html' || type === 'text/html' ? htmlText(start(e.text)) : tidy(start(e.text));
}

const baseOf = (element: Element, second: Element | undefined, fallback: string): string => address(element.attribute('xml:base') ?? second?.attribute('xml:base'), fallback) ?? fallback;

/** An address on the web, whole, or undefined: what another scheme names is no page. */
function address(text: string | undefined, base: string): string | undefined {
  const plain = text?.trim() ?? '';
  if (plain === '' || !URL.canParse(plain, base)) return undefined;
  const url = new URL(plain, base);
  return /^https?:$/.test(url.protocol) && url.href.length <= URL_CHARS_MAX ? url.href : undefined;
}

const absolute = (text: string | undefined): string | undefined => (text !== undefined && /^https?:\/\//i.test(text) ? address(text, text) : undefined);
