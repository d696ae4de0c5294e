import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingLogger } from '../../../test/support/recording-logger.ts';
import { connectedRedis, startRedis } from '../../../test/support/redis.ts';
import { findServer } from '../../../test/support/servers.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { until } from '../../../test/support/until.ts';
import { ManualClock } from '../../model/time.ts';
import { createBreakers } from '../breakers/index.ts';
import { connectRedis, createMemoryCache, createNoCache, createRedisCache, type Cache } from './index.ts';

const redisServer = findServer('redis');
let fresh = 0;

function instruments() {
  let next = 0;
  return { clock: new ManualClock(1_772_323_200_000), logger: recordingLogger(), metrics: testMetrics(), random: () => next, setRandom: (r: number) => void (next = r) };
}
type Instruments = ReturnType<typeof instruments>;

/** One promise that is settled from outside. */
const deferred = <T>() => Promise.withResolvers<T>();

/** What every cache must do, whatever keeps its entries. */
const contract: Readonly<Record<string, (cache: Cache, i: Instruments) => Promise<void>>> = {
  async 'one load a key at a time, and its value for everyone'(cache) {
    const gate = deferred<{ n: number }>();
    let loads = 0;
    const read = () => cache.getOrLoad('k', { ttlMs: 1_000 }, () => (loads++, gate.promise));
    const readers = [read(), read(), read()];
    await until(() => loads > 0, 'the load began');
    readers.push(read());
    gate.resolve({ n: 1 });
    assert.deepEqual(await Promise.all(readers), [{ n: 1 }, { n: 1 }, { n: 1 }, { n: 1 }]);
    assert.equal(loads, 1);
    assert.deepEqual(await cache.get('k'), { n: 1 });
  },
  async 'a failed load is told to all who wait, and not kept'(cache) {
    const failing = () => Promise.reject(new Error('no source'));
    const results = await Promise.allSettled([cache.getOrLoad('k', { ttlMs: 1_000 }, failing), cache.getOrLoad('k', { ttlMs: 1_000 }, failing)]);
    assert.deepEqual(results.map((r) => r.status), ['rejected', 'rejected']);
    assert.equal(await cache.getOrLoad('k', { ttlMs: 1_000 }, async () => 'there'), 'there');
  },
  async 'entries end, some a tenth later, so that not all end together'(cache, { clock, setRandom }) {
    await cache.set('a', 1, { ttlMs: 1_000 });
    setRandom(0.5);
    await cache.set('b', 2, { ttlMs: 1_000 });
    clock.advance(999);
    assert.equal(await cache.get('a'), 1);
    clock.advance(1);
    assert.equal(await cache.get('a'), undefined);
    assert.equal(await cache.get('b'), 2);
    clock.advance(50);
    assert.equal(await cache.get('b'), undefined);
  },
  async 'refreshed early and in the background, the earlier the slower the load'(cache, { clock, setRandom }) {
    let version = 0;
    const load = async () => {
      version += 1;
      clock.advance(100); // the load takes 100 ms
      return version;
    };
    const read = () => cache.getOrLoad('k', { ttlMs: 1_000 }, load);
    assert.equal(await read(), 1);
    clock.advance(800);
    setRandom(0.8); // −100 ms · ln(0.2) = 161 ms before the end
    assert.equal(await read(), 1);
    assert.equal(version, 1, 'at 800 of 1,000 ms it is not due');
    clock.advance(50);
    assert.equal(await read(), 1, 'who notices is served what is there');
    await until(async () => (await cache.get('k')) === 2, 'refreshed');
    assert.equal(version, 2);
  },
  async 'a refresh that fails is logged, and the old value stays until its end'(cache, { clock, setRandom, logger }) {
    await cache.getOrLoad('k', { ttlMs: 1_000 }, async () => (clock.advance(500), 'old'));
    setRandom(0.999);
    assert.equal(await cache.getOrLoad('k', { ttlMs: 1_000 }, () => Promise.reject(new Error('down'))), 'old');
    await until(() => logger.events().includes('cache_refresh_failed'), 'logged');
    assert.equal(await cache.get('k'), 'old');
  },
  async 'tags: all that bear one go together, and only they'(cache) {
    await cache.set('a', 1, { ttlMs: 1_000, tags: ['x', 'y'] });
    await cache.set('b', 2, { ttlMs: 1_000, tags: ['y'] });
    await cache.set('c', 3, { ttlMs: 1_000 });
    await cache.invalidateTag('x');
    assert.deepEqual([await cache.get('a'), await cache.get('b'), await cache.get('c')], [undefined, 2, 3]);
    await cache.invalidateTag('y');
    await cache.invalidate('c');
    assert.deepEqual([await cache.get('b'), await cache.get('c')], [undefined, undefined]);
    await cache.set('a', 4, { ttlMs: 1_000, tags: ['x', 'y'] });
    assert.equal(await cache.get('a'), 4, 'what comes after is good');
    assert.equal(await cache.getOrLoad('a', { ttlMs: 1_000, tags: ['x', 'y'] }, async () => 5), 4);
  },
  async 'what is invalidated while it is loaded is not kept'(cache) {
    for (const [key, invalidate] of [['k1', () => cache.invalidate('k1')], ['k2', () => cache.invalidateTag('t')]] as const) {
      const gate = deferred<string>();
      let began = false;
      const first = cache.getOrLoad(key, { ttlMs: 1_000, tags: ['t'] }, () => ((began = true), gate.promise));
      await until(() => began, 'the load began');
      await invalidate();
      gate.resolve('before');
      assert.equal(await first, 'before');
      assert.equal(await cache.getOrLoad(key, { ttlMs: 1_000, tags: ['t'] }, async () => 'after'), 'after');
    }
  },
  async 'values are JSON, for the first reader as for the last'(cache) {
    const load = async () => ({ at: new Date(0), none: undefined as string | undefined, text: 'ü€' });
    const first: unknown = await cache.getOrLoad('k', { ttlMs: 1_000 }, load);
    assert.deepEqual(first, { at: '1970-01-01T00:00:00.000Z', text: 'ü€' });
    assert.deepEqual(await cache.get('k'), first);
    for (const value of [null, 0, '', false, []]) {
      await cache.set('v', value, { ttlMs: 1_000 });
      assert.deepEqual(await cache.get('v'), value);
    }
    assert.equal(await cache.getOrLoad('u', { ttlMs: 1_000 }, async () => undefined), undefined);
    assert.equal(await cache.getOrLoad<string | undefined>('u', { ttlMs: 1_000 }, async () => 'now'), 'now', 'undefined is not kept');
  },
  async 'warming loads what is told, and a failure stops nothing'(cache, { logger }) {
    const options = { ttlMs: 1_000 };
    const entries = Array.from({ length: 9 }, (_, i) => ({ key: `w${i}`, options, load: async () => i }));
    const result = await cache.warm([{ key: 'bad', options, load: () => Promise.reject(new Error('no')) }, ...entries]);
    assert.deepEqual(result, { loaded: 9, failed: 1 });
    assert.equal(await cache.getOrLoad('w8', options, () => assert.fail('it is warm')), 8);
    assert.ok(logger.events().includes('cache_warm_failed'));
  },
  async 'hits and misses are counted'(cache, { metrics }) {
    for (let i = 0; i < 4; i++) await cache.getOrLoad('k', { ttlMs: 1_000 }, async () => 1);
    const { hits, misses, errors, hitRate } = cache.stats();
    assert.deepEqual({ hits, misses, errors, hitRate }, { hits: 3, misses: 1, errors: 0, hitRate: 0.75 });
    assert.equal(await metrics.value('riskcast_cache_hit_rate'), 0.75);
    assert.deepEqual([await metrics.value('cache_hits_total'), await metrics.value('cache_misses_total'), await metrics.value('cache_errors_total')], [3, 1, 0]);
  },
};

for (const [name, check] of Object.entries(contract)) {
  test(`memory: ${name}`, async () => {
    const i = instruments();
    await check(createMemoryCache(i), i);
  });
}

test('redis', { skip: redisServer.skip }, async (t) => {
  await using redis = await startRedis();
  for (const [name, check] of Object.entries(contract)) {
    await t.test(name, async () => {
      await using connection = await connectedRedis(redis.url);
      const i = instruments();
      await check(createRedisCache({ ...i, redis: connection, breaker: createBreakers(i).get('redis'), prefix: `t${++fresh}` }), i);
    });
  }
  await t.test('an entry that another process invalidated is gone here, and one that is not ours is a miss', async () => {
    await using connection = await connectedRedis(redis.url);
    const i = instruments();
    const make = () => createRedisCache({ ...i, redis: connection, breaker: createBreakers(i).get('redis'), prefix: 'shared' });
    const [here, there] = [make(), make()];
    await here.set('k', 1, { ttlMs: 1_000, tags: ['t'] });
    assert.equal(await there.get('k'), 1);
    await there.invalidateTag('t');
    assert.equal(await here.get('k'), undefined);
    for (const text of ['not json', 'null', '{"v":1}', '[]']) {
      await connection.client.set('shared:v:k', text);
      assert.equal(await here.get('k'), undefined, text);
    }
  });
});

test('redis is killed, hangs and comes back in mid-run: misses, never errors, and nothing invalidated meanwhile returns', { skip: redisServer.skip }, async () => {
  await using redis = await startRedis();
  const i = instruments();
  await using connection = await connectedRedis(redis.url, { logger: i.logger, commandTimeoutMs: 50 });
  const breakers = createBreakers(i);
  const cache = createRedisCache({ ...i, redis: connection, breaker: breakers.get('redis') });
  const read = () => cache.getOrLoad('k', { ttlMs: 60_000, tags: ['t'] }, async () => 'loaded');
  await cache.set('k', 'kept', { ttlMs: 60_000, tags: ['t'] });
  await cache.set('other', 'kept', { ttlMs: 60_000 });
  assert.equal(await read(), 'kept');

  redis.freeze();
  for (let n = 0; n < 10; n++) assert.equal(await read(), 'loaded');
  assert.equal(breakers.get('redis').state, 'open');
  assert.equal(cache.stats().errors, 3, 'after three failures it is not asked any more');
  await cache.invalidateTag('t');
  await cache.set('x', 1, { ttlMs: 1_000 });
  assert.equal(await cache.get('x'), undefined);
  redis.thaw();
  await until(async () => connection.client.ping().then(() => true, () => false), 'thawed');
  i.clock.advance(10_000);
  assert.equal(await cache.get('other'), 'kept', 'it is back');
  assert.equal(breakers.get('redis').state, 'closed');
  assert.equal(await read(), 'loaded', 'what was invalidated while it hung is gone');

  await redis.stop();
  await until(() => !connection.ready(), 'the loss is noticed');
  for (let n = 0; n < 10; n++) assert.equal(await read(), 'loaded');
  await redis.start();
  await until(() => connection.ready(), 'reconnected by itself');
  i.clock.advance(10_000);
  await read();
  assert.equal(await cache.get('k'), 'loaded', 'cached again');
  assert.deepEqual(i.logger.events().filter((e) => e.startsWith('redis_')), ['redis_connected', 'redis_lost', 'redis_connected']);
});

test('without a Redis at all the start is not held up, and reads are loads', async () => {
  const i = instruments();
  const connection = connectRedis({ url: 'redis://127.0.0.1:1', logger: i.logger });
  const cache = createRedisCache({ ...i, redis: connection, breaker: createBreakers(i).get('redis') });
  assert.equal(await connection.whenReady(20), false);
  assert.equal(await cache.getOrLoad('k', { ttlMs: 1_000 }, async () => 1), 1);
  await until(() => i.logger.events().includes('redis_lost'), 'told');
  await connection.close();
});

test('memory: an old invalidation that is no longer remembered still holds, and shared values cannot be changed', async () => {
  const i = instruments();
  const cache = createMemoryCache(i, { entriesMax: 3 });
  const gate = deferred<string>();
  const slow = cache.getOrLoad('slow', { ttlMs: 1_000, tags: ['t'] }, () => gate.promise);
  await cache.invalidateTag('t');
  for (let n = 0; n < 10_001; n++) await cache.invalidate(`n${n}`);
  gate.resolve('old');
  await slow;
  assert.equal(await cache.get('slow'), undefined);
  for (const key of ['a', 'b', 'c', 'd']) await cache.set(key, { key }, { ttlMs: 1_000 });
  assert.equal(cache.stats().entries, 3);
  assert.equal(await cache.get('a'), undefined, 'the least recently used has gone');
  const value = await cache.get<{ key: string }>('b');
  assert.throws(() => {
    value!.key = 'changed';
  }, TypeError);
});

test('no cache: every read loads, and still one at a time', async () => {
  const i = instruments();
  const cache = createNoCache(i);
  let loads = 0;
  const read = () => cache.getOrLoad('k', { ttlMs: 1_000 }, async () => ++loads);
  assert.deepEqual(await Promise.all([read(), read()]), [1, 1]);
  assert.equal(await read(), 2);
  assert.equal(await cache.get('k'), undefined);
  assert.deepEqual([cache.kind, cache.stats().hitRate], ['off', 0]);
});
