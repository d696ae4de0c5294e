/** The market channel's messages: what the venue sends, and the forms in which the desk is told. */
import { z } from 'zod';
import type { Millis } from '../../model/time.ts';
import { clobBook, toBook, type OrderBook } from './wire.ts';

const amount = z.union([z.number(), z.string().transform(Number)]).pipe(z.number());
const at = z.union([z.number(), z.string().transform(Number)]).pipe(z.number());
const side = z.enum(['BUY', 'SELL']);

const change = z.object({ asset_id: z.string(), price: amount, side, size: amount, hash: z.string().nullish(), best_bid: amount.nullish(), best_ask: amount.nullish() });

const schemas = {
  book: clobBook,
  price_change: z.union([z.object({ market: z.string(), timestamp: at, price_changes: z.array(change) }), change.extend({ market: z.string(), timestamp: at })]),
  last_trade_price: z.object({ market: z.string(), asset_id: z.string(), price: amount, side, size: amount, timestamp: at }),
  tick_size_change: z.object({ market: z.string(), asset_id: z.string(), old_tick_size: amount, new_tick_size: amount, timestamp: at }),
  best_bid_ask: z.object({ market: z.string(), asset_id: z.string(), best_bid: amount, best_ask: amount, timestamp: at }),
  new_market: z.object({ market: z.string(), question: z.string(), slug: z.string(), assets_ids: z.array(z.string()), outcomes: z.array(z.string()), timestamp: at }),
  market_resolved: z.object({ market: z.string(), assets_ids: z.array(z.string()), winning_asset_id: z.string(), winning_outcome: z.string(), timestamp: at }),
} as const;

export interface LevelChange {
  readonly tokenId: string;
  readonly price: number;
  readonly side: 'BUY' | 'SELL';
  readonly size: number;
  readonly bestBid: number | null;
  readonly bestAsk: number | null;
}

interface Said {
  readonly conditionId: string;
  readonly at: Millis;
}

export type MarketMessage =
  | ({ readonly kind: 'book'; readonly book: OrderBook } & Said)
  | ({ readonly kind: 'price_change'; readonly changes: readonly LevelChange[] } & Said)
  | ({ readonly kind: 'last_trade_price'; readonly tokenId: string; readonly price: number; readonly size: number; readonly side: 'BUY' | 'SELL' } & Said)
  | ({ readonly kind: 'tick_size_change'; readonly tokenId: string; readonly from: number; readonly to: number } & Said)
  | ({ readonly kind: 'best_bid_ask'; readonly tokenId: string; readonly bestBid: number; readonly bestAsk: number } & Said)
  | ({ readonly kind: 'new_market'; readonly question: string; readonly slug: string; readonly tokenIds: readonly string[]; readonly outcomes: readonly string[] } & Said)
  | ({ readonly kind: 'market_resolved'; readonly tokenIds: readonly string[]; readonly winningTokenId: string; readonly winningOutcome: string } & Said);

/** One message, or null for one that is of no known form. */
export function readMessage(raw: unknown): MarketMessage | null {
  const kind = kindOf(raw);
  if (!kind) return null;
  const parsed = schemas[kind].safeParse(raw);
  return parsed.success ? translate[kind](parsed.data as never) : null;
}

/** Some replies leave `event_type` out; their members tell it. */
function kindOf(raw: unknown): keyof typeof schemas | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const stated = (raw as { event_type?: unknown }).event_type;
  if (typeof stated === 'string') return Object.hasOwn(schemas, stated) ? (stated as keyof typeof schemas) : null;
  if ('bids' in raw && 'asks' in raw) return 'book';
  if ('price_changes' in raw) return 'price_change';
  if ('new_tick_size' in raw) return 'tick_size_change';
  if ('fee_rate_bps' in raw && 'price' in raw) return 'last_trade_price';
  return null;
}

const toChange = (c: z.output<typeof change>): LevelChange => ({ tokenId: c.asset_id, price: c.price, side: c.side, size: c.size, bestBid: c.best_bid ?? null, bestAsk: c.best_ask ?? null });

const translate: { readonly [K in keyof typeof schemas]: (raw: z.output<(typeof schemas)[K]>) => MarketMessage } = {
  book: (raw) => ({ kind: 'book', conditionId: raw.market, at: raw.timestamp, book: toBook(raw) }),
  price_change: (raw) => ({ kind: 'price_change', conditionId: raw.market, at: raw.timestamp, changes: 'price_changes' in raw ? raw.price_changes.map(toChange) : [toChange(raw)] }),
  last_trade_price: (raw) => ({ kind: 'last_trade_price', conditionId: raw.market, at: raw.timestamp, tokenId: raw.asset_id, price: raw.price, size: raw.size, side: raw.side }),
  tick_size_change: (raw) => ({ kind: 'tick_size_change', conditionId: raw.market, at: raw.timestamp, tokenId: raw.asset_id, from: raw.old_tick_size, to: raw.new_tick_size }),
  best_bid_ask: (raw) => ({ kind: 'best_bid_ask', conditionId: raw.market, at: raw.timestamp, tokenId: raw.asset_id, bestBid: raw.best_bid, bestAsk: raw.best_ask }),
  new_market: (raw) => ({ kind: 'new_market', conditionId: raw.market, at: raw.timestamp, question: raw.question, slug: raw.slug, tokenIds: raw.assets_ids, outcomes: raw.outcomes }),
  market_resolved: (raw) => ({ kind: 'market_resolved', conditionId: raw.market, at: raw.timestamp, tokenIds: raw.assets_ids, winningTokenId: raw.winning_asset_id, winningOutcome: raw.winning_outcome }),
};

/** The first parts of the keys that {@link stateKeys} gives. */
export const STATE_KINDS = Object.freeze(['depth', 'best_bid_ask', 'tick_size_change', 'last_trade_price'] as const);

/** What a message is about, for telling an older one of the same kind: state messages only; trades and news all count. */
export function stateKeys(message: MarketMessage): readonly string[] {
  switch (message.kind) {
    case 'book':
      return [`depth/${message.book.tokenId}`];
    case 'price_change':
      return message.changes.map((c) => `depth/${c.tokenId}`);
    case 'best_bid_ask':
    case 'tick_size_change':
    case 'last_trade_price':
      return [`${message.kind}/${message.tokenId}`];
    case 'new_market':
    case 'market_resolved':
      return [];
  }
}
