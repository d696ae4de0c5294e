import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawStatement } from '../../flow/signals/ports.ts';
import { silentLogger } from '../../kernel/logging/types.ts';
import { ManualTimers } from '../../kernel/timers/index.ts';
import { DAY_MS, ManualClock, MINUTE_MS, parseInstant, SECOND_MS } from '../../model/time.ts';
import type { PriceRow } from '../../scenario/index.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { hormuz } from '../test-support/hormuz.ts';
import { createMarketStream, createPolymarketClient, createPolymarketLive, startPolymarketTwin, type MarketMessage, type MarketStream, type PolymarketLiveOptions } from './index.ts';

const never = new AbortController().signal;
const T0 = parseInstant('2026-02-20T00:00:00Z');
const STRIKES = hormuz().markets.find((m) => m.question === 'US strikes Iran by June 30, 2026?')!;
const at = (ms: number, price: number, marketId = STRIKES.id): PriceRow => ({ marketId, observedFor: T0 + ms, knownAt: T0 + ms, price });

/** The real client and stream against the twin, on a clock that the test moves. */
async function rig(prices: readonly PriceRow[], change: Partial<PolymarketLiveOptions> = {}, markets = [STRIKES]) {
  const timers = new ManualTimers(new ManualClock(T0));
  const { clock } = timers;
  const twin = await startPolymarketTwin({ scenario: { markets, prices }, clock });
  const told: { statement: RawStatement; asOf: number }[] = [];
  const streams: MarketStream[] = [];
  const live = createPolymarketLive({
    client: createPolymarketClient({ outbound: directOutbound(), gammaUrl: twin.url, clobUrl: twin.url }),
    kind: 'twin', clock, timers, logger: silentLogger, relevant: () => true,
    stream: (onMessage) => (streams.push(createMarketStream({ url: `${twin.wsUrl}/ws/market`, timers, logger: silentLogger, onMessage })), streams[0]!),
    onStatements: async (statements, asOf) => void told.push(...statements.map((statement) => ({ statement, asOf }))),
    ...change,
  });
  const received = (): number => streams[0]!.counters().received;
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    const giveUp = performance.now() + 5_000;
    while (!holds()) {
      if (performance.now() > giveUp) throw new Error(`never: ${what}`);
      await new Promise((turn) => setImmediate(turn));
    }
  };
  /** Moves the clock, lets the twin say what became known, and waits until it was heard. */
  const pass = async (ms: number, says: number): Promise<void> => {
    await timers.advance(ms);
    const before = received();
    twin.tick();
    await until(`${says} more messages`, () => received() === before + says);
  };
  return { twin, live, timers, clock, told, stream: () => streams[0]!, until, pass, received, [Symbol.asyncDispose]: async () => (live.close(), twin.close()) };
}

const moves = (told: readonly { statement: RawStatement; asOf: number }[]) => told.map(({ statement, asOf }) => [asOf - T0, statement.probability, statement.observedAt - T0]);

test('a move of a point is told within a second, the next one a minute later, a smaller one never', async () => {
  await using r = await rig([at(0, 0.5), at(SECOND_MS, 0.53), at(10 * SECOND_MS, 0.6), at(30 * SECOND_MS, 0.58), at(3 * MINUTE_MS, 0.585)]);
  const swept = await r.live.source.fetch(T0, never);
  assert.deepEqual(swept.map((s) => s.probability), [0.5]);
  await r.until('the book', () => r.received() === 1);
  await r.timers.advance(500);
  assert.equal(r.told.length, 0, 'the book says what the sweep said');
  await r.pass(500, 1);
  await r.timers.advance(300);
  assert.deepEqual(moves(r.told), [[1_250, 0.53, 1_000]]);
  await r.pass(8_700, 1);
  await r.pass(20_000, 1);
  assert.equal(r.told.length, 1);
  await r.timers.advance(MINUTE_MS);
  assert.deepEqual(moves(r.told).slice(1), [[61_250, 0.58, 30_000]], 'the newest price, a minute after the last');
  await r.pass(3 * MINUTE_MS, 1);
  await r.timers.advance(5 * MINUTE_MS);
  assert.equal(r.told.length, 2);
  assert.deepEqual({ ...r.told[0]!.statement, raw: '', url: '' }, { ...swept[0]!, probability: 0.53, observedAt: T0 + SECOND_MS, knownAt: T0 + SECOND_MS, raw: '', url: '' });
});

test('a resolution is told at once as closed, and is listened to no more', async () => {
  await using r = await rig([at(0, 0.5)], {}, [{ ...STRIKES, resolution: { outcome: 'yes', knownAt: T0 + MINUTE_MS } }]);
  await r.live.source.fetch(T0, never);
  await r.until('the book', () => r.received() === 1);
  await r.pass(MINUTE_MS, 1);
  assert.deepEqual(r.told.map(({ statement }) => [statement.closed, statement.probability, statement.knownAt - T0]), [[true, 1, MINUTE_MS]]);
  assert.equal(r.live.counters().listening, 0);
});

test('after a cut the book tells what was missed', async () => {
  await using r = await rig([at(0, 0.5), at(20 * SECOND_MS, 0.7)]);
  await r.live.source.fetch(T0, never);
  await r.until('the book', () => r.received() === 1);
  r.twin.faults.set([{ kind: 'dropped_socket', when: 'after', times: 1 }]);
  await r.timers.advance(10 * SECOND_MS);
  await r.until('the loss', () => r.stream().state === 'waiting');
  await r.timers.advance(10 * SECOND_MS);
  await r.until('the book again', () => r.received() === 2);
  await r.timers.advance(SECOND_MS);
  assert.deepEqual(r.told.map(({ statement }) => statement.probability), [0.7]);
});

test('what was not taken is told again with the next message that still differs', async () => {
  const told: RawStatement[] = [];
  let broken = true;
  await using r = await rig([at(0, 0.5), at(SECOND_MS, 0.6), at(5 * MINUTE_MS, 0.601)], {
    onStatements: async (statements) => {
      if (broken) throw new Error('the database is away');
      told.push(...statements);
    },
  });
  await r.live.source.fetch(T0, never);
  await r.until('the book', () => r.received() === 1);
  await r.pass(SECOND_MS, 1);
  await r.timers.advance(SECOND_MS);
  assert.deepEqual(r.live.counters(), { listening: 1, handedOver: 1, failed: 1 });
  broken = false;
  await r.pass(5 * MINUTE_MS, 1);
  await r.timers.advance(SECOND_MS);
  assert.deepEqual(told.map((s) => s.probability), [0.601]);
});

/** A stream that only remembers what it is asked. */
function fakeStream() {
  const state = { tokens: new Set<string>(), closed: false, say: (() => undefined) as (message: MarketMessage) => void };
  const stream: MarketStream = {
    state: 'open',
    subscribe: (ids) => ids.forEach((id) => state.tokens.add(id)),
    unsubscribe: (ids) => ids.forEach((id) => state.tokens.delete(id)),
    counters: () => ({ received: 0, repeats: 0, late: 0, unreadable: 0, connects: 1 }),
    close: () => void (state.closed = true),
  };
  return { state, open: (onMessage: (m: MarketMessage) => void) => ((state.say = onMessage), stream) };
}

test('what is listened to is bounded, relevant, and follows the sweeps', async () => {
  const many = Array.from({ length: 30 }, (_, i) => ({ ...STRIKES, id: `0x${i}`, slug: `m-${i}`, question: i % 2 === 0 ? STRIKES.question : 'Who wins the cup?', tokenIds: { yes: `y${i}`, no: `n${i}` }, ...(i === 4 ? { resolution: { outcome: 'no' as const, knownAt: T0 + DAY_MS } } : {}) }));
  const fake = fakeStream();
  await using r = await rig(many.map((m) => at(0, 0.5, m.id)), { stream: fake.open, relevant: (q) => q.includes('Iran'), marketsMax: 4 }, many);
  await r.live.source.fetch(T0, never);
  assert.deepEqual([...fake.state.tokens].sort(), ['y0', 'y10', 'y12', 'y14']);
  fake.state.say({ kind: 'best_bid_ask', conditionId: 'x', tokenId: 'nobody', bestBid: 0.1, bestAsk: 0.2, at: T0 });
  assert.equal(r.live.counters().listening, 4);
  r.live.close();
  assert.deepEqual([fake.state.closed, r.live.counters().listening], [true, 0]);
  assert.equal((await r.live.source.fetch(T0, never)).length, 30, 'the sweep goes on without the channel');
});

test('the price is the middle of a narrow book, else the last trade; an empty or one-sided book says nothing', async () => {
  const fake = fakeStream();
  await using r = await rig([at(0, 0.5)], { stream: fake.open });
  await r.live.source.fetch(T0, never);
  const token = STRIKES.tokenIds.yes;
  const said = async (...messages: readonly Record<string, unknown>[]): Promise<readonly (number | null)[]> => {
    const before = r.told.length;
    for (const m of messages) fake.state.say({ conditionId: STRIKES.id, tokenId: token, at: r.clock.now(), ...m } as unknown as MarketMessage);
    await r.timers.advance(2 * MINUTE_MS);
    return r.told.slice(before).map(({ statement }) => statement.probability);
  };
  assert.deepEqual(await said({ kind: 'best_bid_ask', bestBid: 0.2, bestAsk: 0.9 }), []);
  assert.deepEqual(await said({ kind: 'last_trade_price', price: 0.55, size: 1, side: 'BUY' }), [0.55]);
  assert.deepEqual(await said({ kind: 'best_bid_ask', bestBid: 0.6, bestAsk: 0.63 }), [0.615]);
  assert.deepEqual(await said({ kind: 'price_change', changes: [{ tokenId: token, price: 0.7, side: 'BUY', size: 1, bestBid: 0.7, bestAsk: null }] }), [0.55], 'a crossed book is none: the last trade');
  assert.deepEqual(await said({ kind: 'book', book: { conditionId: STRIKES.id, tokenId: token, at: T0, bids: [], asks: [], lastTradePrice: null } }), []);
  assert.deepEqual(await said({ kind: 'last_trade_price', price: 1, size: 1, side: 'BUY' }), [], 'certainty is an outcome, and comes as one');
});
