import { defineErrors } from '../errors/index.ts';

export const errors = defineErrors({
  LOGIN_FAILED: { status: 401, title: 'E-mail or password is wrong' },
  LOGIN_LIMITED: { status: 429, title: 'Too many failed sign-ins' },
  LOGIN_BUSY: { status: 503, title: 'Too many sign-ins at once' },
  TOKEN_INVALID: { status: 401, title: 'The token is not valid' },
  TOKEN_EXPIRED: { status: 401, title: 'The token has expired' },
  TOKEN_REVOKED: { status: 401, title: 'The token was revoked' },
  TOKEN_REUSED: { status: 401, title: 'This refresh token was used before: all sessions that came from it are ended' },
  SIGNATURE_MALFORMED: { status: 401, title: 'The signature headers are incomplete or not of the right form' },
  SIGNATURE_INVALID: { status: 401, title: 'The signature does not match the request' },
  SIGNATURE_EXPIRED: { status: 401, title: 'The signature is too old, or from the future' },
  SIGNATURE_REPLAYED: { status: 401, title: 'A request with this nonce was accepted before' },
  SIGN_IN_LINK_INVALID: { status: 401, title: 'This sign-in link was used, has expired or never existed' },
  SIGN_IN_LINK_REFUSED: { status: 409, title: 'No sign-in link can be made for this account' },
  USER_UNKNOWN: { status: 404, title: 'There is no such user' },
  USER_EXISTS: { status: 409, title: 'A user with this e-mail exists' },
  SCOPE_EXCEEDED: { status: 403, title: 'This would hand out more than the caller has' },
  LAST_ADMIN: { status: 409, title: 'This would leave nobody who can administer' },
  API_KEY_UNKNOWN: { status: 404, title: 'There is no such API key' },
  API_KEY_INACTIVE: { status: 409, title: 'This API key was revoked or has expired' },
});
