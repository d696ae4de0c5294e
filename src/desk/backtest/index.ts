/** Backtests: history walked with no look-ahead, and the report on it. */
export { backtestRun, handleBacktestJobs, type BacktestJobDeps } from './jobs.ts';
export { makeReport, type ReportDeps } from './make-report.ts';
export { backtestReport, type BacktestReport } from './report.ts';
export { assertMayBacktest } from './right.ts';
export { backtestRoutes, type BacktestRoutesDeps } from './routes.ts';
export { daysOf, walk, type WalkDeps, type WalkOptions } from './walk.ts';
