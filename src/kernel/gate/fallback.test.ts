import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingLogger } from '../../../test/support/recording-logger.ts';
import { connectedRedis, startRedis } from '../../../test/support/redis.ts';
import { findServer } from '../../../test/support/servers.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { until } from '../../../test/support/until.ts';
import { ManualClock, systemClock } from '../../model/time.ts';
import { createBreakers } from '../breakers/index.ts';
import { ManualTimers, TimerWheel } from '../timers/index.ts';
import { createFallbackBackend, createGate, createMemoryBackend, createRedisBackend, type GateBackend } from './index.ts';

const QUOTAS = { news: { tiers: { default: [{ limit: 10, windowMs: 3_600_000 }] }, source: 'test' } };
const redisServer = findServer('redis');

test('redis is killed in mid-run: calls go on within the limit that this process knows of, and it is shared again once it is back', { skip: redisServer.skip }, async () => {
  await using redis = await startRedis();
  await using connection = await connectedRedis(redis.url);
  const logger = recordingLogger();
  const breakerClock = new ManualClock();
  const breaker = createBreakers({ clock: breakerClock, logger, metrics: testMetrics() }).get('redis');
  const timers = new TimerWheel();
  const backend = createFallbackBackend({ shared: createRedisBackend(connection), memory: createMemoryBackend(systemClock), breaker, timers, logger });
  const gate = createGate({ clock: systemClock, timers, logger, metrics: testMetrics(), quotas: QUOTAS, backend });
  const request = { provider: 'news', operation: 'articles' };

  for (let i = 0; i < 6; i++) await gate.acquire(request, 0);
  assert.equal((await gate.status('news')).backend, 'redis');
  await redis.stop();
  for (let i = 0; i < 4; i++) await gate.acquire(request, 0);
  await assert.rejects(async () => gate.acquire(request, 0), /used up/, 'six were granted by redis and four without it');
  assert.equal((await gate.status('news')).backend, 'memory');
  assert.equal(breaker.state, 'open', 'a dead redis is not asked each time');

  await redis.start();
  await until(() => connection.ready(), 'reconnected by itself');
  breakerClock.advance(10_000);
  assert.equal((await gate.status('news')).backend, 'redis');
  assert.deepEqual(logger.events().filter((e) => e.startsWith('gate_') && e !== 'gate_backoff'), ['gate_degraded', 'gate_recovered']);
});

test('a shared backend that hangs is given up after its time, and one that throws is not heard of', async () => {
  const timers = new ManualTimers();
  const logger = recordingLogger();
  const memory = createMemoryBackend(timers.clock);
  let behaviour: 'hang' | 'throw' = 'hang';
  const broken = (): Promise<never> => (behaviour === 'hang' ? new Promise<never>(() => undefined) : Promise.reject(new Error('connection refused')));
  const shared: GateBackend = { kind: 'postgres', take: broken, peek: broken, backOff: broken, reset: broken };
  const breaker = createBreakers({ clock: timers.clock, logger, metrics: testMetrics() }).get('database');
  const gate = createGate({ clock: timers.clock, timers, logger, metrics: testMetrics(), quotas: QUOTAS, backend: createFallbackBackend({ shared, memory, breaker, timers, logger }) });
  let granted = false;
  const asked = Promise.resolve(gate.acquire({ provider: 'news', operation: 'x' }, 0)).then(() => (granted = true));
  await timers.advance(999);
  assert.equal(granted, false);
  await timers.advance(1);
  await asked;
  behaviour = 'throw';
  assert.equal((await gate.consume('news', 9)).status.used, 10);
  assert.equal((await gate.consume('news')).allowed, false);
  gate.backOff({ provider: 'news', operation: 'x' }, 1_000);
  await gate.reset('news', {});
  assert.equal((await gate.status('news')).used, 0);
  assert.equal(timers.size, 0);
});
