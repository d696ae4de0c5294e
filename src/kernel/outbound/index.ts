export { createOutbound } from './outbound.ts';
export type { OutboundDependencies, OutboundTracing } from './outbound.ts';
export { DEFAULT_RETRY } from './retry.ts';
export type { RetryPolicy } from './retry.ts';
export { isPublicAddress, NOT_PUBLIC_CODE } from './public-fetch.ts';
export { VenueFault } from './types.ts';
export type { HttpRequest, Outbound, OutboundCall, TextReply } from './types.ts';
