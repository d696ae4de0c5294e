import { defineErrors } from '../errors/index.ts';

export const errors = defineErrors({
  BREAKER_UNKNOWN: { status: 404, title: 'There is no circuit breaker of that name' },
  BREAKER_OPEN: { status: 503, title: 'A part that keeps failing is not being called for now' },
});
