-- Backtests that the desk was asked for: one row a scenario and rules, since the same two give the same report.
create table backtests (
  -- Of the scenario's figures and the versions of the rules.
  id text primary key check (id ~ '^btr_[0-9a-f]{24}$'),
  scenario text not null,
  title text not null,
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  status text not null check (status in ('queued', 'running', 'done', 'failed')),
  -- Days walked so far.
  days_done integer not null default 0 check (days_done >= 0),
  report jsonb,
  -- The code and words of what it failed with.
  error jsonb,
  requested_by text not null,
  requested_at timestamptz not null,
  finished_at timestamptz,
  check ((status = 'done') = (report is not null)),
  check ((status = 'failed') = (error is not null))
);
create index backtests_newest on backtests (requested_at desc, id desc);

-- down
drop table backtests;
