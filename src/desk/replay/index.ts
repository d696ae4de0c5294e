export { claimPurpose, createReplay, lookAt, replayAdvanceJob } from './service.ts';
export type { ReplayDeps, ReplayService } from './service.ts';
export { replayRoutes } from './routes.ts';
export { currentReplay, replayToView } from './store.ts';
export type { Replay } from './store.ts';
export { replayView } from './views.ts';
export type { ReplayView, ScenarioView } from './views.ts';
