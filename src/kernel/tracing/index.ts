export { createTraceStore } from './store.ts';
export type { KeptSpan, SpanView, TraceStore, TraceStoreOptions, TraceView } from './store.ts';
export { parseTraceparent } from './traceparent.ts';
export { createTracing } from './tracing.ts';
export type { TracingOptions } from './tracing.ts';
export type { Attributes, OpenSpan, Tracing } from './types.ts';
export { viewerRoutes } from './viewer-routes.ts';
export type { ViewerDeps } from './viewer-routes.ts';
