/** What the gate measures. Labels are ids of quotas, which are data of this code. */
import type { Gauge } from 'prom-client';
import type { Metrics } from '../metrics/types.ts';
import type { QuotaStatus } from './types.ts';

export type GateOutcome = 'allowed' | 'queued' | 'denied';

export interface GateMetrics {
  /** Counts one request; bound once a quota, since finding a series by its labels costs twice the count itself. */
  counterOf(id: string): (outcome: GateOutcome) => void;
  /** Somebody was told to stay away: by us, or by the provider. */
  backedOff(id: string): void;
}

/** @param statuses read when the metrics are scraped, not on each call */
export function createGateMetrics(metrics: Metrics, ids: readonly string[], statuses: () => Promise<Readonly<Record<string, QuotaStatus>>>): GateMetrics {
  const requests = metrics.counter('rate_gate_requests_total', 'Requests to the rate gate by quota and outcome', ['provider', 'outcome']);
  const backoff = metrics.counter('rate_gate_backoff_count', 'Times that a caller was told to back off, by the gate or by the provider itself', ['provider']);
  const remaining = metrics.gauge('rate_gate_quota_remaining', 'Units left in the fullest window of a quota', ['provider']);
  const utilization = metrics.gauge('rate_gate_utilization_ratio', 'Used share of the fullest window of a quota, 0 to 1', ['provider']);

  const outcomes = new Map<string, (outcome: GateOutcome) => void>();
  for (const provider of ids) {
    // Present from the start, so that an alert on their rate sees the first one.
    backoff.inc({ provider }, 0);
    const bound = { allowed: requests.labels({ provider, outcome: 'allowed' }), queued: requests.labels({ provider, outcome: 'queued' }), denied: requests.labels({ provider, outcome: 'denied' }) };
    outcomes.set(provider, (outcome) => bound[outcome].inc());
  }

  // prom-client calls `collect` before it reads a metric; a metric that was made elsewhere gets it here.
  // Both gauges wait for the one reading of a scrape.
  let reading: Promise<void> | null = null;
  const read = async (): Promise<void> => {
    for (const status of Object.values(await statuses())) {
      remaining.set({ provider: status.provider }, status.remaining);
      utilization.set({ provider: status.provider }, status.used / status.limit);
    }
  };
  const collect = (): Promise<void> => (reading ??= read().finally(() => (reading = null)));
  for (const gauge of [remaining, utilization] as (Gauge & { collect?: () => Promise<void> })[]) gauge.collect = collect;
  return { counterOf: (id) => outcomes.get(id)!, backedOff: (provider) => backoff.inc({ provider }) };
}
