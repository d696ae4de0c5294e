-- The record: how questions ended, who had said what of them, and what the pool has learnt. All times are desk time.

-- How a question ended, as far as known. A correction is another row; the newest known one counts.
create table record_outcomes (
  source text not null,
  external_id text not null,
  known_at timestamptz not null,
  outcome smallint not null check (outcome in (0, 1)),
  claim text not null,
  chokepoint text not null,
  -- Questions of one group speak of the same kind of event: their link, or the question itself.
  group_key text not null,
  signal_id text not null,
  as_of timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (source, external_id, known_at)
);
create index ix_record_outcomes_known on record_outcomes (known_at);

-- What a forecaster said of a question that has ended since: one a forecaster, question and day.
create table record_forecasts (
  source text not null,
  external_id text not null,
  forecaster text not null check (forecaster in ('market', 'pooled', 'climatology')),
  forecast_at timestamptz not null,
  probability double precision not null check (probability between 0 and 1),
  -- The question's window from the forming of its price, in days.
  window_days double precision not null check (window_days > 0),
  -- Of the pool: what it was made of, and by which version. Of climatology: how many earlier questions it rests on.
  opinions jsonb,
  pooling_version text check ((pooling_version is not null) = (forecaster = 'pooled')),
  -- The statement whose time it shares.
  signal_id text not null,
  -- From when it could be scored: when the outcome became known.
  known_at timestamptz not null,
  as_of timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (source, external_id, forecaster, forecast_at),
  check (forecast_at < known_at)
);
create index ix_record_forecasts_known on record_forecasts (known_at);

-- Each trial of the pool against outcomes, adopted or not, and what the desk goes by from then on.
create table pooling_versions (
  version text primary key,
  -- Order of writing: two trials may have the same as_of.
  seq bigint generated always as identity,
  as_of timestamptz not null,
  extremizing double precision not null check (extremizing > 0),
  reliability jsonb not null,
  train jsonb not null,
  test jsonb not null,
  -- Events in the record when it was tried: the next trial waits for more.
  events integer not null,
  brier_raw double precision not null,
  brier_pooled double precision not null,
  brier_in_use double precision not null,
  improvement_low double precision,
  improvement_high double precision,
  adopted boolean not null,
  use_after text not null check (use_after in ('pooled', 'market')),
  why text not null,
  created_at timestamptz not null default now(),
  check (not adopted or use_after = 'pooled')
);
create index ix_pooling_versions_latest on pooling_versions (as_of desc, seq desc);

-- Which questions have ended is asked in each round: few of many rows.
create index ix_signals_closed on signals (known_at) where rejected_by = 'closed';

-- down
drop index ix_signals_closed;
drop table pooling_versions;
drop table record_forecasts;
drop table record_outcomes;
