/** News feeds: RSS and Atom as sources of reports, and their stand-in. */
export { createFeedSource, FEED_BYTES_MAX } from './feed-source.ts';
export type { FeedSourceOptions } from './feed-source.ts';
export { parseNewsFeeds } from './news-feeds.ts';
export type { NewsFeed } from './news-feeds.ts';
export { FEED_ITEMS_MAX, readFeed } from './read-feed.ts';
export type { FeedItem } from './read-feed.ts';
export { startNewsTwin } from './twin.ts';
export type { NewsTwinItem, NewsTwinOptions } from './twin.ts';
