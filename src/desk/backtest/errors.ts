import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  BACKTEST_UNKNOWN: { status: 404, title: 'There is no such backtest' },
});
