-- Who did what, why, and what it changed: append-only, each row chained to the one before by its hash.

create table audit_logs (
  seq bigint primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  target text,
  reason text,
  before_state jsonb,
  after_state jsonb,
  trace_id text,
  prev_hash text not null,
  hash text not null
);
create index audit_logs_actor on audit_logs (actor, seq);
create index audit_logs_target on audit_logs (target, seq);

-- The end of the chain. Locked by each append, so that appends follow one another; tells when rows were cut off the end.
create table audit_head (
  one boolean primary key default true check (one),
  seq bigint not null,
  hash text not null
);
insert into audit_head (seq, hash) values (0, repeat('0', 64));

create function audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: the audit trail is append-only', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger audit_logs_append_only before update or delete on audit_logs for each row execute function audit_refuse();
create trigger audit_logs_no_truncate before truncate on audit_logs for each statement execute function audit_refuse();
create trigger audit_head_no_delete before delete on audit_head for each row execute function audit_refuse();
create trigger audit_head_no_truncate before truncate on audit_head for each statement execute function audit_refuse();

create function audit_head_forward() returns trigger language plpgsql as $$
begin
  if new.seq <> old.seq + 1 then
    raise exception 'the audit head moves by one row at a time' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger audit_head_forward before update on audit_head for each row execute function audit_head_forward();
-- down
drop table audit_logs, audit_head;
drop function audit_refuse(), audit_head_forward();
