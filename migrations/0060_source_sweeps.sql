-- One record of sweeps for every stage that asks sources: what each gave, source by source.
create table source_sweeps (
  id bigint generated always as identity primary key,
  stage text not null,
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
insert into source_sweeps (stage, source, source_kind, cause, as_of, fetched, stored, duplicate, rejected, failed, started_at, finished_at)
select stage, source, source_kind, cause, as_of, fetched, stored, duplicate, rejected, failed, started_at, finished_at from (
  select 'signals' as stage, s.* from signal_sweeps s union all select 'reality', r.* from reality_sweeps r) all_sweeps
 order by finished_at, stage, id;
create index ix_source_sweeps_source on source_sweeps (stage, source, id desc);
drop table signal_sweeps;
drop table reality_sweeps;

-- down
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
insert into signal_sweeps (source, source_kind, cause, as_of, fetched, stored, duplicate, rejected, failed, started_at, finished_at)
select source, source_kind, cause, as_of, fetched, stored, duplicate, rejected, failed, started_at, finished_at from source_sweeps where stage = 'signals' order by id;
insert into reality_sweeps (source, source_kind, cause, as_of, fetched, stored, duplicate, rejected, failed, started_at, finished_at)
select source, source_kind, cause, as_of, fetched, stored, duplicate, rejected, failed, started_at, finished_at from source_sweeps where stage = 'reality' order by id;
drop table source_sweeps;
