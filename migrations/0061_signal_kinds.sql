-- Reports beside events; subjects that are no chokepoint; expiry; who else tells the same; the rules of each version.
alter table signals drop constraint signals_kind_check;
alter table signals drop constraint signals_subject_type_check;
alter table signals drop constraint signals_relation_check;
-- The check that spans columns has a name that Postgres chose: it is found by what it says.
do $$
declare
  found text;
begin
  select conname into strict found from pg_constraint where conrelid = 'signals'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%horizon_end IS NOT NULL%';
  execute format('alter table signals drop constraint %I', found);
end $$;
alter table signals
  alter column probability drop not null,
  -- Order of arrival: a replay's time stands still, and two statements of one question may carry the same.
  add column seq bigint generated always as identity,
  add column expires_at timestamptz,
  -- Host of the URL, or the producer: what corroboration counts. Null for events.
  add column outlet text;
update signals set expires_at = horizon_end;
alter table signals
  add constraint signals_kind_check check (kind in ('event', 'report')),
  add constraint signals_subject_type_check check (subject_type in ('chokepoint', 'port', 'lane', 'instrument')),
  add constraint signals_relation_check check (relation in ('passage', 'trigger', 'relief', 'harm', 'context')),
  add constraint signals_event_check check (kind <> 'event' or (probability is not null and expires_at is not distinct from horizon_end and outlet is null
    and (status = 'rejected' or (subject_id is not null and polarity is not null and relation is not null and horizon_end is not null and probability > 0 and probability < 1)))),
  add constraint signals_report_check check (kind <> 'report' or (probability is null and horizon_end is null and expires_at is not null and outlet is not null
    and (status = 'rejected' or (subject_id is not null and relation is not null))));
-- Which live rows have ended, without looking at the others.
create index ix_signals_ending on signals (source, expires_at) where status = 'live';

-- Further tellings of a report in nearly the same words. Each is stored once, and counts from its known_at.
create table signal_corroborations (
  id text primary key,
  signal_id text not null references signals (id) on delete cascade,
  source text not null,
  external_id text not null,
  outlet text not null,
  claim text not null,
  url text not null,
  hash text not null,
  content_hash text not null,
  -- Jaccard similarity to the first telling.
  similarity double precision not null check (similarity between 0 and 1),
  rules_version text not null,
  observed_at timestamptz not null,
  known_at timestamptz not null,
  as_of timestamptz not null,
  created_at timestamptz not null default now(),
  check (observed_at <= known_at)
);
create index ix_signal_corroborations_signal on signal_corroborations (signal_id, known_at);
create index ix_signal_corroborations_item on signal_corroborations (source, external_id);

-- Keys by which reports that are alike find each other (MinHash, 20 bands), until they expire. No foreign key: its check for each of
-- twenty rows a report cost more than all else; the rows are written in the transaction of their signal, and signals are not deleted.
create table signal_bands (
  band_key integer not null,
  signal_id text not null,
  expires_at timestamptz not null
);
create index ix_signal_bands_key on signal_bands (band_key);
-- Rows come nearly in the order in which they expire: a block range index costs an insert nothing.
create index ix_signal_bands_expiry on signal_bands using brin (expires_at) with (autosummarize = on);

create table signal_rules (
  version text primary key,
  rules jsonb not null,
  first_used_at timestamptz not null default now()
);

-- down
drop table signal_rules;
drop table signal_bands;
drop table signal_corroborations;
drop index ix_signals_ending;
delete from signals where kind <> 'event' or subject_type <> 'chokepoint' or relation = 'harm';
alter table signals
  drop constraint signals_report_check,
  drop constraint signals_event_check,
  drop constraint signals_relation_check,
  drop constraint signals_subject_type_check,
  drop constraint signals_kind_check,
  drop column outlet,
  drop column seq,
  drop column expires_at,
  alter column probability set not null;
alter table signals
  add constraint signals_kind_check check (kind in ('event')),
  add constraint signals_subject_type_check check (subject_type in ('chokepoint')),
  add constraint signals_relation_check check (relation in ('passage', 'trigger', 'relief', 'context')),
  add check (status = 'rejected' or (subject_id is not null and polarity is not null and relation is not null and horizon_end is not null and probability > 0 and probability < 1));
