-- The last round that a start or the schedule enqueued: of several processes that start together, one enqueues it.
create table desk_rounds (
  only_row boolean primary key default true check (only_row),
  cause text not null check (cause in ('start', 'schedule')),
  -- Wall-clock time.
  enqueued_at timestamptz not null
);

-- down
drop table desk_rounds;
