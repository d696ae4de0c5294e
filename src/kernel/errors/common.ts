/** The errors that any service has; a part's own are declared in its `errors.ts`. */
import { defineErrors } from './coded-error.ts';

export const common = defineErrors({
  BAD_REQUEST: { status: 400, title: 'The request cannot be read' },
  VALIDATION_FAILED: { status: 400, title: 'The request has a field that is wrong' },
  UNAUTHENTICATED: { status: 401, title: 'Sign in first' },
  FORBIDDEN: { status: 403, title: 'Your role does not allow this' },
  NOT_FOUND: { status: 404, title: 'There is nothing here' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This address does not take that method' },
  CONFLICT: { status: 409, title: 'The state of the thing does not allow this' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body has a media type that is not taken here' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  INTERNAL: { status: 500, title: 'Something broke on our side', report: true },
  UNAVAILABLE: { status: 503, title: 'A part that this needs is not available' },
});
