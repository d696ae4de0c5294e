export { diskCheck } from './disk.ts';
export type { DiskOptions, DiskProbes } from './disk.ts';
export { diskProbes } from './disk-probes.ts';
export { createHealth, overallOf } from './health.ts';
export type { Health, HealthOptions } from './health.ts';
export type { ComponentCheck, ComponentState, HealthRegistry, HealthStatus } from './types.ts';
