import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testHttp } from '../../../test/support/http.ts';
import { createHealth, type HealthStatus } from '../../kernel/health/index.ts';
import { silentLogger } from '../../kernel/logging/index.ts';
import { createMetrics } from '../../kernel/metrics/index.ts';
import { ManualClock } from '../../model/time.ts';
import { healthRoutes } from './index.ts';

const clock = new ManualClock('2026-03-01T12:00:00Z');

async function desk() {
  const health = createHealth({ clock, logger: silentLogger, metrics: createMetrics({ processDefaults: false }), deadlineMs: 50 });
  const world: Record<string, HealthStatus> = { database: 'healthy', redis: 'disabled', omen: 'healthy' };
  let checks = 0;
  for (const name of Object.keys(world)) {
    health.register({
      name,
      critical: name === 'database',
      check: async () => {
        checks += 1;
        if (world[name] === 'unhealthy') throw new Error('connection refused');
        return { status: world[name]! };
      },
    });
  }
  const http = await testHttp({ config: { adminLoopback: true } });
  healthRoutes({ health, clock, version: '1.2.3', draining: http.draining, breakers: () => ({ whatsapp: { state: 'closed' } }) })(http.app);
  await http.start();
  return { health, http, world, checks: () => checks };
}

test('each dialect tells the same truth in its own words', async () => {
  const { health, http } = await desk();
  await using _ = http;
  assert.equal((await http.ask('/health')).status, 503, 'what was never checked is not known to work');
  await health.refresh();
  const basic = await http.ask('/health');
  assert.equal(basic.status, 200);
  const components = basic.json['components'] as Record<string, { status: string; latency_ms: number }>;
  assert.deepEqual([basic.json['status'], basic.json['version'], basic.json['timestamp'], components['database']?.status], ['healthy', '1.2.3', '2026-03-01T12:00:00.000Z', 'healthy']);
  assert.deepEqual((await http.ask('/health/live')).json, { status: 'ok', timestamp: '2026-03-01T12:00:00.000Z' });
  const ready = await http.ask('/health/ready');
  const checks = ready.json['checks'] as Record<string, { status: string; latency_ms?: number }>;
  assert.deepEqual([ready.status, ready.json['status'], checks['postgresql']?.status, checks['redis'], checks['llm']], [200, 'ready', 'ok', { status: 'memory' }, { status: 'disabled' }]);
  assert.ok(checks['postgresql']!.latency_ms! >= 0);
  assert.equal(((await http.ask('/api/v1/ready')).json['checks'] as Record<string, string>)['redis'], 'ready');
  for (const path of ['/api/v1/health', '/api/health']) assert.equal((await http.ask(path)).json['status'], 'healthy');
  const grouped = (await http.ask('/health/components')).json['components'] as Record<string, { name: string }[]>;
  assert.deepEqual([grouped['omen']?.[0]?.name, grouped['database']?.[0]?.name], ['omen', 'database']);
  assert.deepEqual((await http.ask('/health/circuit-breakers')).json, { whatsapp: { state: 'closed' } });
});

test('a failed critical component is 503 with its error, another one only degrades', async () => {
  const { health, http, world } = await desk();
  await using _ = http;
  world['omen'] = 'unhealthy';
  await health.refresh();
  const degraded = await http.ask('/health');
  assert.deepEqual([degraded.status, degraded.json['status']], [200, 'degraded']);
  assert.equal((await http.ask('/health/ready')).status, 200);
  world['database'] = 'unhealthy';
  await health.refresh('database');
  assert.equal((await http.ask('/health')).status, 503);
  const ready = await http.ask('/health/ready');
  const check = (ready.json['checks'] as Record<string, Record<string, unknown>>)['postgresql']!;
  assert.deepEqual([ready.status, ready.json['status'], check['status'], check['error']], [503, 'not_ready', 'unhealthy', 'connection refused']);
  const detailed = (await http.ask('/health/detailed')).json['components'] as Record<string, { last_error: { message: string }; history: unknown[] }>;
  assert.deepEqual([detailed['database']?.last_error.message, detailed['database']?.history.length], ['connection refused', 2]);
});

test('asking for health touches no dependency', async () => {
  const { health, http, checks } = await desk();
  await using _ = http;
  await health.refresh();
  const before = checks();
  for (const path of ['/health', '/health/ready', '/health/detailed', '/api/v1/ready']) await http.ask(path);
  assert.equal(checks(), before);
});

test('readiness falls first when the process is asked to stop', async () => {
  const { health, http } = await desk();
  await using _ = http;
  await health.refresh();
  http.drain();
  const ready = await http.ask('/health/ready');
  assert.deepEqual([ready.status, ready.headers.get('connection')], [503, 'close']);
  assert.equal((await http.ask('/health')).status, 200, 'and traffic is still served');
});
