/** A question's past prices as statements, to fill what was missed or came before the desk. */
import type { RawStatement } from '../../flow/signals/ports.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import type { PolymarketClient } from './client.ts';
import { toStatement, yesAndNo } from './signals.ts';
import type { GammaMarket } from './wire.ts';

/** The venue refuses long spans of fine points: two weeks at a time. */
const WINDOW_MS = 14 * DAY_MS;

/**
 * Prices from `from` to `to` (or `asOf`, whichever is first), oldest first, each as the statement that a sweep would have made then; a price that repeats
 * the one before says nothing new and is left out.
 * @param fidelityMinutes one point in so many minutes; default 60
 * @throws CodedError the outbound's
 */
export async function questionHistory(client: Pick<PolymarketClient, 'pricesHistory'>, market: GammaMarket, from: Millis, to: Millis, asOf: Millis, fidelityMinutes = 60): Promise<readonly RawStatement[]> {
  const sides = yesAndNo(market);
  const token = sides === null ? undefined : market.clobTokenIds?.[sides.yes];
  if (sides === null || token === undefined) return [];
  const until = Math.min(to, asOf);
  const points = new Map<Millis, number>();
  for (let start = from; start < until; start += WINDOW_MS) {
    for (const { at, price } of await client.pricesHistory(token, start, Math.min(start + WINDOW_MS, until), fidelityMinutes)) if (at >= from && at <= until) points.set(at, price);
  }
  const statements: RawStatement[] = [];
  for (const [at, price] of [...points].sort(([a], [b]) => a - b)) {
    if (statements.at(-1)?.probability === price) continue;
    const prices = [0, 1].map((i) => String(Number((i === sides.yes ? price : 1 - price).toFixed(6))));
    const statement = toStatement({ ...market, outcomePrices: prices, updatedAt: at, closed: false, closedTime: null }, at);
    // What rests in the book and what was traded are of today, not of then.
    if (statement) statements.push({ ...statement, liquidityUsd: null, volumeUsd: null });
  }
  return statements;
}
