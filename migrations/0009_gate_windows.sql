-- The rate gate shared through Postgres, when there is no Redis: units by limit and slot of time, and what providers told us.
create table gate_windows (
  key   text   not null,
  slot  bigint not null,
  units bigint not null check (units >= 0),
  primary key (key, slot)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create table gate_backoffs (
  quota    text   primary key,
  until_ms bigint not null
);

-- Takes p_weight units from all windows, or from none; without p_counts it only looks. Windows come in ascending order of key, which is the
-- order of locking. p_now null: this server's clock. A statement inside a volatile function sees what was committed before
-- it began, so what follows the lock counts what the last holder wrote.
create function gate_take(
  p_keys text[], p_limits bigint[], p_slot_ms bigint[], p_slots bigint[], p_quotas text[], p_weight bigint, p_counts boolean, p_now bigint,
  out wait_ms bigint, out now_ms bigint, out backoff_ms bigint, out used bigint[], out empty_in_ms bigint[]
) language plpgsql volatile as $$
declare
  v_total bigint;
  v_newest bigint;
  v_free bigint;
begin
  if p_counts then
    for i in 1 .. cardinality(p_keys) loop
      perform pg_advisory_xact_lock(hashtextextended('gate:' || p_keys[i], 0));
    end loop;
    -- A count lost with a crash of the server would be forgotten within the window anyway: waiting for the disk is not worth it.
    perform set_config('synchronous_commit', 'off', true);
  end if;
  -- Read after the locks, or a call that waited for them would count in the past.
  now_ms := coalesce(p_now, (extract(epoch from clock_timestamp()) * 1000)::bigint);
  select coalesce(greatest(max(b.until_ms) - now_ms, 0), 0) into backoff_ms from gate_backoffs b where b.quota = any (p_quotas);
  wait_ms := backoff_ms;
  used := '{}';
  empty_in_ms := '{}';
  for i in 1 .. cardinality(p_keys) loop
    select coalesce(sum(w.units), 0), coalesce(max(w.slot), 0) into v_total, v_newest
      from gate_windows w where w.key = p_keys[i] and w.slot >= now_ms / p_slot_ms[i] - p_slots[i];
    if v_total + p_weight > p_limits[i] then
      select f.slot into v_free from (
        select w.slot, sum(w.units) over (order by w.slot) as leaving
          from gate_windows w where w.key = p_keys[i] and w.slot >= now_ms / p_slot_ms[i] - p_slots[i]
      ) f where v_total - f.leaving + p_weight <= p_limits[i] order by f.slot limit 1;
      wait_ms := greatest(wait_ms, 1, coalesce((v_free + p_slots[i] + 1) * p_slot_ms[i] - now_ms, 1));
    end if;
    used := used || v_total;
    empty_in_ms := empty_in_ms || case when v_total > 0 then (v_newest + p_slots[i] + 1) * p_slot_ms[i] - now_ms else 0 end;
  end loop;
  if wait_ms = 0 and p_counts then
    for i in 1 .. cardinality(p_keys) loop
      insert into gate_windows as w (key, slot, units) values (p_keys[i], now_ms / p_slot_ms[i], p_weight)
        on conflict (key, slot) do update set units = w.units + excluded.units;
      delete from gate_windows w where w.key = p_keys[i] and w.slot < now_ms / p_slot_ms[i] - p_slots[i];
    end loop;
  end if;
end $$;

-- down
drop function gate_take;
drop table gate_backoffs;
drop table gate_windows;
