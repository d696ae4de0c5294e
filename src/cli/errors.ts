import { defineErrors } from '../kernel/errors/index.ts';

export const errors = defineErrors({
  COMMAND_WRONG: { status: 400, title: 'The command is wrong' },
  DESK_UNREACHABLE: { status: 503, title: 'The desk does not answer' },
  DESK_REFUSED: { status: 400, title: 'The desk refuses' },
});
