export { createHealth, overallOf } from './health.ts';
export type { Health, HealthOptions } from './health.ts';
export type { ComponentCheck, ComponentState, HealthRegistry, HealthStatus } from './types.ts';
