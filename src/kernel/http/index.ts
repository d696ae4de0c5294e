export { LOCAL_SUBJECT } from './access.ts';
export { addressList } from './addresses.ts';
export type { AddressList } from './addresses.ts';
export { serveConsole } from './console.ts';
export { createHttp } from './create-http.ts';
export type { Http } from './create-http.ts';
export { decodeCursor, encodeCursor, page } from './cursors.ts';
export type { CursorPart } from './cursors.ts';
export {
  day,
  id,
  idParams,
  instant,
  INT4_MAX,
  millis,
  real,
  text,
  whole,
} from './fields.ts';
export { purgeIdempotency } from './idempotency.ts';
export { createLimiter } from './limits.ts';
export type { Limiter, LimiterOptions, Verdict } from './limits.ts';
export { metricsRoutes } from './metrics-route.ts';
export type { HttpConfig, HttpOptions } from './options.ts';
export { secretField } from './secret-fields.ts';
export { setDocumentHeaders } from './security-headers.ts';
export { ruleText } from './authorisation.ts';
export type { Authorisation, Rule } from './authorisation.ts';
export { LOCAL_TOKEN_HEADER } from './local-caller.ts';
export { isForeignPage } from './site-check.ts';
export type { SocketClient, SocketRoute } from './sockets.ts';
export { operationalAccess, publicAccess, readAccess, roleAccess, signedAccess, signInAccess } from './types.ts';
export type { Access, HttpApp, ProofAccess, PublicAccess, RoleAccess } from './types.ts';
export { body, listQuery } from './validation.ts';
export { sseEvents, type SseEventsOptions } from './sse-events.ts';
export { wsEvents } from './ws-events.ts';
export type { WsEventsOptions } from './ws-events.ts';
