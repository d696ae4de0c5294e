import { defineErrors } from '../../kernel/errors/index.ts';

export const twinErrors = defineErrors({
  TWIN_NOT_STARTED: { status: 500, title: 'A local stand-in for a venue could not start', report: true },
});
