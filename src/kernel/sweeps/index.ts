/** Sweeps of sources: ask each once, store what is new, keep what each gave. */
export { forgetSweeps, purgeSweeps, sourceStates } from './sweep-log.ts';
export type { SourceState } from './sweep-log.ts';
export { createSweeper, tally } from './sweeper.ts';
export type { Sweep, SweeperDeps } from './sweeper.ts';
export type { RuleCount, SourceReport, Stored, SweepOptions, SweptSource, Transact } from './types.ts';
