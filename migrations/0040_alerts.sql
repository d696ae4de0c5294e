-- Alerts: what customers are told, each try to tell them, and what the channel said of it afterwards.
-- Two clocks: `as_of`, `deadline`, `held_until` and `local_day` are the desk's time (a replay's, when it plays one);
-- every other time is wall-clock time, in which messages are sent.
create table alerts (
  id text primary key,
  fingerprint text not null,
  decision_id text not null,
  customer_id text not null,
  customer_name text not null,
  recipient text not null,
  language text not null,
  timezone text not null,
  event_key text not null,
  action text not null,
  headline text not null,
  body text not null,
  deadline timestamptz,
  expected_cost_micros bigint not null,
  severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
  novelty text not null,
  as_of timestamptz not null,
  local_day text not null,
  channel text not null,
  status text not null check (status in ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'suppressed')),
  reason text,
  held_until timestamptz,
  not_before timestamptz,
  tries integer not null default 0,
  attempts integer not null default 0,
  provider_id text,
  error_code text,
  error_message text,
  created_at timestamptz not null,
  queued_at timestamptz not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  failed_at timestamptz
);
create index ix_alerts_newest on alerts (created_at desc, id desc);
create index ix_alerts_customer_event on alerts (customer_id, event_key, created_at desc);
create index ix_alerts_customer_day on alerts (customer_id, local_day);
create index ix_alerts_recipient on alerts (recipient, created_at desc);
create index ix_alerts_open on alerts (status, queued_at) where status in ('queued', 'sending', 'failed');

-- A row is committed before the call leaves: what is known of a try whose reply never came starts here.
create table alert_attempts (
  alert_id text not null references alerts (id),
  n integer not null,
  channel text not null,
  recipient text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text check (outcome in ('accepted', 'refused', 'unknown', 'lost', 'failed')),
  evidence text check (evidence in ('reply', 'webhook')),
  provider_id text unique,
  code text,
  message text,
  -- False when the message never left the house: the channel's limits do not see it.
  counts boolean not null default true,
  primary key (alert_id, n)
);
create index ix_alert_attempts_started on alert_attempts (channel, started_at);
create index ix_alert_attempts_recipient on alert_attempts (recipient, started_at);

-- Who must wait: `recipient:+84…` or `channel:whatsapp`.
create table alert_holds (
  scope text primary key,
  until timestamptz not null,
  code text not null,
  message text not null,
  set_at timestamptz not null
);

-- Everything that a webhook said, once: Meta repeats and reorders. `alert_id` is null while nobody knows whose it is.
create table whatsapp_events (
  id text primary key,
  kind text not null check (kind in ('status', 'reply')),
  provider_id text not null,
  opaque text,
  alert_id text,
  attempt integer,
  status text,
  at timestamptz not null,
  payload jsonb not null,
  received_at timestamptz not null
);
create index ix_whatsapp_events_provider on whatsapp_events (provider_id);
create index ix_whatsapp_events_alert on whatsapp_events (alert_id, at);

create table alert_replies (
  id text primary key,
  alert_id text references alerts (id),
  sender text not null,
  meaning text not null check (meaning in ('acted', 'declined', 'call_me', 'other')),
  text text not null,
  at timestamptz not null,
  received_at timestamptz not null
);
create index ix_alert_replies_alert on alert_replies (alert_id, at);

-- down
drop table alert_replies;
drop table whatsapp_events;
drop table alert_holds;
drop table alert_attempts;
drop table alerts;
