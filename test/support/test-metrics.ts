/** Metrics on a registry of their own, so that tests can read what was counted. */
import { Counter, Gauge, Histogram, Registry, type Metric } from 'prom-client';
import type { Metrics } from '../../src/kernel/metrics/types.ts';

export function testMetrics(): Metrics & { value(name: string, labels?: Record<string, string>): Promise<number> } {
  const registry = new Registry();
  const once = <M extends Metric>(name: string, make: () => M): M => (registry.getSingleMetric(name) as M | undefined) ?? make();
  return {
    registry,
    counter: (name, help, labels = []) => once(name, () => new Counter({ name, help, labelNames: labels, registers: [registry] })),
    gauge: (name, help, labels = []) => once(name, () => new Gauge({ name, help, labelNames: labels, registers: [registry] })),
    histogram: (name, help, labels, buckets) => once(name, () => new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers: [registry] })),
    async value(name, labels = {}) {
      const metric = await registry.getSingleMetric(name)?.get();
      const found = metric?.values.find((v) => Object.entries(labels).every(([k, wanted]) => (v.labels as Record<string, unknown>)[k] === wanted));
      return found?.value ?? 0;
    },
  };
}
