/** The venues' clients through the kernel's own outbound: retries, breakers and the gate as in production. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outbound } from '../kernel/outbound/types.ts';
import { ManualClock } from '../model/time.ts';
import { createFreightIndex, startFreightTwin } from './freight/index.ts';
import { createPolymarketClient, createPolymarketSignals, startPolymarketTwin } from './polymarket/index.ts';
import { createPortWatch, startPortWatchTwin } from './portwatch/index.ts';
import { hormuz } from './test-support/hormuz.ts';
import type { TwinServer } from './twin/index.ts';
import { realOutbound } from './whatsapp/test-support/real-outbound.ts';

const scenario = hormuz();
const clock = new ManualClock('2026-03-11T18:00:00Z');
const never = new AbortController().signal;

const venues: readonly { readonly name: string; start(): Promise<TwinServer>; fetch(outbound: Outbound, url: string): Promise<readonly unknown[]> }[] = [
  {
    name: 'polymarket',
    start: () => startPolymarketTwin({ scenario, clock }),
    fetch: (outbound, url) => createPolymarketSignals({ client: createPolymarketClient({ outbound, gammaUrl: url, clobUrl: url }), kind: 'twin' }).fetch(clock.now(), never),
  },
  { name: 'portwatch', start: () => startPortWatchTwin({ scenario, clock }), fetch: (outbound, url) => createPortWatch({ outbound, url, kind: 'twin' }).fetch(clock.now(), null, never) },
  { name: 'freight', start: () => startFreightTwin({ scenario, clock }), fetch: (outbound, url) => createFreightIndex({ outbound, url, kind: 'twin' }).fetch(clock.now(), null, never) },
];

for (const venue of venues) {
  test(`${venue.name}: one failure and one cut socket are tried again, and the sweep is whole`, async () => {
    await using twin = await venue.start();
    const whole = await venue.fetch(realOutbound(), twin.url);
    assert.ok(whole.length > 0);
    twin.faults.set([{ kind: 'server_error', times: 1 }]);
    assert.deepEqual(await venue.fetch(realOutbound(), twin.url), whole);
    twin.faults.set([{ kind: 'dropped_socket', when: 'after', times: 1 }]);
    assert.deepEqual(await venue.fetch(realOutbound(), twin.url), whole);
  });

  test(`${venue.name}: a venue that keeps failing is left alone`, async () => {
    await using twin = await venue.start();
    twin.faults.set([{ kind: 'server_error' }]);
    const outbound = realOutbound();
    for (let i = 0; i < 5; i += 1) await assert.rejects(venue.fetch(outbound, twin.url));
    const asked = twin.counters().total;
    await assert.rejects(venue.fetch(outbound, twin.url), { code: 'VENUE_CIRCUIT_OPEN' });
    assert.equal(twin.counters().total, asked);
  });
}
