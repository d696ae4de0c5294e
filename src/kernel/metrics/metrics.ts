/** Metrics by name on one prom-client registry, with the process and event-loop defaults. What is counted is its part's business. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from './types.ts';

export interface MetricsOptions {
  /** CPU, memory, event-loop lag and garbage collection of this process. Default true. */
  readonly processDefaults?: boolean;
}

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (options.processDefaults ?? true) collectDefaultMetrics({ register: registry });
  const known = new Map<string, { readonly shape: string; readonly metric: unknown }>();

  /** @throws Error when a name is asked for again with another shape: two parts would count different things under it */
  function once<M>(kind: string, name: string, help: string, labels: readonly string[], make: () => M): M {
    const shape = JSON.stringify([kind, help, labels]);
    const before = known.get(name);
    if (before) {
      if (before.shape !== shape) throw new Error(`metric ${name} is declared twice: ${before.shape} and ${shape}`);
      return before.metric as M;
    }
    const metric = make();
    known.set(name, { shape, metric });
    return metric;
  }

  return Object.freeze({
    registry,
    counter: <L extends string>(name: string, help: string, labels: readonly L[] = []) =>
      once('counter', name, help, labels, () => new Counter<L>({ name, help, labelNames: [...labels], registers: [registry] })),
    gauge: <L extends string>(name: string, help: string, labels: readonly L[] = []) =>
      once('gauge', name, help, labels, () => new Gauge<L>({ name, help, labelNames: [...labels], registers: [registry] })),
    histogram: <L extends string>(name: string, help: string, labels: readonly L[], buckets: readonly number[]) =>
      once(`histogram ${buckets.join(' ')}`, name, help, labels, () => new Histogram<L>({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [registry] })),
  });
}
