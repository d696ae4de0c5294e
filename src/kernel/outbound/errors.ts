import { defineErrors } from '../errors/index.ts';

/** Facts of each: `provider`, `operation`, `venue_code` (the venue's own), `status` (its HTTP status); null where there is none. */
export const errors = defineErrors({
  VENUE_RATE_LIMITED: { status: 503, title: "The provider's quota is used up for now" },
  VENUE_CIRCUIT_OPEN: { status: 503, title: 'The provider keeps failing and is not called for now' },
  VENUE_TIMEOUT: { status: 504, title: 'The provider did not answer in time' },
  VENUE_REFUSED: { status: 502, title: 'The provider refused the request' },
  VENUE_FAILED: { status: 502, title: 'The provider failed' },
});
