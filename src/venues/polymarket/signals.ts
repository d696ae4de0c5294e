/** Polymarket as a source of statements for the signals stage: yes-or-no questions under a few tags, as priced now. */
import type { RawStatement, SignalSource } from '../../flow/signals/ports.ts';
import { DAY_MS, MINUTE_MS, type Millis } from '../../model/time.ts';
import type { PolymarketClient } from './client.ts';
import { questionHorizon } from './horizon.ts';
import type { GammaMarket } from './wire.ts';

/** Tags under which Polymarket lists what may close a sea passage. */
export const POLYMARKET_TAGS = Object.freeze(['iran', 'strait-of-hormuz', 'yemen', 'middle-east', 'geopolitics', 'oil'] as const);
/** Words under which its search finds them, whatever their tags: a slug that the venue has renamed costs no question. */
export const POLYMARKET_SEARCHES = Object.freeze(['hormuz', 'red sea', 'houthi', 'suez canal', 'panama canal', 'malacca', 'bosphorus', 'iran strike', 'iran ceasefire'] as const);

/** A market that was resolved early still ends in the future, so it is listed; one that ended longer ago than this is history. */
const CLOSED_FOR = 30 * DAY_MS;
/** Clocks differ; a price formed further ahead of ours than this was not known at `asOf`. */
const SKEW_MAX = 5 * MINUTE_MS;

export interface PolymarketSignalsOptions {
  readonly client: PolymarketClient;
  readonly kind: 'real' | 'twin';
  /** Default {@link POLYMARKET_TAGS}. */
  readonly tags?: readonly string[];
  /** Words to search for besides the tags. Default {@link POLYMARKET_SEARCHES}. */
  readonly searches?: readonly string[];
}

export function createPolymarketSignals(options: PolymarketSignalsOptions): SignalSource {
  return {
    name: 'polymarket',
    kind: options.kind,
    fetch: async (asOf, signal) => statementsOf(await sweepMarkets(options, asOf, signal), asOf),
  };
}

/** Every market under the tags and the words, open or lately closed; of one that is found twice the newest state. */
export async function sweepMarkets({ client, tags = POLYMARKET_TAGS, searches = POLYMARKET_SEARCHES }: PolymarketSignalsOptions, asOf: Millis, signal: AbortSignal): Promise<readonly GammaMarket[]> {
  const newest = new Map<string, GammaMarket>();
  const closedFrom = asOf - CLOSED_FOR;
  const take = (markets: readonly GammaMarket[]): void => {
    for (const market of markets) {
      const seen = newest.get(market.conditionId);
      if (!seen || (market.updatedAt ?? 0) >= (seen.updatedAt ?? 0)) newest.set(market.conditionId, market);
    }
  };
  for (const tag of tags) {
    for (const event of await client.events({ tag, closed: false }, signal)) take(event.markets);
    for (const event of await client.events({ tag, closed: true, endsFrom: closedFrom }, signal)) take(event.markets);
  }
  // The search knows no end date: what closed long ago comes with the rest.
  for (const words of searches) for (const event of await client.search(words, signal)) take(event.markets.filter((m) => m.closed !== true || (m.closedTime ?? m.endDate ?? 0) >= closedFrom));
  return [...newest.values()];
}

export const statementsOf = (markets: readonly GammaMarket[], asOf: Millis): readonly RawStatement[] =>
  markets.map((market) => toStatement(market, asOf)).filter((s) => s !== null).sort((a, b) => (a.externalId < b.externalId ? -1 : 1));

/** Where yes and no stand among a market's outcomes; null for one that is not a yes or no. */
export function yesAndNo(market: Pick<GammaMarket, 'outcomes'>): { readonly yes: number; readonly no: number } | null {
  const at = (word: string): number => market.outcomes?.findIndex((o) => o.toLowerCase() === word) ?? -1;
  const sides = { yes: at('yes'), no: at('no') };
  return market.outcomes?.length === 2 && sides.yes >= 0 && sides.no >= 0 ? sides : null;
}

/**
 * One market as a statement, or null where it makes none: not yes-or-no, not priced yet, or priced after `asOf`.
 * The price is the venue's own `outcomePrices`; it is taken to be formed when the market was last updated.
 */
export function toStatement(market: GammaMarket, asOf: Millis): RawStatement | null {
  const sides = yesAndNo(market);
  if (!sides) return null;
  const price = (at: number): number => Number(market.outcomePrices?.[at] ?? Number.NaN);
  const probability = price(sides.yes);
  if (!(probability >= 0 && probability <= 1)) return null;
  // A market that was called off pays neither side: its price says nothing.
  if (probability === 0 && price(sides.no) === 0) return null;
  const closed = market.closed === true;
  const formed = (closed ? market.closedTime : null) ?? market.updatedAt ?? asOf;
  if (formed > asOf + SKEW_MAX) return null;
  const observedAt = Math.min(formed, asOf);
  return {
    externalId: market.conditionId,
    source: 'polymarket',
    url: `https://polymarket.com/market/${market.slug}`,
    question: market.question,
    probability,
    horizonEnd: questionHorizon(market.question, market.endDate ?? null),
    liquidityUsd: market.liquidity ?? null,
    volumeUsd: market.volume ?? null,
    closed,
    observedAt,
    knownAt: observedAt,
    // What the statement rests on, and nothing that moves without it (24-hour volumes, comments).
    raw: JSON.stringify({
      conditionId: market.conditionId, question: market.question, slug: market.slug, outcomes: market.outcomes, outcomePrices: market.outcomePrices,
      endDate: market.endDate ?? null, closed, formed,
    }),
  };
}
