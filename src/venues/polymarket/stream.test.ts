import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { sharedData } from '../../../test/support/shared-data.ts';
import { silentLogger } from '../../kernel/logging/types.ts';
import { ManualTimers } from '../../kernel/timers/index.ts';
import { ManualClock } from '../../model/time.ts';
import { hormuz } from '../test-support/hormuz.ts';
import { createMarketStream, startPolymarketTwin, type MarketMessage, type MarketStream, type PolymarketTwin } from './index.ts';
import { readMessage } from './stream-messages.ts';

const scenario = hormuz();
const STRIKES = scenario.markets.find((m) => m.question === 'US strikes Iran by June 30, 2026?')!;

interface Rig extends AsyncDisposable {
  readonly twin: PolymarketTwin;
  readonly clock: ManualClock;
  readonly timers: ManualTimers;
  readonly stream: MarketStream;
  readonly messages: MarketMessage[];
  /** Lets the sockets work until the condition holds. */
  until(what: string, holds: () => boolean): Promise<void>;
}

async function rig(): Promise<Rig> {
  const clock = new ManualClock('2026-02-20T00:00:00Z');
  const twin = await startPolymarketTwin({ scenario, clock });
  const timers = new ManualTimers();
  const messages: MarketMessage[] = [];
  const stream = createMarketStream({ url: `${twin.wsUrl}/ws/market`, timers, logger: silentLogger, onMessage: (m) => messages.push(m) });
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    const giveUp = performance.now() + 5_000;
    while (!holds()) {
      if (performance.now() > giveUp) throw new Error(`never: ${what}; state ${stream.state}, ${messages.length} messages`);
      await new Promise((turn) => setImmediate(turn));
    }
  };
  return { twin, clock, timers, stream, messages, until, [Symbol.asyncDispose]: async () => (stream.close(), twin.close()) };
}

test('subscribing gives a book, the clock gives trades and the resolution, each once', async () => {
  await using r = await rig();
  r.stream.subscribe([STRIKES.tokenIds.yes]);
  await r.until('book', () => r.messages.length === 1);
  assert.deepEqual([r.messages[0]!.kind, r.messages[0]!.conditionId], ['book', STRIKES.id]);
  r.twin.tick();
  r.clock.set('2026-03-02T00:00:00Z');
  r.twin.tick();
  r.twin.tick();
  await r.until('resolution', () => r.messages.length === 2);
  assert.deepEqual(r.messages[1], { kind: 'market_resolved', conditionId: STRIKES.id, at: STRIKES.resolution!.knownAt, tokenIds: [STRIKES.tokenIds.yes, STRIKES.tokenIds.no], winningTokenId: STRIKES.tokenIds.yes, winningOutcome: 'Yes' });
});

test('a cut connection is opened again after a growing pause, and subscribed as before', async () => {
  await using r = await rig();
  r.stream.subscribe([STRIKES.tokenIds.yes]);
  await r.until('book', () => r.messages.length === 1);
  r.twin.faults.set([{ kind: 'dropped_socket', when: 'after', times: 1 }]);
  await r.timers.advance(10_000);
  await r.until('loss', () => r.stream.state === 'waiting');
  r.clock.set('2026-03-02T00:00:00Z');
  await r.timers.advance(999);
  assert.equal(r.stream.state, 'waiting');
  await r.timers.advance(1);
  await r.until('open again', () => r.stream.state === 'open');
  const other = scenario.markets.find((m) => m.question.startsWith('Khamenei out'))!;
  r.stream.subscribe([other.tokenIds.yes]);
  await r.until('book of the other', () => r.messages.some((m) => m.conditionId === other.id));
  assert.equal(r.stream.counters().connects, 2);
});

test('a half-open connection is found by its silence, though the socket looks open', async () => {
  await using r = await rig();
  r.stream.subscribe([STRIKES.tokenIds.yes]);
  await r.until('book', () => r.messages.length === 1);
  r.twin.faults.set([{ kind: 'half_open', when: 'after' }]);
  await r.timers.advance(24_999);
  assert.equal(r.stream.state, 'open');
  await r.timers.advance(1);
  assert.equal(r.stream.state, 'waiting');
  r.twin.faults.clear();
  await r.timers.advance(1_000);
  await r.until('open again', () => r.stream.state === 'open');
});

test('an upgrade that is refused or never answered is tried again', async () => {
  await using r = await rig();
  r.twin.faults.set([{ kind: 'server_error', times: 1 }, { kind: 'half_open', times: 1 }]);
  r.stream.subscribe([STRIKES.tokenIds.yes]);
  await r.until('refusal', () => r.stream.state === 'waiting');
  await r.timers.advance(1_000);
  await r.until('held', () => r.twin.counters().byOutcome['held'] === 1);
  await r.timers.advance(25_000);
  await r.until('given up', () => r.stream.state === 'waiting');
  await r.timers.advance(2_000);
  await r.until('book', () => r.messages.length === 1);
  assert.equal(r.stream.counters().connects, 3);
});

test('repeats are dropped and counted, and so is what cannot be read', async () => {
  await using r = await rig();
  const regime = scenario.markets.find((m) => m.question === 'Will the Iranian regime fall by March 31?')!;
  r.clock.set('2026-02-01T00:00:00Z');
  r.stream.subscribe([regime.tokenIds.yes]);
  await r.until('book', () => r.messages.length === 1);
  r.twin.faults.set([{ kind: 'duplicated' }]);
  r.clock.set('2026-02-20T00:00:00Z');
  r.twin.tick();
  await r.until('trade twice', () => r.stream.counters().repeats === 1);
  r.twin.faults.set([{ kind: 'malformed_body', times: 1 }]);
  r.clock.set('2026-04-02T00:00:00Z');
  r.twin.tick();
  await r.until('half a frame', () => r.stream.counters().unreadable === 1);
  assert.deepEqual(r.messages.map((m) => m.kind), ['book', 'last_trade_price']);
});

test('trades of two tokens count in any order; of one token the older is dropped when it comes later', async () => {
  await using r = await rig();
  const regime = scenario.markets.find((m) => m.question === 'Will the Iranian regime fall by March 31?')!;
  r.clock.set('2026-01-25T00:00:00Z');
  r.stream.subscribe([STRIKES.tokenIds.yes, regime.tokenIds.yes]);
  await r.until('the book of the one that has a price', () => r.messages.length === 1);
  r.twin.faults.set([{ kind: 'reordered', times: 1 }]);
  r.clock.set('2026-02-20T00:00:00Z');
  r.twin.tick();
  await r.until('both trades', () => r.messages.length === 3);
  assert.deepEqual(r.messages.slice(1).map((m) => m.conditionId), [regime.id, STRIKES.id]);
  // With the clock back, the venue says the price of January again, under its time.
  r.clock.set('2026-02-10T00:00:00Z');
  r.twin.tick();
  await r.until('late', () => r.stream.counters().late === 1);
  assert.equal(r.messages.length, 3);
});

test('every recorded market message is read', (t) => {
  const sample = sharedData('exchange/polymarket-payloads/rust__ws_market_book_msg.json');
  if (!sample) return t.skip('recorded payloads are absent: shared/data/exchange/polymarket-payloads');
  const folder = dirname(sample);
  const kinds = new Map<string, string>();
  for (const file of readdirSync(folder).filter((f) => /^rust__ws_(market_|book|last|quotes|tick)|^py__ws_messages__(book|last|price|tick)/.test(f))) {
    const raw: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const one of Array.isArray(raw) ? raw : [raw]) {
      const message = readMessage(one);
      assert.ok(message, `${file} cannot be read`);
      assert.ok(message.at > 1_600_000_000_000, file);
      kinds.set(message.kind, file);
    }
  }
  assert.deepEqual([...kinds.keys()].sort(), ['best_bid_ask', 'book', 'last_trade_price', 'market_resolved', 'new_market', 'price_change', 'tick_size_change']);
  assert.equal(readMessage({ event_type: 'order', price: '1' }), null);
  assert.equal(readMessage('PONG'), null);
});
