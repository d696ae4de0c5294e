-- What a database is for: recorded history and the live world never share one.
create table desk_purpose (
  only_row boolean primary key default true check (only_row),
  purpose text not null check (purpose in ('replay', 'live')),
  stamped_at timestamptz not null default now()
);

-- The replay of a scenario: the scenario's "now" and how fast it moves. One row a run; the newest is the current one.
create table replays (
  id bigint generated always as identity primary key,
  scenario text not null,
  title text not null,
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  -- The scenario's "now": what is known by then is seen, and nothing after it.
  sim_time timestamptz not null,
  seconds_per_day double precision not null check (seconds_per_day >= 0 and seconds_per_day <= 3600),
  status text not null check (status in ('playing', 'paused', 'ended')),
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- down
drop table replays;
drop table desk_purpose;
