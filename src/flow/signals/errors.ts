/** What can go wrong when signals are asked for or handed in. */
import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  SIGNAL_UNKNOWN: { status: 404, title: 'No such signal' },
  SIGNAL_FROM_THE_FUTURE: { status: 422, title: 'The statement was made after the desk’s present' },
});
