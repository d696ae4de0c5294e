/** The signals stage: what the world says will happen. */
export { answers, saidOf, type Answer, type Said } from './answers.ts';
export { handleSignalJobs, signalsSweep } from './jobs.ts';
export { LINKS, LINKS_VERSION, linksOf } from './links.ts';
export type { Interval, Link } from './links.ts';
export type { Polarity, RawStatement, SignalKind, SignalSource, Subject } from './ports.ts';
export { getSignal, liveSignals, resolvedSignals, signalHistory } from './reads.ts';
export { signalRoutes } from './routes.ts';
export { RULES_VERSION } from './rules/classification.ts';
export { classify } from './rules/classify.ts';
export { reliabilityOf } from './rules/confidence.ts';
export { createSignals } from './service.ts';
export type { SignalsDeps, SignalsService, StoredSignals, SweepReport } from './service.ts';
export type { Corroboration, EventSignal, Evidence, LiveSignal, Relation, ReportSignal, Signal, SignalStatus } from './signal.ts';
export { forgetSignals } from './store.ts';
