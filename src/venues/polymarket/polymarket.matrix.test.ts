import assert from 'node:assert/strict';
import type { RawStatement } from '../../flow/signals/ports.ts';
import { ManualClock } from '../../model/time.ts';
import { venueMatrix } from '../matrix.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { hormuz } from '../test-support/hormuz.ts';
import { createPolymarketClient, createPolymarketSignals, startPolymarketTwin } from './index.ts';

const scenario = hormuz();
const clock = new ManualClock('2026-02-10T12:00:00Z');

venueMatrix<readonly RawStatement[]>({
  venue: 'polymarket',
  start: async (deadlineMs) => {
    const twin = await startPolymarketTwin({ scenario, clock });
    const client = createPolymarketClient({ outbound: directOutbound(), gammaUrl: twin.url, clobUrl: twin.url, deadlineMs });
    const source = createPolymarketSignals({ client, kind: 'twin' });
    return { twin, act: () => source.fetch(clock.now(), new AbortController().signal), [Symbol.asyncDispose]: () => twin.close() };
  },
  whole: (statements) => {
    const known = new Set(scenario.prices.filter((p) => p.knownAt <= clock.now()).map((p) => p.marketId));
    assert.deepEqual(statements.map((s) => s.externalId), [...known].sort());
    assert.equal(statements.find((s) => s.question === 'US strikes Iran by June 30, 2026?')?.probability, 0.525);
  },
  // Thirty days on the strikes have happened: none of that may be seen on 10 February.
  ahead: (statements) => assert.ok(statements.every((s) => s.knownAt <= clock.now() && !s.closed)),
});
