/**
 * Polymarket heard as it moves: the sweep finds the markets that matter, the market channel tells their prices, and a move of a point or more is handed
 * over within a second. Not here: the connection (stream.ts), what a statement means (the stage).
 */
import type { RawStatement, SignalSource } from '../../flow/signals/ports.ts';
import type { Logger } from '../../kernel/logging/types.ts';
import type { TimerHandle, Timers } from '../../kernel/timers/index.ts';
import { MINUTE_MS, type Clock, type Millis } from '../../model/time.ts';
import { statementsOf, sweepMarkets, toStatement, yesAndNo, type PolymarketSignalsOptions } from './signals.ts';
import type { MarketStream, MarketStreamOptions } from './stream.ts';
import type { MarketMessage } from './stream-messages.ts';
import type { GammaMarket } from './wire.ts';

export interface PolymarketLiveOptions extends PolymarketSignalsOptions {
  /** Opens the channel: `(onMessage) => createMarketStream({ url, timers, logger, onMessage })`. Called once. */
  readonly stream: (onMessage: MarketStreamOptions['onMessage']) => MarketStream;
  /** Takes statements to be stored. What it rejects with is logged, and the next move is told as if this one had not been. */
  readonly onStatements: (statements: readonly RawStatement[], asOf: Millis) => Promise<void>;
  /** Which questions are worth listening to: the stage's classification. */
  readonly relevant: (question: string) => boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Markets listened to at most, those with the most traded first. Default 250: one connection takes 500 tokens. */
  readonly marketsMax?: number;
}

export interface PolymarketLive {
  /** The sweep, to be given to the stage in place of the plain one: each tells this which markets there are. */
  readonly source: SignalSource;
  counters(): { readonly listening: number; readonly handedOver: number; readonly failed: number };
  close(): void;
}

/** A burst of trades is one move. */
const SETTLE_MS = 250;
const LEAST_BETWEEN_MS = MINUTE_MS;
/** One point. Prices are multiples of 0.001, and floating-point differences of them are not. */
const LEAST_MOVE = 0.01 - 1e-9;
/** As the venue's own page: the middle of the book, unless the book is so wide that its middle means nothing. */
const SPREAD_MAX = 0.1;

interface Followed {
  market: GammaMarket;
  readonly yesToken: string;
  bid: number | null;
  ask: number | null;
  last: number | null;
  /** The venue's time of the newest message. */
  at: Millis;
  /** What the stage knows: of the sweep, or handed over since. */
  told: number | null;
  handedAt: Millis;
  timer: TimerHandle | null;
}

export function createPolymarketLive(options: PolymarketLiveOptions): PolymarketLive {
  const live = new Live(options);
  return {
    source: {
      name: 'polymarket',
      kind: options.kind,
      async fetch(asOf, signal) {
        const markets = await sweepMarkets(options, asOf, signal);
        live.follow(markets);
        return statementsOf(markets, asOf);
      },
    },
    counters: () => live.counters(),
    close: () => live.close(),
  };
}

class Live {
  readonly #options: PolymarketLiveOptions;
  readonly #stream: MarketStream;
  readonly #byToken = new Map<string, Followed>();
  #handedOver = 0;
  #failed = 0;
  #closed = false;

  constructor(options: PolymarketLiveOptions) {
    this.#options = options;
    this.#stream = options.stream((message) => this.#hear(message));
  }

  counters(): ReturnType<PolymarketLive['counters']> {
    return { listening: this.#byToken.size, handedOver: this.#handedOver, failed: this.#failed };
  }

  close(): void {
    this.#closed = true;
    for (const followed of this.#byToken.values()) followed.timer?.cancel();
    this.#byToken.clear();
    this.#stream.close();
  }

  /** Listens to these, and to no others any more. */
  follow(markets: readonly GammaMarket[]): void {
    if (this.#closed) return;
    const chosen = new Map(this.#choose(markets).map((m) => [yesTokenOf(m)!, m]));
    const gone = [...this.#byToken.keys()].filter((token) => !chosen.has(token));
    for (const token of gone) this.#forget(token);
    this.#stream.unsubscribe(gone);
    for (const [yesToken, market] of chosen) {
      const known = this.#byToken.get(yesToken);
      const told = sweptPrice(market);
      if (!known) this.#byToken.set(yesToken, { market, yesToken, bid: null, ask: null, last: null, at: 0, told, handedAt: Number.NEGATIVE_INFINITY, timer: null });
      // A sweep that shows a state older than what has been handed over (the venue's own cache) is no news.
      else Object.assign(known, { market, told: (market.updatedAt ?? 0) > known.at ? told : known.told });
    }
    this.#stream.subscribe([...chosen.keys()]);
  }

  #choose(markets: readonly GammaMarket[]): readonly GammaMarket[] {
    const open = markets.filter((m) => m.closed !== true && yesTokenOf(m) !== undefined && this.#options.relevant(m.question));
    return open.toSorted((a, b) => (b.volume ?? 0) - (a.volume ?? 0) || (a.conditionId < b.conditionId ? -1 : 1)).slice(0, this.#options.marketsMax ?? 250);
  }

  #hear(message: MarketMessage): void {
    if (message.kind === 'market_resolved') return this.#resolve(message);
    for (const { token, bid, ask, last } of pricesIn(message)) {
      const followed = this.#byToken.get(token);
      if (!followed) continue;
      if (bid !== undefined) followed.bid = bid;
      if (ask !== undefined) followed.ask = ask;
      if (last !== undefined) followed.last = last;
      followed.at = Math.max(followed.at, message.at);
      this.#consider(followed);
    }
  }

  /** Sets the time at which a move is told; whether it still is one is looked at then. */
  #consider(followed: Followed): void {
    if (followed.timer !== null || !moved(followed)) return;
    const now = this.#options.clock.now();
    const waitMs = Math.max(SETTLE_MS, followed.handedAt + LEAST_BETWEEN_MS - now);
    followed.timer = this.#options.timers.after(waitMs, () => {
      followed.timer = null;
      const price = priceOf(followed);
      if (price !== null && moved(followed)) this.#tell(followed, price);
    });
  }

  #tell(followed: Followed, price: number): void {
    const now = this.#options.clock.now();
    const before = followed.told;
    const statement = toStatement(priced(followed.market, price, { updatedAt: followed.at, closed: false }), now);
    if (!statement) return;
    followed.told = price;
    followed.handedAt = now;
    this.#handOver(statement, now, () => (followed.told = before));
  }

  #resolve(message: Extract<MarketMessage, { kind: 'market_resolved' }>): void {
    const followed = message.tokenIds.map((id) => this.#byToken.get(id)).find((f) => f !== undefined);
    if (!followed) return;
    const { market, yesToken } = followed;
    this.#forget(yesToken);
    this.#stream.unsubscribe([yesToken]);
    const now = this.#options.clock.now();
    const statement = toStatement(priced(market, message.winningTokenId === yesToken ? 1 : 0, { updatedAt: message.at, closed: true, closedTime: message.at }), now);
    // Where the hand-over fails, the next sweep tells it.
    if (statement) this.#handOver(statement, now, () => undefined);
  }

  #handOver(statement: RawStatement, now: Millis, undo: () => void): void {
    this.#handedOver += 1;
    this.#options.onStatements([statement], now).catch((error: unknown) => {
      this.#failed += 1;
      undo();
      this.#options.logger.warn('polymarket_move_not_taken', { market: statement.externalId, error });
    });
  }

  #forget(token: string): void {
    this.#byToken.get(token)?.timer?.cancel();
    this.#byToken.delete(token);
  }
}

interface Heard {
  readonly token: string;
  readonly bid?: number | null;
  readonly ask?: number | null;
  readonly last?: number | null;
}

function pricesIn(message: MarketMessage): readonly Heard[] {
  switch (message.kind) {
    case 'book':
      return [{ token: message.book.tokenId, bid: message.book.bids[0]?.price ?? null, ask: message.book.asks[0]?.price ?? null, ...(message.book.lastTradePrice === null ? {} : { last: message.book.lastTradePrice }) }];
    case 'price_change':
      return message.changes.map((c) => ({ token: c.tokenId, ...(c.bestBid === null ? {} : { bid: c.bestBid }), ...(c.bestAsk === null ? {} : { ask: c.bestAsk }) }));
    case 'best_bid_ask':
      return [{ token: message.tokenId, bid: message.bestBid, ask: message.bestAsk }];
    case 'last_trade_price':
      return [{ token: message.tokenId, last: message.price }];
    default:
      return [];
  }
}

function priceOf({ bid, ask, last }: Followed): number | null {
  const middle = bid !== null && ask !== null && bid > 0 && ask < 1 && ask >= bid && ask - bid <= SPREAD_MAX ? (bid + ask) / 2 : last;
  return middle === null ? null : Number(middle.toFixed(4));
}

function moved(followed: Followed): boolean {
  const price = priceOf(followed);
  return price !== null && price > 0 && price < 1 && (followed.told === null || Math.abs(price - followed.told) >= LEAST_MOVE);
}

function yesTokenOf(market: GammaMarket): string | undefined {
  const sides = yesAndNo(market);
  return sides === null ? undefined : market.clobTokenIds?.[sides.yes];
}

function sweptPrice(market: GammaMarket): number | null {
  const sides = yesAndNo(market);
  const price = Number(sides === null ? Number.NaN : (market.outcomePrices?.[sides.yes] ?? Number.NaN));
  return Number.isNaN(price) ? null : price;
}

function priced(market: GammaMarket, yes: number, change: Partial<GammaMarket>): GammaMarket {
  const sides = yesAndNo(market)!;
  const prices = [0, 1].map((i) => String(Number((i === sides.yes ? yes : 1 - yes).toFixed(4))));
  return { ...market, outcomePrices: prices, ...change };
}
