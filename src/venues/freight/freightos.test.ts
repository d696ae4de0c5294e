import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misbehavingServer, reply } from '../../../test/support/misbehaving-server.ts';
import type { Observation } from '../../flow/reality/ports.ts';
import { DAY_MS, HOUR_MS, ManualClock, parseInstant } from '../../model/time.ts';
import { venueMatrix } from '../matrix.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { hormuz } from '../test-support/hormuz.ts';
import { createFreightosEstimates, ESTIMATED_LANES, startFreightosTwin } from './index.ts';

const never = new AbortController().signal;
const NOW = parseInstant('2026-03-06T18:00:00Z');
const clock = new ManualClock(NOW);

venueMatrix<readonly Observation[]>({
  venue: 'freightos',
  start: async (deadlineMs) => {
    const twin = await startFreightosTwin({ scenario: hormuz(), clock });
    const source = createFreightosEstimates({ outbound: directOutbound(), url: twin.url, kind: 'twin', deadlineMs });
    return { twin, act: () => source.fetch(clock.now(), null, never), [Symbol.asyncDispose]: () => twin.close() };
  },
  whole: (observations) => {
    assert.deepEqual(observations.filter((o) => o.series.includes('rotterdam') && !o.series.includes('rotterdam_shanghai')).map((o) => [o.series, o.observedFor, o.value]), [
      ['freight.freightos_shanghai_rotterdam', '2026-03-06', 2052],
      ['freight.freightos_shanghai_rotterdam_low', '2026-03-06', 1846.8],
      ['freight.freightos_shanghai_rotterdam_high', '2026-03-06', 2257.2],
    ]);
    assert.ok(observations.every((o) => o.knownAt === NOW && o.source === 'freightos' && o.unit === 'USD/FEU'));
  },
  without: { V09: 'a calculator tells no time: what it says is dated by the fetch' },
});

const price = (min: unknown, max: unknown, currency = 'USD') => ({ min: { moneyAmount: { amount: min, currency } }, max: { moneyAmount: { amount: max, currency } } });
const [lane] = ESTIMATED_LANES;

test('the request, and the reply in each of its forms: one mode, several, a bare list, no offer', async () => {
  await using server = await misbehavingServer();
  const cases: readonly (readonly [string, unknown, readonly number[]])[] = [
    ['one, with amounts as text', { estimatedFreightRates: { numQuotes: '1', mode: { mode: 'FCL', price: price('1500.00', '1900.50') } } }, [1700.25, 1500, 1900.5]],
    ['several: air and euros do not count', { estimatedFreightRates: { mode: [{ mode: 'air', price: price(9_000, 9_500) }, { mode: 'ocean FCL', price: price(2_000, 2_400) }, { mode: 'FCL', price: price(1_900, 2_100) }, { mode: 'FCL', price: price(1, 2, 'EUR') }] } }, [2150, 1900, 2400]],
    ['a bare list', { estimatedFreightRates: [{ mode: 'FCL', price: price(1_000, 1_200) }] }, [1100, 1000, 1200]],
    ['no offer', { estimatedFreightRates: { numQuotes: 0 } }, []],
    ['none at all', { estimatedFreightRates: null }, []],
    ['nonsense', { estimatedFreightRates: { mode: { mode: 'FCL', price: price(0, 2e9) } } }, []],
  ];
  for (const [what, response, values] of cases) {
    server.plan(reply(200, { response }));
    const source = createFreightosEstimates({ outbound: directOutbound(), url: server.url, kind: 'real', lanes: [lane!] });
    assert.deepEqual((await source.fetch(NOW, null, never)).map((o) => o.value), values, what);
  }
  assert.deepEqual(Object.fromEntries(new URL(server.requests[0]!.url, server.url).searchParams), { loadtype: 'container40', quantity: '1', weight: '15000', format: 'json', origin: 'CNSHA', destination: 'NLRTM' });
  server.plan(reply(200, '<response><error>busy</error></response>'));
  await assert.rejects(createFreightosEstimates({ outbound: directOutbound(), url: server.url, kind: 'real', lanes: [lane!] }).fetch(NOW, null, never), { code: 'VENUE_FAILED' });
});

test('a lane is asked once a day, no offer included; one that failed is asked again, and does not spoil the others', async () => {
  await using server = await misbehavingServer();
  const source = createFreightosEstimates({ outbound: directOutbound(), url: server.url, kind: 'real', lanes: ESTIMATED_LANES.slice(0, 2) });
  const offer = reply(200, { response: { estimatedFreightRates: { mode: { mode: 'FCL', price: price(1_000, 1_200) } } } });
  server.plan(reply(400, {}), offer);
  const lanes = (observations: readonly Observation[]) => [...new Set(observations.map((o) => o.series.replace(/_(low|high)$/, '')))];
  assert.deepEqual(lanes(await source.fetch(NOW, null, never)), ['freight.freightos_shanghai_genoa']);
  server.plan(reply(200, { response: { estimatedFreightRates: { numQuotes: 0 } } }));
  const first = await source.fetch(NOW + HOUR_MS, null, never);
  assert.deepEqual([lanes(first), first[0]!.knownAt, server.requests.length], [['freight.freightos_shanghai_genoa'], NOW, 3]);
  assert.deepEqual([await source.fetch(NOW + 2 * HOUR_MS, null, never), server.requests.length], [first, 3]);
  server.plan(offer);
  assert.equal((await source.fetch(NOW + DAY_MS, null, never)).length, 6);
  assert.equal(server.requests.length, 5);
});
