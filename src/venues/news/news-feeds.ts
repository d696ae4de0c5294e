/** The setting NEWS_FEEDS as data. */

export interface NewsFeed {
  readonly name: string;
  readonly url: string;
}

export const NEWS_FEEDS_MAX = 50;
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * @param text `lloyds=https://host/feed.xml,usn=https://host/rss`; a comma in an address is written %2C
 * @returns null where it is not of that form, a name comes twice, or there are more than {@link NEWS_FEEDS_MAX}
 */
export function parseNewsFeeds(text: string): readonly NewsFeed[] | null {
  const feeds = text.split(',').map((part) => part.trim()).filter((part) => part !== '').map((part): NewsFeed => ({ name: part.split('=', 1)[0]!.trim(), url: part.slice(part.indexOf('=') + 1).trim() }));
  const right = feeds.every(({ name, url }) => NAME.test(name) && /^https?:\/\//i.test(url) && URL.canParse(url));
  return right && feeds.length <= NEWS_FEEDS_MAX && new Set(feeds.map((f) => f.name)).size === feeds.length ? feeds : null;
}
