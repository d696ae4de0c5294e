-- Customers and their shipments. Times are the desk's own (a replay's, when it plays one), save created_at and updated_at.
create table customers (
  id text primary key,
  name text not null,
  language text not null,
  timezone text not null,
  -- E.164
  whatsapp text not null,
  quiet_from text check (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  quiet_to text check (quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  min_exposure_micros bigint not null check (min_exposure_micros >= 0),
  min_probability double precision not null check (min_probability between 0 and 1),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((quiet_from is null) = (quiet_to is null))
);

create table shipments (
  id text primary key,
  reference text not null,
  customer_id text not null references customers (id),
  from_port text not null,
  to_port text not null,
  from_name text not null,
  to_name text not null,
  etd timestamptz not null,
  eta timestamptz not null,
  cargo_value_micros bigint not null check (cargo_value_micros >= 0),
  containers integer not null check (containers > 0),
  container_type text not null,
  goods_class text not null,
  carrier text,
  vessel text,
  booking_reference text,
  status text not null check (status in ('booked', 'in_transit', 'at_port', 'delivered', 'cancelled')),
  penalty_per_day_micros bigint not null check (penalty_per_day_micros >= 0),
  penalty_free_days integer not null check (penalty_free_days >= 0),
  penalty_cap_micros bigint not null check (penalty_cap_micros >= 0),
  distance_nm double precision not null,
  -- From when the desk knows of it: no decision is made before.
  known_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (etd < eta),
  unique (customer_id, reference)
);

-- When each shipment goes through which passage: what a changed signal touches is found here.
create table shipment_passages (
  shipment_id text not null references shipments (id) on delete cascade,
  chokepoint text not null,
  -- Share of the way, 0 at departure, 1 at arrival.
  fraction double precision not null check (fraction between 0 and 1),
  passes_at timestamptz not null,
  primary key (shipment_id, chokepoint)
);
create index ix_shipment_passages_ahead on shipment_passages (chokepoint, passes_at);

-- down
drop table shipment_passages;
drop table shipments;
drop table customers;
