/** The stage `record`: what was forecast, what came of it, how good that was, and what the pool learns from it. */
export { eventsOf, type QuestionLife } from './events.ts';
export { handleRecordJobs, recordScore } from './jobs.ts';
export { poolingInUse, type PoolingInUse } from './pooling-store.ts';
export type { DecisionOutcome, DecisionOutcomes, SeededRandom } from './ports.ts';
export { poolQuestion, type Opinion as PoolOpinion, type PoolingParameters } from './pooling.ts';
export { recordRoutes } from './routes.ts';
export * from './scoring/index.ts';
export { createRecord, type RecordService, type Scoring } from './service.ts';
export { forgetRecord } from './store.ts';
export type { CalibrationView } from './views.ts';
