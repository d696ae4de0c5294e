/** One of the servers that `bench/http.ts` compares, in a process of its own: `bare` fastify or `ours`. Tells its CPU time when asked. */
import fastify from 'fastify';
import { healthRoutes } from '../src/edge/dialects/index.ts';
import { createHealth } from '../src/kernel/health/index.ts';
import { createHttp } from '../src/kernel/http/index.ts';
import { createLogger } from '../src/kernel/logging/index.ts';
import { createMetrics } from '../src/kernel/metrics/index.ts';
import { createTracing } from '../src/kernel/tracing/index.ts';
import { systemClock } from '../src/model/time.ts';

const COMPONENTS = ['database', 'redis', 'omen', 'oracle', 'riskcast', 'alerter'];

async function bare(): Promise<number> {
  const app = fastify();
  const components = Object.fromEntries(COMPONENTS.map((name) => [name, { status: 'healthy', latency_ms: 1 }]));
  app.get('/health', (_request, reply) => {
    reply.send({ status: 'healthy', version: 'bench', timestamp: new Date().toISOString(), components });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as { port: number }).port;
}

/** Everything on, as in production: a line in the log, metrics and a trace for each request. */
async function ours(): Promise<number> {
  const tracing = createTracing({ enabled: true });
  const logger = createLogger({ level: 'info', format: 'json', traceId: tracing.traceId });
  const metrics = createMetrics();
  const health = createHealth({ clock: systemClock, logger, metrics });
  for (const name of COMPONENTS) health.register({ name, critical: true, check: async () => ({ status: 'healthy' }) });
  await health.start();
  const http = await createHttp({ logger, metrics, tracing, clock: systemClock, config: { version: 'bench' } });
  healthRoutes({ health, clock: systemClock, version: 'bench', draining: http.draining })(http.app);
  return (await http.listen({ host: '127.0.0.1', port: 0 })).port;
}

const port = await (process.argv[2] === 'bare' ? bare() : ours());
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send!({ cpuMicros: user + system });
});
process.on('disconnect', () => process.exit(0));
process.send!({ port });
