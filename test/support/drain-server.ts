/** A server as a process of its own, for the test that stops it under load. Writes its port, and on SIGTERM how it ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createHttp, publicAccess } from '../../src/kernel/http/index.ts';
import { createLifecycle } from '../../src/kernel/lifecycle/index.ts';
import { silentLogger } from '../../src/kernel/logging/index.ts';
import { createMetrics } from '../../src/kernel/metrics/index.ts';
import { createTracing } from '../../src/kernel/tracing/index.ts';
import { systemClock } from '../../src/model/time.ts';

const http = await createHttp({ logger: silentLogger, metrics: createMetrics(), tracing: createTracing({ enabled: true }), clock: systemClock, config: { version: 'test', drainMs: 500 } });
const access = publicAccess('a test');
http.app.get('/work', { config: { access } }, async () => {
  // Some are under way whenever the signal comes.
  await sleep(20);
  return { done: true };
});
http.app.get('/health/ready', { config: { access, probe: true } }, async (_request, reply) => reply.code(http.draining() ? 503 : 200).send({}));

const lifecycle = createLifecycle({ logger: silentLogger });
lifecycle.add({ name: 'http', start: async () => void process.send!(await http.listen({ host: '127.0.0.1', port: 0 })), stop: (signal) => http.close(signal) });
process.once('SIGTERM', () => {
  void lifecycle.stop().then((failed) => process.exit(failed.length));
});
await lifecycle.start();
