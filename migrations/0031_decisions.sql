-- Decisions: never edited. A new one supersedes; people acknowledge or override. `as_of`, `deadline`, `passes_at` are desk time.
create table decision_rules (
  version text primary key,
  rule jsonb not null,
  first_used_at timestamptz not null default now()
);

create table decisions (
  id text primary key,
  shipment_id text not null references shipments (id),
  customer_id text not null references customers (id),
  chokepoint text not null,
  status text not null check (status in ('active', 'acknowledged', 'overridden', 'superseded', 'expired')),
  action text not null check (action in ('proceed', 'reroute', 'divert', 'delay', 'insure', 'wait')),
  probability double precision not null check (probability between 0 and 1),
  break_even double precision,
  expected_cost_micros bigint not null,
  deadline timestamptz,
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  as_of timestamptz not null,
  cause text not null,
  -- Why it is another than the one before: action, deadline, cost, rule; `first` without one.
  movement text not null,
  alert_worthy boolean not null,
  rule_version text not null references decision_rules (version),
  inputs_hash text not null,
  inputs jsonb not null,
  content jsonb not null,
  content_hash text not null,
  superseded_by text references decisions (id) deferrable initially deferred,
  -- Desk time and reason at which it was superseded or expired.
  closed_as_of timestamptz,
  closed_reason text,
  acknowledged_by text,
  acknowledged_at timestamptz,
  acknowledge_note text,
  overridden_by text,
  overridden_at timestamptz,
  override_action text,
  override_reason text,
  created_at timestamptz not null default now()
);
-- One decision stands for a shipment at a passage.
create unique index ux_decisions_standing on decisions (shipment_id, chokepoint) where status in ('active', 'acknowledged', 'overridden');
create index ix_decisions_newest on decisions (as_of desc, id desc);
create index ix_decisions_pair on decisions (shipment_id, chokepoint, as_of desc);
create index ix_decisions_customer on decisions (customer_id, as_of desc);

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

-- down
drop table decision_inputs;
drop table decisions;
drop table decision_rules;
