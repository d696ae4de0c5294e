/**
 * Polymarket's read side over HTTP: Gamma (what is asked) and CLOB (what is paid). Needs no key.
 * Lives here: addresses, paging, parsing. Not here: retries and breakers (outbound), which questions matter (signals.ts, the stage).
 */
import type { z } from 'zod';
import type { HttpRequest, Outbound } from '../../kernel/outbound/types.ts';
import { iso, type Millis } from '../../model/time.ts';
import { clobBook, clobHistory, clobMidpoint, clobPrice, clobTime, gammaEvents, gammaMarkets, gammaSearch, toBook, venueMessage, type GammaEvent, type GammaMarket, type OrderBook } from './wire.ts';

/** Gamma gives at most so many events a page. */
const PAGE = 100;
/** A tag with more open events than this is read no further: 2,000 events, far above any tag seen. */
const PAGES_MAX = 20;

export interface PolymarketOptions {
  readonly outbound: Outbound;
  /** `https://gamma-api.polymarket.com` or a twin's address. */
  readonly gammaUrl: string;
  /** `https://clob.polymarket.com` or the same twin's address. */
  readonly clobUrl: string;
  /** For one request, all tries together. Default 10,000. */
  readonly deadlineMs?: number;
}

export interface EventQuery {
  /** `iran`; without it all events. */
  readonly tag?: string;
  readonly closed: boolean;
  /** Only events that end at or after this. */
  readonly endsFrom?: Millis;
}

/** Every method throws the outbound's errors: VENUE_RATE_LIMITED, VENUE_CIRCUIT_OPEN, VENUE_TIMEOUT, VENUE_REFUSED, VENUE_FAILED. */
export interface PolymarketClient {
  /** All pages; an event that a moving page shows twice comes once. */
  events(query: EventQuery, signal?: AbortSignal): Promise<readonly GammaEvent[]>;
  /** Events found by words in their title or questions. */
  search(words: string, signal?: AbortSignal): Promise<readonly GammaEvent[]>;
  /** Markets by condition id; unknown ones are left out. */
  markets(conditionIds: readonly string[]): Promise<readonly GammaMarket[]>;
  /** Best price at which one could buy or sell, 0…1. */
  price(tokenId: string, side: 'BUY' | 'SELL'): Promise<number>;
  midpoint(tokenId: string): Promise<number>;
  book(tokenId: string): Promise<OrderBook>;
  /**
   * Prices from `from` to `to`, oldest first. Both ends are always sent: for closed markets the venue answers `interval=max` with nothing.
   * @param fidelityMinutes one point in so many minutes; default 60
   */
  pricesHistory(tokenId: string, from: Millis, to: Millis, fidelityMinutes?: number): Promise<readonly { readonly at: Millis; readonly price: number }[]>;
  /** The CLOB's own clock. */
  time(): Promise<Millis>;
  /** The CLOB answers. */
  ok(): Promise<void>;
}

export function createPolymarketClient(options: PolymarketOptions): PolymarketClient {
  const call = <S extends z.ZodType>(host: 'gamma' | 'clob', operation: string, path: string, query: Readonly<Record<string, string>>, schema: S): Promise<z.output<S>> => {
    const url = `${host === 'gamma' ? options.gammaUrl : options.clobUrl}${path}?${new URLSearchParams(query)}`;
    return options.outbound.json(
      { provider: 'polymarket', operation: `${host}.${operation}`, idempotent: true, ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }) },
      { url, headers: { accept: 'application/json' }, fault: readFault },
      (body) => schema.parse(body),
    );
  };
  return {
    events: async (query, signal) => {
      const found = new Map<string, GammaEvent>();
      for (let page = 0; page < PAGES_MAX; page += 1) {
        signal?.throwIfAborted();
        const events = await call('gamma', 'events', '/events', eventQuery(query, page), gammaEvents);
        for (const event of events) found.set(event.id, event);
        if (events.length < PAGE) break;
      }
      return [...found.values()];
    },
    search: async (words, signal) => {
      signal?.throwIfAborted();
      return call('gamma', 'search', '/public-search', { q: words, limit_per_type: '50' }, gammaSearch);
    },
    markets: async (conditionIds) => {
      if (conditionIds.length === 0) return [];
      const query = new URLSearchParams(conditionIds.map((id): [string, string] => ['condition_ids', id])).toString();
      const read = await options.outbound.json(
        { provider: 'polymarket', operation: 'gamma.markets', idempotent: true, ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }) },
        { url: `${options.gammaUrl}/markets?${query}`, fault: readFault },
        (body) => gammaMarkets.parse(body),
      );
      return [...new Map(read.markets.map((m) => [m.conditionId, m])).values()];
    },
    price: (token_id, side) => call('clob', 'price', '/price', { token_id, side }, clobPrice),
    midpoint: (token_id) => call('clob', 'midpoint', '/midpoint', { token_id }, clobMidpoint),
    book: async (token_id) => toBook(await call('clob', 'book', '/book', { token_id }, clobBook)),
    pricesHistory: async (market, from, to, fidelityMinutes = 60) => {
      const seconds = (at: Millis): string => String(Math.floor(at / 1_000));
      const points = await call('clob', 'prices-history', '/prices-history', { market, startTs: seconds(from), endTs: seconds(to), fidelity: String(fidelityMinutes) }, clobHistory);
      return [...new Map(points.map((p) => [p.at, p])).values()].sort((a, b) => a.at - b.at);
    },
    time: () => call('clob', 'time', '/time', {}, clobTime),
    ok: async () => {
      await options.outbound.json({ provider: 'polymarket', operation: 'clob.ok', idempotent: true, ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }) }, { url: `${options.clobUrl}/ok` }, () => undefined);
    },
  };
}

function eventQuery(query: EventQuery, page: number): Record<string, string> {
  return {
    ...(query.tag === undefined ? {} : { tag_slug: query.tag }),
    closed: String(query.closed),
    ...(query.endsFrom === undefined ? {} : { end_date_min: iso(query.endsFrom) }),
    // A stable order: by volume, an event may slip from one page to the next between two requests.
    order: 'id',
    ascending: 'true',
    limit: String(PAGE),
    offset: String(page * PAGE),
  };
}

const readFault: NonNullable<HttpRequest['fault']> = (_status, body) => {
  const message = venueMessage(body);
  return message === undefined ? undefined : { message };
};
