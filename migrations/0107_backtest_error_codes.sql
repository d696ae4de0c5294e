-- Every code of a failed backtest is in the catalogue of errors.
update backtests set error = jsonb_set(error, '{code}', '"BACKTEST_FAILED"') where error ->> 'code' = 'INTERNAL_ERROR';

-- down
select 1;
