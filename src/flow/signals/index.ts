/** The signals stage: what the world says will happen. */
export { answers, saidOf, type Answer, type Said } from './answers.ts';
export { handleSignalJobs, signalsSweep } from './jobs.ts';
export { probabilityWithin } from './horizon.ts';
export type { Cumulative } from './horizon.ts';
export { LINKS, LINKS_VERSION, linksOf } from './links.ts';
export type { Interval, Link } from './links.ts';
export { poolOpinions } from './pooling.ts';
export type { Opinion, PoolOptions } from './pooling.ts';
export type { Polarity, RawStatement, SignalSource } from './ports.ts';
export { signalRoutes } from './routes.ts';
export { RULES_VERSION } from './rules/classification.ts';
export { reliabilityOf } from './rules/confidence.ts';
export { createSignals } from './service.ts';
export type { SignalsDeps, SignalsService, StoredSignals, SweepReport, Transact } from './service.ts';
export type { Evidence, LiveSignal, Relation, Signal, SignalStatus, Subject } from './signal.ts';
export { forgetSignals, getSignal, liveSignals, resolvedSignals, signalHistory } from './store.ts';
export { sourceStates } from './sweep-log.ts';
export type { SourceReport, SourceState } from './sweep-log.ts';
