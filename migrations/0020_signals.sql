-- Signals: dated, sourced statements about the future, as they were told; rows are never edited but for `status`.
create table signals (
  id text primary key,
  kind text not null check (kind in ('event')),
  source text not null,
  external_id text not null,
  -- Null when no rule knows what the statement is about.
  subject_type text check (subject_type in ('chokepoint')),
  subject_id text,
  relation text check (relation in ('passage', 'trigger', 'relief', 'context')),
  polarity text check (polarity in ('raises', 'lowers')),
  claim text not null,
  probability double precision not null,
  horizon_end timestamptz,
  liquidity_usd double precision,
  volume_usd double precision,
  confidence double precision not null check (confidence between 0 and 1),
  confidence_reasons jsonb not null,
  status text not null check (status in ('live', 'rejected', 'expired')),
  rejected_by text check ((rejected_by is not null) = (status = 'rejected')),
  classified_by text,
  evidence jsonb not null,
  content_hash text not null,
  rules_version text not null,
  observed_at timestamptz not null,
  known_at timestamptz not null,
  as_of timestamptz not null,
  created_at timestamptz not null default now(),
  check (observed_at <= known_at),
  check ((subject_type is null) = (subject_id is null)),
  check (status = 'rejected' or (subject_id is not null and polarity is not null and relation is not null and horizon_end is not null and probability > 0 and probability < 1))
);
-- The newest statement of a question, and whether a statement has been overtaken.
create index ix_signals_question on signals (source, external_id, known_at desc, observed_at desc);
create index ix_signals_known on signals (known_at desc, id desc);
create index ix_signals_subject on signals (subject_id, known_at desc) where subject_id is not null;

-- What each sweep found, source by source.
create table signal_sweeps (
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
create index ix_signal_sweeps_source on signal_sweeps (source, id desc);

-- down
drop table signal_sweeps;
drop table signals;
