/** Polymarket as a source of statements for the signals stage: yes-or-no questions under a few tags, as priced now. */
import type { RawStatement, SignalSource } from '../../flow/signals/ports.ts';
import { DAY_MS, MINUTE_MS, type Millis } from '../../model/time.ts';
import type { PolymarketClient } from './client.ts';
import { questionHorizon } from './horizon.ts';
import type { GammaMarket } from './wire.ts';

/** Tags under which Polymarket lists what may close a sea passage. */
export const POLYMARKET_TAGS = Object.freeze(['iran', 'strait-of-hormuz', 'yemen', 'middle-east', 'geopolitics', 'oil'] as const);

/** A market that was resolved early still ends in the future, so it is listed; one that ended longer ago than this is history. */
const CLOSED_FOR = 30 * DAY_MS;
/** Clocks differ; a price formed further ahead of ours than this was not known at `asOf`. */
const SKEW_MAX = 5 * MINUTE_MS;

export interface PolymarketSignalsOptions {
  readonly client: PolymarketClient;
  readonly kind: 'real' | 'twin';
  /** Default {@link POLYMARKET_TAGS}. */
  readonly tags?: readonly string[];
  /** Words to search for besides the tags. */
  readonly searches?: readonly string[];
}

export function createPolymarketSignals(options: PolymarketSignalsOptions): SignalSource {
  const { client, kind } = options;
  return {
    name: 'polymarket',
    kind,
    async fetch(asOf, signal) {
      const newest = new Map<string, GammaMarket>();
      const take = (markets: readonly GammaMarket[]): void => {
        for (const market of markets) {
          const seen = newest.get(market.conditionId);
          if (!seen || (market.updatedAt ?? 0) >= (seen.updatedAt ?? 0)) newest.set(market.conditionId, market);
        }
      };
      for (const tag of options.tags ?? POLYMARKET_TAGS) {
        for (const event of await client.events({ tag, closed: false }, signal)) take(event.markets);
        for (const event of await client.events({ tag, closed: true, endsFrom: asOf - CLOSED_FOR }, signal)) take(event.markets);
      }
      for (const words of options.searches ?? []) for (const event of await client.search(words, signal)) take(event.markets);
      return [...newest.values()].map((market) => toStatement(market, asOf)).filter((s) => s !== null).sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
    },
  };
}

/**
 * One market as a statement, or null where it makes none: not yes-or-no, not priced yet, or priced after `asOf`.
 * The price is the venue's own `outcomePrices`; it is taken to be formed when the market was last updated.
 */
export function toStatement(market: GammaMarket, asOf: Millis): RawStatement | null {
  const yes = market.outcomes?.findIndex((o) => o.toLowerCase() === 'yes') ?? -1;
  const no = market.outcomes?.findIndex((o) => o.toLowerCase() === 'no') ?? -1;
  const price = (at: number): number => Number(market.outcomePrices?.[at] ?? Number.NaN);
  const probability = price(yes);
  if (market.outcomes?.length !== 2 || yes === -1 || no === -1 || !(probability >= 0 && probability <= 1)) return null;
  // A market that was called off pays neither side: its price says nothing.
  if (probability === 0 && price(no) === 0) return null;
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
