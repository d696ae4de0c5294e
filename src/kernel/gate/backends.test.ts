import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { freshDatabase } from '../../../test/support/database.ts';
import { connectedRedis, startRedis } from '../../../test/support/redis.ts';
import { findServer } from '../../../test/support/servers.ts';
import { ManualClock } from '../../model/time.ts';
import { buildChains } from './chains.ts';
import { createMemoryBackend, createPostgresBackend, createRedisBackend, type GateBackend, type Lane } from './index.ts';

const redisServer = findServer('redis');
const START = 1_772_323_200_000;
let fresh = 0;

/** A provider of its own for each run, with one limit over it and two under it, so that no run sees the counts of another. */
function chainsFor(limit: number, windowMs: number, urgentShare: number) {
  const name = `p${process.pid}x${++fresh}`;
  const chains = buildChains({
    [name]: { tiers: { default: [{ limit: limit * 3, windowMs: windowMs * 2 }] }, source: 'test' },
    [`${name}.part`]: { tiers: { default: [{ limit, windowMs }] }, urgentShare, source: 'test' },
    [`${name}.other`]: { tiers: { default: [{ limit: limit * 2, windowMs }] }, source: 'test' },
  });
  return [chains.byId(`${name}.part`), chains.byId(`${name}.other`)] as const;
}

const schedule = fc.record({
  limit: fc.integer({ min: 1, max: 20 }),
  windowMs: fc.constantFrom(1_000, 5_000, 60_000),
  urgentShare: fc.constantFrom(0, 0.1, 0.5),
  steps: fc.array(
    fc.record({ pauseShare: fc.double({ min: 0, max: 0.4, noNaN: true }), weight: fc.integer({ min: 1, max: 4 }), urgent: fc.boolean(), other: fc.boolean(), peek: fc.boolean() }),
    { minLength: 1, maxLength: 40 },
  ),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

interface Grant {
  readonly at: number;
  readonly weight: number;
  readonly keys: readonly string[];
}

/** Plays a schedule on a backend whose time is `clock`, and asserts that no window ever held more than its limit. */
async function play(backend: GateBackend, clock: ManualClock, { limit, windowMs, urgentShare, steps }: Schedule): Promise<string> {
  const [part, other] = chainsFor(limit, windowMs, urgentShare);
  const grants: Grant[] = [];
  const answers: (number | object)[] = [];
  for (const step of steps) {
    clock.advance(Math.round(step.pauseShare * windowMs));
    const chain = step.other ? other : part;
    const lane: Lane = step.urgent ? 'urgent' : 'normal';
    const weight = Math.min(step.weight, ...chain.windows.map((w) => (lane === 'urgent' ? w.limit : w.normalLimit)));
    const waitMs = await backend.take(chain, weight, lane);
    answers.push(waitMs);
    if (step.peek) {
      const { waitMs: peekedMs, windows, backOffMs } = await backend.peek(chain);
      answers.push({ peekedMs, windows, backOffMs });
    }
    if (waitMs === 0) grants.push({ at: clock.now(), weight, keys: chain.windows.map((w) => w.key) });
    else if (step.peek) {
      // What it said is right: then, and not a moment before, the same question is granted.
      clock.advance(waitMs - 1);
      assert.ok((await backend.take(chain, weight, lane)) > 0, 'not before its time');
      clock.advance(1);
      assert.equal(await backend.take(chain, weight, lane), 0, 'at its time');
      grants.push({ at: clock.now(), weight, keys: chain.windows.map((w) => w.key) });
    }
  }
  for (const window of new Set([...part.windows, ...other.windows])) {
    for (const last of grants.filter((g) => g.keys.includes(window.key))) {
      const inWindow = grants.filter((g) => g.keys.includes(window.key) && g.at > last.at - window.windowMs && g.at <= last.at);
      const used = inWindow.reduce((sum, g) => sum + g.weight, 0);
      assert.ok(used <= window.limit, `${used} in a window of ${window.limit}`);
    }
  }
  return JSON.stringify(answers);
}

/** Like memory in every answer, and within the limit in every window. */
async function agreesWithMemory(make: (clock: ManualClock) => GateBackend, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(schedule, async (s) => {
      const [own, reference] = [new ManualClock(START), new ManualClock(START)];
      assert.equal(await play(make(own), own, s), await play(createMemoryBackend(reference), reference, s));
    }),
    { numRuns: runs },
  );
}

test('memory: never more than the limit in any window, and the wait it tells is exact', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (s) => {
      const clock = new ManualClock(START);
      await play(createMemoryBackend(clock), clock, s);
    }),
    { numRuns: 500 },
  );
});

test('redis: never more than the limit in any window, and every answer is that of memory', { skip: redisServer.skip }, async () => {
  await using redis = await startRedis();
  await using connection = await connectedRedis(redis.url);
  await agreesWithMemory((clock) => createRedisBackend(connection, { nowMs: () => clock.now() }), 80);
});

test('postgres: never more than the limit in any window, and every answer is that of memory', async () => {
  await using db = await freshDatabase();
  await agreesWithMemory((clock) => createPostgresBackend(db, { nowMs: () => clock.now() }), 40);
});

/** Many callers at once over several connections, on the server's own clock: exactly the limit passes. */
async function atOnce(backends: readonly GateBackend[]): Promise<void> {
  const [, other] = chainsFor(25, 3_600_000, 0);
  const asked = Array.from({ length: 120 }, (_, i) => backends[i % backends.length]!.take(other, 1, 'normal'));
  const granted = (await Promise.all(asked)).filter((waitMs) => waitMs === 0).length;
  assert.equal(granted, 50);
  const [first] = backends;
  const state = await first!.peek(other);
  assert.deepEqual(
    state.windows.map((w) => w.used),
    [50, 50],
  );
  assert.ok(state.waitMs > 0);
  await first!.reset(other);
  assert.deepEqual((await first!.peek(other)).windows.map((w) => w.used).sort(), [0, 50], 'the quota above keeps its count');
}

test('redis: of many concurrent callers exactly the limit passes', { skip: redisServer.skip }, async () => {
  await using redis = await startRedis();
  await using one = await connectedRedis(redis.url);
  await using two = await connectedRedis(redis.url);
  await using three = await connectedRedis(redis.url);
  await atOnce([one, two, three].map((connection) => createRedisBackend(connection)));
});

test('postgres: of many concurrent callers exactly the limit passes', async () => {
  await using db = await freshDatabase({ max: 12 });
  await atOnce([createPostgresBackend(db)]);
});

/** What the provider told us holds for all, and is never shortened. */
async function heedsTheProvider(make: (clock: ManualClock) => GateBackend): Promise<void> {
  const clock = new ManualClock(START);
  const backend = make(clock);
  const [part, other] = chainsFor(10, 1_000, 0);
  await backend.backOff(part, 30_000);
  await backend.backOff(part, 1_000);
  assert.equal(await backend.take(part, 1, 'urgent'), 30_000);
  assert.equal((await backend.peek(part)).backOffMs, 30_000);
  assert.equal(await backend.take(other, 1, 'normal'), 0, 'a sister is not meant');
  await backend.reset(part);
  assert.equal(await backend.take(part, 1, 'normal'), 0);
}

test('memory: a back-off holds', () => heedsTheProvider(createMemoryBackend));

test('redis: a back-off holds', { skip: redisServer.skip }, async () => {
  await using redis = await startRedis();
  await using connection = await connectedRedis(redis.url);
  await heedsTheProvider((clock) => createRedisBackend(connection, { nowMs: () => clock.now() }));
});

test('postgres: a back-off holds', async () => {
  await using db = await freshDatabase();
  await heedsTheProvider((clock) => createPostgresBackend(db, { nowMs: () => clock.now() }));
});
