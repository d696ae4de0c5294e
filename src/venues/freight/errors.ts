import { defineErrors } from '../../kernel/errors/index.ts';

export const freightErrors = defineErrors({
  FREIGHT_CSV_INVALID: { status: 400, title: 'The index file cannot be used' },
});
