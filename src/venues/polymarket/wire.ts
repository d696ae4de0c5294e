/** Polymarket's wire forms, read leniently: unknown members are dropped, a market that cannot be read does not spoil its page. */
import { z } from 'zod';
import type { Millis } from '../../model/time.ts';

/** Lists that Gamma sends as JSON inside a string: `"[\"Yes\", \"No\"]"`. Some replies have them as plain lists. */
const stringList = z.union([
  z.array(z.string()),
  z.string().transform((text, context) => {
    try {
      return z.array(z.string()).parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'not a JSON list of strings inside a string' });
      return z.NEVER;
    }
  }),
]);

/** Amounts come as numbers or as digits in a string. */
const amount = z.union([z.number(), z.string().transform(Number)]).pipe(z.number());

/** `2026-03-11T15:14:46.097817Z`, `2026-03-19 23:20:15+00`, `2026-05-31`. */
export const instant = z.string().transform((text, context): Millis => {
  const ms = Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/, '$1T$2Z'));
  if (Number.isNaN(ms)) {
    context.addIssue({ code: 'custom', message: `not a time: ${text}` });
    return z.NEVER;
  }
  return ms;
});

export const gammaMarket = z.object({
  id: z.string().nullish(),
  question: z.string().min(1),
  conditionId: z.string().min(1),
  slug: z.string().min(1),
  outcomes: stringList.nullish(),
  outcomePrices: stringList.nullish(),
  clobTokenIds: stringList.nullish(),
  endDate: instant.nullish(),
  updatedAt: instant.nullish(),
  closedTime: instant.nullish(),
  active: z.boolean().nullish(),
  closed: z.boolean().nullish(),
  liquidity: amount.nullish(),
  volume: amount.nullish(),
});
export type GammaMarket = z.output<typeof gammaMarket>;

/** Markets that can be read, and how many could not. */
const markets = z.array(z.unknown()).transform((list) => {
  const read = list.map((m) => gammaMarket.safeParse(m));
  return { markets: read.flatMap((r) => (r.success ? [r.data] : [])), unreadable: read.filter((r) => !r.success).length };
});

export const gammaEvent = z
  .object({ id: z.string(), slug: z.string(), title: z.string(), closed: z.boolean().nullish(), markets: markets.nullish() })
  .transform((e) => ({ id: e.id, slug: e.slug, title: e.title, closed: e.closed ?? false, markets: e.markets?.markets ?? [], unreadable: e.markets?.unreadable ?? 0 }));
export type GammaEvent = z.output<typeof gammaEvent>;

export const gammaEvents = z.array(gammaEvent);
export const gammaMarkets = markets;
export const gammaSearch = z.object({ events: z.array(gammaEvent).nullish() }).transform((r) => r.events ?? []);

const level = z.object({ price: amount, size: amount });
export const clobBook = z.object({
  market: z.string(),
  asset_id: z.string(),
  timestamp: z.union([z.string(), z.number()]).transform(Number),
  bids: z.array(level),
  asks: z.array(level),
  hash: z.string().nullish(),
  tick_size: amount.nullish(),
  min_order_size: amount.nullish(),
  neg_risk: z.boolean().nullish(),
  last_trade_price: z.union([amount, z.literal('').transform(() => null)]).nullish(),
});

/** Best price first on both sides, whatever the order in which they came. */
export interface OrderBook {
  readonly conditionId: string;
  readonly tokenId: string;
  readonly at: Millis;
  readonly bids: readonly { readonly price: number; readonly size: number }[];
  readonly asks: readonly { readonly price: number; readonly size: number }[];
  readonly lastTradePrice: number | null;
}

export function toBook(raw: z.output<typeof clobBook>): OrderBook {
  return {
    conditionId: raw.market,
    tokenId: raw.asset_id,
    at: raw.timestamp,
    bids: raw.bids.toSorted((a, b) => b.price - a.price),
    asks: raw.asks.toSorted((a, b) => a.price - b.price),
    lastTradePrice: raw.last_trade_price ?? null,
  };
}

export const clobPrice = z.object({ price: amount }).transform((r) => r.price);
export const clobMidpoint = z.object({ mid: amount }).transform((r) => r.mid);
/** `t` in seconds. */
export const clobHistory = z.object({ history: z.array(z.object({ t: z.number(), p: amount })) }).transform((r) => r.history.map(({ t, p }) => ({ at: t * 1_000, price: p })));
export const clobTime = z.union([z.number(), z.string().transform(Number)]).pipe(z.number()).transform((seconds) => seconds * 1_000);

/** `{ "error": "…" }` of both hosts. */
export const venueMessage = (body: unknown): string | undefined => {
  const parsed = z.object({ error: z.string() }).safeParse(body);
  return parsed.success ? parsed.data.error : undefined;
};
