// Backtests and their reports as the API tells them.
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { Page } from './types.ts';

export type BacktestStatus = 'queued' | 'running' | 'done' | 'failed';
export type Policy = 'ours' | 'proceed' | 'reroute' | 'hindsight';
type Usd = string;
export type UsdRange = readonly [low: Usd, high: Usd];

export interface BacktestSummary {
  readonly id: string;
  readonly scenario: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly status: BacktestStatus;
  readonly days: number;
  readonly days_done: number;
  readonly requested_by: string;
  readonly requested_at: string;
  readonly finished_at: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly headline: {
    readonly alarms: number;
    readonly false_alarms: number;
    readonly false_alarms_per_year: number;
    readonly decisions: number;
    readonly ours_usd: Usd;
    readonly proceed_usd: Usd;
    readonly reroute_usd: Usd;
    readonly hindsight_usd: Usd;
  } | null;
}

export interface BacktestAlarm {
  readonly chokepoint: string;
  readonly series: string;
  readonly direction: 'down' | 'up';
  readonly alarmed_for: string;
  readonly known_at: string;
  readonly days_late: number;
  readonly level: number;
  readonly event: { readonly day: string; readonly title: string } | null;
  readonly days_after_event: { readonly alarmed_for: number; readonly known: number } | null;
  readonly before_start: boolean;
  readonly false_alarm: boolean;
}

export interface BacktestEvent {
  readonly day: string;
  readonly title: string;
  readonly source: string;
  readonly affects: readonly string[];
  readonly until: string | null;
  readonly first_alarm: { readonly series: string; readonly alarmed_for: string; readonly known_at: string; readonly days_after_event: number } | null;
}

export interface BacktestScore {
  readonly n: number;
  readonly clusters: number;
  readonly brier: number;
  readonly log_loss: number;
  readonly ece: number;
  readonly reliability: readonly { readonly from: number; readonly to: number; readonly forecasts: number; readonly mean_forecast: number; readonly hit_rate: number }[];
}

interface Costs {
  readonly ours_usd: Usd;
  readonly proceed_usd: Usd;
  readonly reroute_usd: Usd;
  readonly hindsight_usd: Usd;
}

export interface BacktestExposure extends Costs {
  readonly shipment_id: string;
  readonly shipment_reference: string;
  readonly passages: readonly string[];
  readonly passes_at: string;
  readonly hit: boolean;
  readonly closed_days: number | null;
  readonly still_closed_at_record_end: boolean;
  readonly ours: readonly { readonly option: string; readonly at: string; readonly decision_id: string | null }[];
  readonly in_hindsight: readonly string[];
  readonly regret_usd: Usd;
}

export interface PolicyCost {
  readonly policy: Policy;
  readonly total_usd: Usd;
  readonly interval_90_usd: UsdRange;
  readonly acts: Readonly<Record<string, number>>;
  readonly regret_usd: Usd;
}

export interface BacktestReport {
  readonly id: string;
  readonly scenario: { readonly name: string; readonly title: string; readonly from: string; readonly to: string; readonly days: number; readonly hash: string };
  readonly rules: { readonly signals: string; readonly links: string; readonly reality: string; readonly decisions: string };
  readonly events: readonly BacktestEvent[];
  readonly alarms: readonly BacktestAlarm[];
  readonly false_alarms: { readonly years: number; readonly total: number; readonly per_year: number };
  readonly decisions: { readonly made: number; readonly shipments: number; readonly alert_worthy: number; readonly alert_worthy_actions: number };
  readonly forecasts: {
    readonly rows: number;
    readonly not_recorded: number;
    readonly hits: number;
    readonly ours: BacktestScore | null;
    readonly climatology: BacktestScore | null;
    readonly where_a_market_speaks: { readonly rows: number; readonly ours: BacktestScore | null; readonly market: BacktestScore | null };
    readonly silent: { readonly passages: number; readonly hit: number };
  };
  readonly regret: {
    readonly closed_share: number;
    readonly book: {
      readonly shipments: number;
      readonly exposures: number;
      readonly hit: number;
      readonly still_closed_at_record_end: number;
      readonly left_out: { readonly before_first_look: number; readonly after_last_look: number; readonly not_recorded: number };
    };
    readonly policies: readonly PolicyCost[];
    readonly ours_saves: readonly { readonly than: Exclude<Policy, 'ours'>; readonly saved_usd: Usd; readonly interval_90_usd: UsdRange }[];
    readonly exposures: readonly BacktestExposure[];
    readonly sensitivity: readonly (Costs & { readonly closed_share: number; readonly hit: number })[];
  };
}

export interface Backtest extends BacktestSummary {
  readonly report: BacktestReport | null;
}

/** While one walks, its days are asked after. */
const WALKING_MS = 2_000;
const walks = ({ status }: { readonly status: BacktestStatus }): boolean => status === 'queued' || status === 'running';

export const backtestsQuery = queryOptions({
  queryKey: ['backtests'],
  queryFn: async ({ signal }) => (await api<Page<BacktestSummary>>('/api/v1/backtests', { signal })).items,
  refetchInterval: ({ state }) => (state.data?.some(walks) ? WALKING_MS : false),
});

export const backtestQuery = (id: string) =>
  queryOptions({
    queryKey: ['backtest', id],
    queryFn: ({ signal }) => api<Backtest>(`/api/v1/backtests/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data && walks(state.data) ? WALKING_MS : false),
  });
