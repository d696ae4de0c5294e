/** What the gate measures. Labels are ids of quotas, which are data of this code. */
import { cheapCounter, onCollect } from '../metrics/on-collect.ts';
import type { Metrics } from '../metrics/types.ts';
import type { QuotaStatus } from './types.ts';

export type GateOutcome = 'allowed' | 'queued' | 'denied';

export interface GateMetrics {
  /** A function that counts one request to the quota. */
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
    const [allowed, queued, denied] = (['allowed', 'queued', 'denied'] as const).map((outcome) => cheapCounter(requests, { provider, outcome }));
    const count: Readonly<Record<GateOutcome, () => void>> = { allowed: allowed!, queued: queued!, denied: denied! };
    outcomes.set(provider, (outcome) => count[outcome]());
  }

  // Both gauges wait for the one reading of a scrape.
  let reading: Promise<void> | null = null;
  const read = async (): Promise<void> => {
    for (const status of Object.values(await statuses())) {
      remaining.set({ provider: status.provider }, status.remaining);
      utilization.set({ provider: status.provider }, status.used / status.limit);
    }
  };
  const collect = (): Promise<void> => (reading ??= read().finally(() => (reading = null)));
  onCollect(remaining, collect);
  onCollect(utilization, collect);
  return { counterOf: (id) => outcomes.get(id)!, backedOff: (provider) => backoff.inc({ provider }) };
}
