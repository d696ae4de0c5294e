-- Vessels as they were last heard over AIS, and the moments of theirs that concern a passage. Times are the desk's own.
create table vessels (
  mmsi bigint primary key,
  heard_at timestamptz not null,
  -- As `track.ts` has it; the columns beside it are for counting.
  track jsonb not null,
  inside text,
  still_at text,
  still_since timestamptz
);
create index ix_vessels_heard on vessels (heard_at);

create table vessel_events (
  id text primary key,
  mmsi bigint not null,
  chokepoint text not null,
  kind text not null check (kind in ('entered', 'left', 'diverted')),
  at timestamptz not null
);
create index ix_vessel_events_chokepoint on vessel_events (chokepoint, at desc);

-- down
drop table vessel_events;
drop table vessels;
