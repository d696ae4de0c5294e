-- What the decisions of one evaluation at one passage have in common is kept once: the risks, the list of what was read, the causal chain
-- up to the ship. A thousand live signals are some hundred pieces of evidence a passage; they were written again for each shipment.
create table decision_grounds (
  -- Content hash over the other columns.
  hash text primary key,
  risks jsonb not null,
  -- As in the decision's content: the same for all shipments at the passage.
  causal_chain jsonb not null,
  inputs jsonb not null,
  -- Names and sources of cost components, to which the contents refer by place.
  words jsonb not null,
  created_at timestamptz not null default now()
);
-- Null: an older row, which holds everything itself.
alter table decisions add column grounds text references decision_grounds (hash);
-- The list of evidence is part of the inputs that a decision or its grounds keep.
drop table decision_inputs;
-- The default compression takes longer than all the rest of an insert. A server without lz4 keeps its own.
do $$ begin
  alter table decisions alter column content set compression lz4, alter column inputs set compression lz4;
  alter table decision_grounds alter column risks set compression lz4, alter column causal_chain set compression lz4, alter column inputs set compression lz4;
exception when feature_not_supported then null;
end $$;
-- What a changed passage touches.
create index ix_decisions_standing_at on decisions (chokepoint, shipment_id) where status in ('active', 'acknowledged', 'overridden');
alter table decisions drop constraint decisions_action_check;
alter table decisions add constraint decisions_action_check check (action in ('proceed', 'reroute', 'divert', 'delay', 'insure', 'hedge', 'split', 'wait'));

-- down
alter table decisions drop constraint decisions_action_check;
delete from decisions where action in ('hedge', 'split');
alter table decisions add constraint decisions_action_check check (action in ('proceed', 'reroute', 'divert', 'delay', 'insure', 'wait'));
drop index ix_decisions_standing_at;
create table decision_inputs (
  decision_id text not null references decisions (id) on delete cascade,
  kind text not null,
  input_id text not null,
  hash text not null,
  statement text not null,
  probability double precision,
  source text not null,
  url text,
  primary key (decision_id, kind, input_id)
);
create index ix_decision_inputs_input on decision_inputs (input_id);
-- A decision without its grounds cannot be shown or replayed.
delete from decisions where grounds is not null;
alter table decisions drop column grounds;
drop table decision_grounds;
