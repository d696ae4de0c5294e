/** A real web server on a free port for tests, with a logger whose lines can be read. */
import { createHttp, type Http, type HttpConfig, type HttpOptions } from '../../src/kernel/http/index.ts';
import { createLogger } from '../../src/kernel/logging/index.ts';
import { createMetrics } from '../../src/kernel/metrics/index.ts';
import { createTracing } from '../../src/kernel/tracing/index.ts';
import { systemClock } from '../../src/model/time.ts';

export interface TestHttp extends Http, AsyncDisposable {
  url: string;
  readonly lines: readonly Record<string, unknown>[];
  readonly options: HttpOptions;
  /** Listens; register routes before. */
  start(): Promise<string>;
  /** A request and its reply, the body read as JSON where it is. */
  ask(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; text: string; json: Record<string, unknown> }>;
}

export async function testHttp(options: Partial<Omit<HttpOptions, 'config'>> & { config?: Partial<HttpConfig> } = {}): Promise<TestHttp> {
  const lines: Record<string, unknown>[] = [];
  const tracing = options.tracing ?? createTracing({ enabled: true });
  const logger = options.logger ?? createLogger({ level: 'debug', format: 'json', traceId: tracing.traceId, destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) } });
  const all: HttpOptions = {
    clock: systemClock,
    metrics: createMetrics({ processDefaults: false }),
    ...options,
    tracing,
    logger,
    config: { version: '0.0.0-test', drainMs: 0, ...options.config },
  };
  const http = await createHttp(all);
  const test: TestHttp = {
    ...http,
    url: '',
    lines,
    options: all,
    async start() {
      const { port } = await http.listen({ host: '127.0.0.1', port: 0 });
      return (test.url = `http://127.0.0.1:${port}`);
    },
    async ask(path, init) {
      const reply = await fetch(`${test.url}${path}`, init);
      const text = await reply.text();
      let json: Record<string, unknown> = {};
      try {
        json = JSON.parse(text) as Record<string, unknown>;
      } catch {
        // Not every reply is JSON.
      }
      return { status: reply.status, headers: reply.headers, text, json };
    },
    [Symbol.asyncDispose]: () => http.close(),
  };
  return test;
}
