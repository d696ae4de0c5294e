export { deskMode, LIVE_SHARE } from './live-gate.ts';
export type { DeskMode, SourceView } from './live-gate.ts';
export { deskStatus, statusRoutes } from './routes.ts';
export type { StatusDeps, StatusView } from './routes.ts';
