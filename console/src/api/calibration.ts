// The record of forecasts and outcomes as the API tells it.
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export type Range = readonly [low: number, high: number];

export interface CurveBin {
  readonly low: number;
  readonly high: number;
  readonly mean_forecast: number;
  readonly observed: number;
  readonly observed_interval_90: Range;
  readonly n: number;
  readonly clusters: number;
}

export interface ForecasterScore {
  readonly forecaster: 'market' | 'pooled' | 'climatology';
  readonly n: number;
  /** Events: questions on one event count once. */
  readonly clusters: number;
  readonly brier: number;
  readonly brier_interval_90: Range | null;
  readonly log_loss: number;
  readonly ece: number;
  readonly curve: readonly CurveBin[];
  readonly economic_value: readonly { readonly cost_loss: number; readonly value: number | null }[];
}

interface LearningPeriod {
  readonly from: string;
  readonly to: string;
  readonly n: number;
  readonly clusters: number;
}

export interface PoolingVersion {
  readonly version: string;
  readonly adopted: boolean;
  readonly tried_at: string;
  readonly why: string;
  readonly extremizing: number;
  readonly train: LearningPeriod;
  readonly test: LearningPeriod;
  readonly brier_raw: number;
  readonly brier_pooled: number;
  readonly improvement_interval_90: Range | null;
}

export interface SourceReliability {
  readonly source: string;
  readonly reliability: number;
  readonly reliability_interval_90: Range | null;
  readonly in_use: number;
  readonly n: number;
  readonly clusters: number;
}

export interface Calibration {
  readonly as_of: string;
  readonly forecasters: readonly ForecasterScore[];
  readonly single_opinion_forecasts: number;
  readonly in_use: 'pooled' | 'market';
  readonly pooling_version: string;
  readonly why: string;
  readonly learning: { readonly versions: readonly PoolingVersion[] };
  readonly sources: readonly SourceReliability[];
  readonly decisions: {
    readonly n_with_outcome: number;
    readonly clusters: number;
    readonly regret_usd: string;
    readonly mean_regret_usd: string | null;
    readonly saved_against: readonly { readonly policy: string; readonly n: number; readonly saved_usd: string }[];
  };
}

/** Scored at the end of each round; no event tells of it. */
const EVERY_MS = 30_000;

export const calibrationQuery = queryOptions({ queryKey: ['calibration'], refetchInterval: EVERY_MS, queryFn: ({ signal }) => api<Calibration>('/api/v1/calibration', { signal }) });
