/** GDELT's stand-in: recorded articles behind the DOC 2.0 interface, as seen by the clock, with its errors in plain text and status 200. */
import { HOUR_MS, iso, type Clock, type Millis } from '../../model/time.ts';
import { startTwin, type TwinContext, type TwinReply, type TwinRequest, type TwinServer } from '../twin/index.ts';
import { GDELT_PATH, GDELT_RECORDS_MAX } from './client.ts';

export interface GdeltTwinArticle {
  readonly url: string;
  readonly title: string;
  readonly seenAt: Millis;
  /** Words of the article beyond its title, in which phrases are found too. */
  readonly text?: string;
}

export interface GdeltTwinOptions {
  readonly articles: readonly GdeltTwinArticle[];
  readonly clock: Clock;
  /** Default 0: any free one. */
  readonly port?: number;
}

/** @throws CodedError TWIN_NOT_STARTED */
export function startGdeltTwin(options: GdeltTwinOptions): Promise<TwinServer> {
  return startTwin({
    name: 'gdelt',
    clock: options.clock,
    routes: [{ method: 'GET', path: GDELT_PATH, handle: (request, context) => answer(options.articles, request, context) }],
    ...(options.port === undefined ? {} : { port: options.port }),
  });
}

const stamp = (at: Millis): string => iso(at).replace(/[-:]|\.\d+/g, '');

function answer(articles: readonly GdeltTwinArticle[], { query: q }: TwinRequest, context: TwinContext): TwinReply {
  const phrases = [...(q.get('query') ?? '').matchAll(/"([^"]+)"/g)].map((m) => m[1]!.toLowerCase());
  const span = /^(\d+)(min|h|d)$/.exec(q.get('timespan') ?? '');
  if (phrases.length === 0) return { text: 'The specified phrase is too short.' };
  if (!span) return { text: 'Invalid/Unsupported Timespan.' };
  const now = context.now();
  const from = now - Number(span[1]) * { min: 60_000, h: HOUR_MS, d: 24 * HOUR_MS }[span[2] as 'min' | 'h' | 'd'];
  const seen = articles.filter((a) => a.seenAt > from && a.seenAt <= now);
  const found = seen.filter((a) => phrases.some((p) => `${a.title} ${a.text ?? ''}`.toLowerCase().includes(p)));
  if (q.get('mode') === 'timelinevol') return { json: { query_details: { title: q.get('query') }, timeline: [{ series: 'Volume Intensity', data: context.arrange(hourly(seen, found)) }] } };
  if (q.get('mode') !== 'artlist') return { text: 'Invalid mode.' };
  const most = Math.min(GDELT_RECORDS_MAX, Number(q.get('maxrecords') ?? 75));
  const listed = found.toSorted((a, b) => b.seenAt - a.seenAt || (a.url < b.url ? -1 : 1)).slice(0, most);
  if (listed.length === 0) return { json: {} };
  return { json: { articles: context.arrange(listed.map((a) => ({ url: a.url, url_mobile: '', title: a.title, seendate: stamp(a.seenAt), socialimage: '', domain: new URL(a.url).hostname, language: 'English', sourcecountry: 'United States' }))) } };
}

function hourly(seen: readonly GdeltTwinArticle[], found: readonly GdeltTwinArticle[]): readonly { readonly date: string; readonly value: number }[] {
  const hour = (a: GdeltTwinArticle): number => Math.floor(a.seenAt / HOUR_MS);
  const count = (list: readonly GdeltTwinArticle[], h: number): number => list.filter((a) => hour(a) === h).length;
  return [...new Set(seen.map(hour))].sort((a, b) => a - b).map((h) => ({ date: stamp(h * HOUR_MS), value: Number(((100 * count(found, h)) / count(seen, h)).toFixed(4)) }));
}
