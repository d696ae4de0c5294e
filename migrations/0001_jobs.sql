-- Who works: one row for each life of a worker, written before it takes its first job. A worker lives as long as its
-- session holds the advisory lock hashtextextended(id, 0); the row alone proves nothing.
create table job_workers (
  id text primary key,
  host text not null,
  pid integer not null,
  -- The backend that holds the lock: ended by the others when the heartbeat stops.
  backend_pid integer not null,
  tasks text[] not null,
  concurrency integer not null,
  running integer not null default 0,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);

-- Jobs at fixed times: one row a schedule, locked by the process that enqueues the slot.
create table job_schedules (
  name text primary key,
  cron text not null,
  next_run_at timestamptz not null,
  last_slot_at timestamptz,
  last_job_id bigint,
  last_started_at timestamptz,
  last_duration_ms integer,
  last_outcome text check (last_outcome in ('succeeded', 'failed', 'dead')),
  last_error text
);

-- down
drop table job_schedules;
drop table job_workers;
