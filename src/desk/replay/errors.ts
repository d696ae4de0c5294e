import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  REPLAY_NONE: { status: 404, title: 'No scenario is being played' },
  REPLAY_ENDED: { status: 409, title: 'The scenario has been played to its end' },
  REPLAY_PURPOSE_MISMATCH: { status: 500, title: 'This database is kept for the other purpose' },
});
