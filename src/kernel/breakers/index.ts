export { Breaker } from './breaker.ts';
export type { BreakerState, BreakerView, Ticket } from './breaker.ts';
export { BREAKER_POLICIES, DEFAULT_BREAKER_POLICY } from './policies.ts';
export type { BreakerPolicy } from './policies.ts';
export { createBreakers } from './registry.ts';
export type { Breakers, BreakersDependencies } from './registry.ts';
