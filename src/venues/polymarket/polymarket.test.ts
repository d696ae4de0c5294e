import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sharedData } from '../../../test/support/shared-data.ts';
import { iso, ManualClock, parseInstant, type Clock } from '../../model/time.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { hormuz } from '../test-support/hormuz.ts';
import { createPolymarketClient, createPolymarketSignals, questionHorizon, startPolymarketTwin, type PolymarketClient, type PolymarketTwin } from './index.ts';
import { toStatement } from './signals.ts';
import { clobBook, gammaEvents, gammaMarket, gammaMarkets, gammaSearch, toBook } from './wire.ts';

const scenario = hormuz();
const STRIKES = scenario.markets.find((m) => m.question === 'US strikes Iran by June 30, 2026?')!;

async function rig(clock: Clock): Promise<AsyncDisposable & { readonly twin: PolymarketTwin; readonly client: PolymarketClient }> {
  const twin = await startPolymarketTwin({ scenario, clock });
  const client = createPolymarketClient({ outbound: directOutbound(), gammaUrl: twin.url, clobUrl: twin.url, deadlineMs: 2_000 });
  return { twin, client, [Symbol.asyncDispose]: () => twin.close() };
}

test('statements follow the clock: unpriced, priced, resolved', async () => {
  const clock = new ManualClock('2026-02-08T23:59:59Z');
  await using r = await rig(clock);
  const source = createPolymarketSignals({ client: r.client, kind: 'twin' });
  const strikes = async () => (await source.fetch(clock.now(), new AbortController().signal)).find((s) => s.externalId === STRIKES.id);
  assert.equal(await strikes(), undefined);
  clock.set('2026-02-12T18:00:00Z');
  const priced = (await strikes())!;
  assert.deepEqual(
    { ...priced, raw: '', url: '' },
    {
      externalId: STRIKES.id, source: 'polymarket', url: '', question: 'US strikes Iran by June 30, 2026?', probability: 0.525, horizonEnd: parseInstant('2026-07-01T00:00:00Z'),
      liquidityUsd: null, volumeUsd: null, closed: false, observedAt: parseInstant('2026-02-09T00:00:00Z'), knownAt: parseInstant('2026-02-09T00:00:00Z'), raw: '',
    },
  );
  assert.equal((await strikes())!.raw, priced.raw);
  clock.set('2026-02-28T23:59:59Z');
  assert.equal((await strikes())!.closed, false);
  clock.set('2026-03-01T00:00:00Z');
  const closed = (await strikes())!;
  assert.deepEqual([closed.closed, closed.probability, iso(closed.knownAt)], [true, 1, '2026-03-01T00:00:00.000Z']);
});

test('at no hour does the source tell what was not known, nor leave out what was', async () => {
  const clock = new ManualClock();
  await using r = await rig(clock);
  const source = createPolymarketSignals({ client: r.client, kind: 'twin' });
  for (let day = parseInstant(`${scenario.from}T18:00:00Z`); day < parseInstant(scenario.to); day += 5 * 86_400_000) {
    clock.set(day);
    const statements = await source.fetch(day, new AbortController().signal);
    assert.ok(statements.every((s) => s.knownAt <= day && s.observedAt <= s.knownAt), iso(day));
    const open = scenario.markets.filter((m) => (!m.resolution || m.resolution.knownAt > day) && scenario.prices.some((p) => p.marketId === m.id && p.knownAt <= day));
    assert.deepEqual(statements.filter((s) => !s.closed).map((s) => s.externalId), open.map((m) => m.id).sort(), iso(day));
  }
});

test('the CLOB gives price, midpoint, book and history of either side, as known; a resolved market has no book', async () => {
  const clock = new ManualClock('2026-02-20T00:00:00Z');
  await using r = await rig(clock);
  assert.equal(await r.client.price(STRIKES.tokenIds.yes, 'BUY'), 0.525);
  assert.equal(await r.client.midpoint(STRIKES.tokenIds.no), 0.475);
  const book = await r.client.book(STRIKES.tokenIds.yes);
  assert.deepEqual([book.conditionId, book.lastTradePrice, book.bids.length, iso(book.at)], [STRIKES.id, 0.525, 0, '2026-02-09T00:00:00.000Z']);
  const truce = scenario.markets.find((m) => m.question === 'Israel x Iran ceasefire broken by June 30, 2026?')!;
  const history = await r.client.pricesHistory(truce.tokenIds.yes, parseInstant('2025-12-01'), clock.now());
  assert.deepEqual(history.map((h) => [iso(h.at).slice(0, 10), h.price]), [['2025-12-25', 0.405], ['2026-02-09', 0.495]]);
  assert.equal(await r.client.time(), clock.now());
  await r.client.ok();
  clock.set('2026-03-02T00:00:00Z');
  await assert.rejects(r.client.book(STRIKES.tokenIds.yes), { code: 'VENUE_REFUSED', message: 'No orderbook exists for the requested token id' });
  assert.equal((await r.client.pricesHistory(truce.tokenIds.yes, parseInstant('2025-12-01'), clock.now())).length, 2);
});

test('markets are found by id and by words; an early close is among the closed', async () => {
  const clock = new ManualClock('2026-04-17T18:00:00Z');
  await using r = await rig(clock);
  assert.deepEqual((await r.client.markets([STRIKES.id, '0xnone'])).map((m) => m.question), [STRIKES.question]);
  assert.deepEqual((await r.client.search('hormuz returns normal')).map((e) => e.title), ['Strait of Hormuz traffic returns to normal by end of May?']);
  const early = await r.client.events({ tag: 'iran', closed: true, endsFrom: clock.now() });
  assert.ok(early.some((e) => e.markets[0]!.conditionId === STRIKES.id));
  await assert.rejects(r.client.search('x', AbortSignal.abort()), { name: 'AbortError' });
});

test('a market under tags that nobody asks for is found by its words; what closed long ago is not', async () => {
  const words = { ...STRIKES, tags: ['renamed'], id: '0xwords', question: 'Ships through the Strait of Hormuz by June 30?', resolution: null };
  const old = { ...words, id: '0xold', resolution: { outcome: 'no' as const, knownAt: parseInstant('2026-01-01T00:00:00Z') } };
  const clock = new ManualClock('2026-02-20T00:00:00Z');
  await using twin = await startPolymarketTwin({ scenario: { markets: [words, old], prices: [{ marketId: words.id, observedFor: clock.now(), knownAt: clock.now(), price: 0.4 }] }, clock });
  const source = createPolymarketSignals({ client: createPolymarketClient({ outbound: directOutbound(), gammaUrl: twin.url, clobUrl: twin.url }), kind: 'twin' });
  assert.deepEqual((await source.fetch(clock.now(), new AbortController().signal)).map((s) => s.externalId), ['0xwords']);
});

test('pages are read to the end, and an event seen on two pages comes once', async () => {
  const many = Array.from({ length: 230 }, (_, i) => ({ ...STRIKES, id: `0x${i}`, slug: `m-${i}`, tokenIds: { yes: String(2 * i), no: String(2 * i + 1) } }));
  const clock = new ManualClock('2026-02-20T00:00:00Z');
  await using twin = await startPolymarketTwin({ scenario: { markets: many, prices: [] }, clock });
  const client = createPolymarketClient({ outbound: directOutbound(), gammaUrl: twin.url, clobUrl: twin.url });
  assert.equal((await client.events({ tag: 'iran', closed: false })).length, 230);
  assert.equal(twin.counters().byRoute['GET /events'], 3);
});

const horizons: readonly (readonly [question: string, endDate: string | null, horizon: string | null])[] = [
  ['Israel x Iran ceasefire broken by June 30, 2026?', '2026-03-31', '2026-07-01'],
  ['US x Iran ceasefire by December 31?', '2026-05-31', '2027-01-01'],
  ['Trump announces end of military operations against Iran by April 15th?', '2026-04-15', '2026-04-16'],
  ['Strait of Hormuz traffic returns to normal by end of May?', '2026-05-31', '2026-06-01'],
  ['Will 20 ships transit the Strait of Hormuz on any day in March?', '2026-03-31', '2026-04-01'],
  ['Military action against Iran continues through March 31, 2026?', '2026-03-31', '2026-04-01'],
  ['Will the Iranian regime fall before 2027?', '2026-12-31', '2027-01-01'],
  ['Iran Nuke in 2025?', '2025-12-31', '2026-01-01'],
  ['Deal by January 15?', '2026-12-31', '2027-01-16'],
  ['Deal by February 30?', '2026-03-01', '2026-03-01'],
  ['Deal by June 30?', null, null],
  ['Will it end?', '2026-12-31', '2026-12-31'],
];
for (const [question, endDate, horizon] of horizons) {
  test(`horizon of "${question}" ending ${endDate} is ${horizon}`, () => {
    assert.equal(questionHorizon(question, endDate === null ? null : parseInstant(endDate)), horizon === null ? null : parseInstant(horizon));
  });
}

const payload = (t: { skip(why: string): void }, file: string): unknown => {
  const path = sharedData(`exchange/polymarket-payloads/${file}`);
  if (!path) return void t.skip(`recorded payload is absent: shared/data/exchange/polymarket-payloads/${file}`);
  return JSON.parse(readFileSync(path, 'utf8'));
};

test('real Gamma payloads are read: lists inside strings, closed markets, search', (t) => {
  const event = payload(t, 'rust__gamma_event.json');
  if (event === undefined) return;
  const events = gammaEvents.parse(event);
  assert.ok(events[0]!.markets.length > 0);
  assert.equal(events[0]!.unreadable, 0);
  assert.deepEqual(events[0]!.markets[0]!.outcomes, ['Yes', 'No']);
  assert.equal(events[0]!.markets[0]!.clobTokenIds!.length, 2);
  const at = parseInstant('2026-05-20T00:00:00Z');
  const closed = toStatement(gammaMarket.parse(payload(t, 'rust__gamma_market_closed_binary_accepting_false.json')), at)!;
  assert.deepEqual([closed.closed, closed.probability, iso(closed.knownAt)], [true, 0, '2026-03-19T23:20:15.000Z']);
  assert.equal(toStatement(gammaMarket.parse(payload(t, 'rust__gamma_market.json')), at), null, 'Up or Down is not yes or no');
  assert.equal(toStatement(gammaMarket.parse(payload(t, 'rust__gamma_market_closed_zero_zero_legacy.json')), at), null, 'called off');
  assert.ok(gammaSearch.parse(payload(t, 'rust__search_response.json')).length > 0);
  assert.ok(gammaEvents.parse(payload(t, 'py__http_responses__events_list.json')).every((e) => e.unreadable === e.markets.length + 1), 'a market without question is left out, the event stays');
  assert.deepEqual(gammaMarkets.parse([null, 5, { question: 'x' }]), { markets: [], unreadable: 3 });
});

test('real books are read, best price first on both sides', (t) => {
  for (const file of ['rust__clob_book_response.json', 'py__http_responses__book.json']) {
    const raw = payload(t, file);
    if (raw === undefined) return;
    const book = toBook(clobBook.parse(raw));
    assert.ok(book.bids[0]!.price > book.bids.at(-1)!.price && book.asks[0]!.price < book.asks.at(-1)!.price, file);
    assert.ok(book.bids[0]!.price < book.asks[0]!.price, file);
  }
});
