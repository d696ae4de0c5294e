/** What a scenario's Polymarket markets are at a moment, and the forms that both of the twin's faces share. */
import { newestKnown, type MarketRow, type PriceRow, type Scenario } from '../../scenario/index.ts';
import type { Millis } from '../../model/time.ts';

/** A market with what is known of it at one moment. */
export interface MarketAt {
  readonly market: MarketRow;
  /** Position in the scenario: Gamma's numeric ids are made of it. */
  readonly index: number;
  /** Null until a price is known. */
  readonly price: PriceRow | null;
  readonly resolved: MarketRow['resolution'];
}

/** The scenario's Polymarket markets, seen from a moment. */
export class World {
  readonly #markets: readonly MarketRow[];
  readonly #prices: readonly PriceRow[];
  constructor(scenario: Pick<Scenario, 'markets' | 'prices'>) {
    this.#markets = scenario.markets.filter((m) => m.source === 'polymarket');
    this.#prices = scenario.prices;
  }

  /** Markets open to the public by then, with the newest price and the outcome known by then. */
  at(now: Millis): readonly MarketAt[] {
    const prices = new Map(newestKnown(this.#prices, now, (p) => p.marketId).map((p) => [p.marketId, p]));
    return this.#markets
      .map((market, index) => ({ market, index, price: prices.get(market.id) ?? null, resolved: market.resolution && market.resolution.knownAt <= now ? market.resolution : null }))
      .filter(({ market }) => market.opens <= now);
  }

  /** The market of a token and which side it is. */
  token(tokenId: string | null, now: Millis): { readonly at: MarketAt; readonly side: 'yes' | 'no' } | null {
    for (const at of this.at(now)) {
      if (at.market.tokenIds.yes === tokenId) return { at, side: 'yes' };
      if (at.market.tokenIds.no === tokenId) return { at, side: 'no' };
    }
    return null;
  }

  /** Prices of a market known by then, oldest first. */
  history(marketId: string, now: Millis): readonly PriceRow[] {
    return this.#prices.filter((p) => p.marketId === marketId && p.knownAt <= now);
  }
}

/** The price of one side, in the venue's form: at most six decimals. */
export function sidePrice(at: MarketAt, side: 'yes' | 'no'): string | null {
  const yes = at.resolved ? (at.resolved.outcome === 'yes' ? 1 : 0) : at.price?.price;
  return yes === undefined ? null : String(Number((side === 'yes' ? yes : 1 - yes).toFixed(6)));
}

/** The record holds prices, not orders: a book with nothing resting in it, and the price as the last trade. */
export function bookOf(at: MarketAt, tokenId: string, price: string): Record<string, unknown> {
  return {
    market: at.market.id, asset_id: tokenId, timestamp: String(at.price?.observedFor ?? at.market.opens), bids: [], asks: [],
    min_order_size: '5', tick_size: '0.001', neg_risk: false, last_trade_price: price, hash: `0x${at.market.tokenIds.yes.slice(0, 16)}`,
  };
}
