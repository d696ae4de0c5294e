import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../model/time.ts';
import { silentLogger } from '../logging/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createHealth } from './index.ts';

const make = (deadlineMs = 1_000) => {
  const clock = new ManualClock('2026-03-01T00:00:00Z');
  const metrics = createMetrics({ processDefaults: false });
  return { clock, metrics, health: createHealth({ clock, logger: silentLogger, metrics, deadlineMs }) };
};

test('remembers since when, the last error and twenty results', async () => {
  const { clock, health, metrics } = make();
  let fails = false;
  health.register({ name: 'redis', critical: false, check: async () => (fails ? Promise.reject(new Error('no route')) : { status: 'healthy', message: 'fine' }) });
  for (let i = 0; i < 25; i++) {
    clock.advance(1_000);
    fails = i === 23;
    await health.refresh();
  }
  const [state] = health.states();
  assert.equal(state?.history.length, 20);
  assert.deepEqual([state?.status, state?.since, state?.message], ['healthy', '2026-03-01T00:00:25.000Z', 'fine']);
  assert.deepEqual(state?.last_error, { at: '2026-03-01T00:00:24.000Z', message: 'no route' });
  assert.match(await metrics.registry.metrics(), /^component_health\{component="redis"\} 1$/m);
});

test('a check that does not end is unhealthy at its deadline, and no second is started beside it', async () => {
  const { health } = make(20);
  let started = 0;
  let aborted = false;
  let end: () => void = () => undefined;
  health.register({
    name: 'slow',
    critical: true,
    check: (signal) => {
      started += 1;
      signal.addEventListener('abort', () => (aborted = true));
      return new Promise((resolve) => (end = () => resolve({ status: 'healthy' })));
    },
  });
  await Promise.all([health.refresh(), health.refresh('slow')]);
  assert.deepEqual([started, aborted, health.overall(), health.states()[0]?.message], [1, true, 'unhealthy', 'no answer within 20 ms']);
  await health.refresh();
  assert.deepEqual([started, health.states()[0]?.message], [1, 'the previous check has still not ended']);
  end();
  await new Promise((resolve) => setImmediate(resolve));
  const again = health.refresh();
  end();
  await again;
  assert.deepEqual([started, health.overall()], [2, 'healthy']);
});

test('checks in the background from start to stop', async () => {
  const { health } = make();
  let checks = 0;
  const third = Promise.withResolvers<void>();
  health.register({ name: 'a', critical: true, intervalMs: 1, check: async () => {
      checks += 1;
      if (checks === 3) third.resolve();
      return { status: 'healthy' };
    } });
  const keepAlive = setInterval(() => undefined, 1_000);
  await health.start();
  await third.promise;
  health.stop();
  clearInterval(keepAlive);
  const after = checks;
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(checks - after <= 1);
  assert.equal(health.overall(), 'healthy');
});
