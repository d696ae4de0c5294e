-- What came of decisions: seen by the desk in the counts, or told by people. Every outcome is kept; a later one corrects.
alter table decisions
  -- The passages that were weighed: [{chokepoint, passes_at}].
  add column passages jsonb,
  -- When the ship is at the last of them.
  add column passes_at timestamptz,
  -- Desk time at which its outcome was settled, or given up for want of counts.
  add column settled_as_of timestamptz;
update decisions set passages = jsonb_build_array(jsonb_build_object('chokepoint', chokepoint, 'passes_at', content ->> 'passes_at')), passes_at = (content ->> 'passes_at')::timestamptz;
alter table decisions alter column passages set not null, alter column passes_at set not null;
create index ix_decisions_unsettled on decisions (passes_at) where settled_as_of is null;

create table decision_outcomes (
  id text primary key,
  seq bigint generated always as identity,
  decision_id text not null references decisions (id) on delete cascade,
  source text not null check (source in ('observed', 'reported')),
  -- One of the passages was closed to the ship.
  hit boolean not null,
  -- For how long it stayed closed after the ship was there; null: not known. `still_closed`: at least so long.
  closed_days double precision check (closed_days >= 0),
  still_closed boolean not null default false,
  -- Observed: [{chokepoint, level}], the traffic around the ship's day as a share of the baseline.
  levels jsonb,
  -- Reported.
  delay_days double precision check (delay_days >= 0),
  cost_micros bigint check (cost_micros >= 0),
  action_taken text,
  note text,
  reported_by text,
  -- What it came to, in micros as text: `chosen` is what was advised, beside what else could have been done. Null: not to be told (yet).
  costs jsonb,
  -- Desk time.
  known_at timestamptz not null,
  created_at timestamptz not null default now()
);
create index ix_decision_outcomes_decision on decision_outcomes (decision_id, seq);

-- down
drop table decision_outcomes;
drop index ix_decisions_unsettled;
alter table decisions drop column settled_as_of, drop column passes_at, drop column passages;
