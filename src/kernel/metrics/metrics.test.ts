import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, databaseGauges } from './index.ts';

test('one name is one metric, and another shape for it stops the start', async () => {
  const metrics = createMetrics({ processDefaults: false });
  metrics.counter('jobs_total', 'Jobs', ['outcome']).inc({ outcome: 'done' });
  metrics.counter('jobs_total', 'Jobs', ['outcome']).inc({ outcome: 'done' });
  assert.match(await metrics.registry.metrics(), /^jobs_total\{outcome="done"\} 2$/m);
  assert.throws(() => metrics.counter('jobs_total', 'Jobs', ['status']), /declared twice/);
  assert.throws(() => metrics.gauge('jobs_total', 'Jobs', ['outcome']), /declared twice/);
});

test('the pool is read at each scrape', async () => {
  const metrics = createMetrics();
  let active = 1;
  databaseGauges(metrics, { poolState: () => ({ active, idle: 2, waiting: 0, max: 10 }) });
  assert.match(await metrics.registry.metrics(), /^riskcast_db_connection_pool_size 3$/m);
  active = 4;
  const text = await metrics.registry.metrics();
  assert.match(text, /^database_connections_active 4$/m);
  assert.match(text, /^database_connections_max 10$/m);
  assert.match(text, /^nodejs_eventloop_lag_seconds /m);
});
