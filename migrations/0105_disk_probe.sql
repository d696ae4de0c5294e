-- One row that the health check `disk` updates: a write here shows that Postgres takes writes at all.
create table disk_probe (
  only_row boolean primary key default true check (only_row),
  written_at timestamptz not null default now()
);

-- down
drop table disk_probe;
