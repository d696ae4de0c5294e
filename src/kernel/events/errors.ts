import { defineErrors } from '../errors/index.ts';

export const errors = defineErrors({
  EVENT_TOO_LARGE: { status: 500, title: 'An event is too large to be sent', report: true },
});
