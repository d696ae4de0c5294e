import { defineErrors } from '../../kernel/errors/index.ts';

export const errors = defineErrors({
  BACKTEST_UNKNOWN: { status: 404, title: 'There is no such backtest' },
  BACKTEST_NOT_POSSIBLE: { status: 409, title: 'The database user of this desk may not run backtests' },
  BACKTEST_FAILED: { status: 500, title: 'The backtest broke off', report: true },
});
