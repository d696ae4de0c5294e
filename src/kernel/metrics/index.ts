export { databaseGauges, gaugeFrom } from './gauge-from.ts';
export { createMetrics } from './metrics.ts';
export type { MetricsOptions } from './metrics.ts';
export type { Metrics } from './types.ts';
