/** What every part is given to speak through, for tests: a metrics registry of its own, and a logger that remembers. */
import { Counter, Gauge, Histogram, Registry, type Metric } from 'prom-client';
import type { Fields, Logger } from '../../src/kernel/logging/types.ts';
import type { Metrics } from '../../src/kernel/metrics/types.ts';

/** The smallest {@link Metrics} over a fresh registry; `sample` reads a value back. */
export function testMetrics(): Metrics & { sample(name: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined> } {
  const registry = new Registry();
  const known = new Map<string, Metric>();
  const once = <M extends Metric>(name: string, make: () => M): M => {
    if (!known.has(name)) known.set(name, make());
    return known.get(name) as M;
  };
  return {
    registry,
    counter: (name, help, labelNames = []) => once(name, () => new Counter({ name, help, labelNames, registers: [registry] })),
    gauge: (name, help, labelNames = []) => once(name, () => new Gauge({ name, help, labelNames, registers: [registry] })),
    histogram: (name, help, labelNames, buckets) => once(name, () => new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] })),
    async sample(name, labels = {}) {
      const metric = (await registry.getMetricsAsJSON()).find((m) => name === m.name || name.startsWith(`${m.name}_`));
      const values = (metric?.values ?? []) as { value: number; labels: Record<string, string>; metricName?: string }[];
      return values.find((v) => (v.metricName ?? metric!.name) === name && Object.entries(labels).every(([k, want]) => v.labels[k] === want))?.value;
    },
  };
}

/** Remembers each line as `[event, fields]`. */
export function recordingLogger(): Logger & { readonly lines: [string, Fields][]; events(): string[] } {
  const lines: [string, Fields][] = [];
  const write = (event: string, fields: Fields = {}): void => void lines.push([event, fields]);
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return { ...logger, lines, events: () => lines.map(([event]) => event) };
}
