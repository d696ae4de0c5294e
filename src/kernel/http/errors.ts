import { defineErrors } from '../errors/index.ts';

export const errors = defineErrors({
  // Its cause is logged with the route: a schema there accepts more than its column keeps, and needs a bound.
  VALUE_NOT_STORABLE: { status: 400, title: 'A value of the request cannot be stored', report: true },
  CURSOR_INVALID: { status: 400, title: 'The cursor is not one that this list gave out' },
  HOST_NOT_ALLOWED: { status: 421, title: 'This server does not answer to that name' },
  ORIGIN_NOT_ALLOWED: { status: 403, title: 'A web page of another site may not do this' },
  BODY_TOO_DEEP: { status: 400, title: 'The body is nested too deeply' },
  UPGRADE_REQUIRED: { status: 426, title: 'This address takes WebSockets only' },
  EXPECTATION_FAILED: { status: 417, title: 'This server does not meet that expectation' },
  ADDRESS_NOT_ALLOWED: { status: 403, title: 'Administration is not allowed from this address' },
  SCOPE_MISSING: { status: 403, title: 'This key does not have the scope that is needed' },
  IDEMPOTENCY_KEY_INVALID: { status: 400, title: 'The Idempotency-Key is not of the right form' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'This Idempotency-Key was used for another request' },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, title: 'A request with this Idempotency-Key is still running' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request did not arrive in time' },
  TOO_MANY_CONNECTIONS: { status: 503, title: 'There are too many open connections of this kind' },
  REPLY_INVALID: { status: 500, title: 'We made a reply that breaks our own contract', report: true },
  PORT_IN_USE: { status: 500, title: 'The port is in use' },
});
