-- Observations: what was counted or priced, for a day, from when it was known. A correction is another row.
create table observations (
  series text not null,
  observed_for date not null,
  known_at timestamptz not null,
  value double precision not null check (value >= 0 and value < 'Infinity'),
  unit text not null,
  source text not null,
  url text not null,
  as_of timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (series, observed_for, known_at)
);
create index ix_observations_source on observations (source, series, observed_for desc);

-- Alarms of the control charts, written down when first known.
create table alarms (
  id text primary key,
  series text not null,
  chokepoint text not null,
  direction text not null check (direction in ('down', 'up')),
  alarmed_for date not null,
  known_at timestamptz not null,
  statistic double precision not null,
  level_ratio double precision not null,
  baseline jsonb not null,
  rules_version text not null,
  as_of timestamptz not null,
  created_at timestamptz not null default now()
);
create index ix_alarms_chokepoint on alarms (chokepoint, known_at desc);

-- The state of a chokepoint, each time it has changed.
create table chokepoint_states (
  id text primary key,
  -- Order of writing: two states may have the same as_of.
  seq bigint generated always as identity,
  chokepoint text not null,
  as_of timestamptz not null,
  status text not null check (status in ('NORMAL', 'PREDICTED_NOT_OBSERVED', 'MATERIALIZING', 'CONFIRMED', 'SURPRISE')),
  state jsonb not null,
  state_hash text not null,
  rules_version text not null,
  created_at timestamptz not null default now()
);
create index ix_chokepoint_states_latest on chokepoint_states (chokepoint, as_of desc, seq desc);

create table reality_sweeps (
  id bigint generated always as identity primary key,
  source text not null,
  source_kind text not null check (source_kind in ('real', 'twin')),
  cause text not null,
  as_of timestamptz not null,
  fetched integer not null,
  stored integer not null,
  duplicate integer not null,
  rejected jsonb not null,
  failed text,
  started_at timestamptz not null,
  finished_at timestamptz not null
);
create index ix_reality_sweeps_source on reality_sweeps (source, id desc);

-- down
drop table reality_sweeps;
drop table chokepoint_states;
drop table alarms;
drop table observations;
