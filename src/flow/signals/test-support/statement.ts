/** For tests of this stage and of those below it: a statement that is in order. */
import { parseInstant } from '../../../model/time.ts';
import type { RawStatement } from '../ports.ts';

/** "US strikes Iran by June 30, 2026?" at 0.525 on 9 February 2026 (Polymarket, by ForecastBench), with changes. */
export function statement(change: Partial<RawStatement> = {}): RawStatement {
  const observedAt = change.observedAt ?? parseInstant('2026-02-09T00:00:00Z');
  return {
    externalId: 'us-strikes-iran-by-june-30',
    source: 'polymarket',
    url: 'https://polymarket.com/event/us-strikes-iran-by',
    question: 'US strikes Iran by June 30, 2026?',
    probability: 0.525,
    horizonEnd: parseInstant('2026-06-30T23:59:00Z'),
    liquidityUsd: 80_000,
    volumeUsd: 1_000_000,
    closed: false,
    observedAt,
    knownAt: observedAt,
    raw: '{"price":"0.525"}',
    ...change,
  };
}

/** A headline of an hour before noon on 2 March 2026, with changes. */
export function report(change: Partial<RawStatement> = {}): RawStatement {
  const observedAt = change.observedAt ?? parseInstant('2026-03-02T11:00:00Z');
  return {
    kind: 'report',
    externalId: 'item-1',
    source: 'rss.paper',
    url: 'https://paper.example/1',
    question: 'Iran closes the Strait of Hormuz to all tankers after strikes',
    probability: null,
    horizonEnd: null,
    liquidityUsd: null,
    volumeUsd: null,
    closed: false,
    observedAt,
    knownAt: observedAt,
    raw: '<item/>',
    ...change,
  };
}
