-- One alert, several deliveries: each contact of the customer, and the operators where nobody else could be reached.
-- `alerts` keeps a copy of the delivery that counts most (channel, recipient, status, times): lists and filters read that.
create table alert_deliveries (
  alert_id text not null references alerts (id),
  -- The customer's order of preference, from 0; 99 is the operators.
  position integer not null,
  role text not null check (role in ('customer', 'operators')),
  channel text not null,
  address text not null,
  status text not null check (status in ('planned', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'cancelled')),
  reason text,
  -- Desk time; every other time but `queued_as_of` is wall-clock time.
  held_until timestamptz,
  not_before timestamptz,
  tries integer not null default 0,
  last_attempt integer,
  provider_id text,
  error_code text,
  error_message text,
  queued_at timestamptz,
  -- What the desk's time was at `queued_at`: the two together say how long the deadline is away at any later moment.
  queued_as_of timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  failed_at timestamptz,
  -- Since when it no longer counts as told: nothing proved it in time.
  lapsed_at timestamptz,
  -- The alert whose message told the operators of this one too.
  covered_by text,
  primary key (alert_id, position),
  -- Nobody gets one alert twice at one address.
  unique (alert_id, channel, address)
);
create index ix_alert_deliveries_open on alert_deliveries (status, queued_at) where status in ('queued', 'sending');
create index ix_alert_deliveries_address on alert_deliveries (channel, address, sent_at desc);
create index ix_alert_deliveries_covered on alert_deliveries (covered_by) where covered_by is not null;

alter table alerts
  add column quiet_from text,
  add column quiet_to text,
  -- Wall-clock time at which somebody must look whether it was read; null when nothing is left to wait for.
  add column watch_at timestamptz,
  -- Why the operators were called.
  add column escalated text;
create index ix_alerts_watch on alerts (watch_at) where watch_at is not null;

insert into alert_deliveries (alert_id, position, role, channel, address, status, reason, held_until, not_before, tries, last_attempt, provider_id,
    error_code, error_message, queued_at, queued_as_of, sent_at, delivered_at, read_at, failed_at)
  select id, 0, 'customer', channel, recipient, case status when 'suppressed' then 'cancelled' else status end, reason, held_until, not_before, tries, nullif(attempts, 0), provider_id,
    error_code, error_message, queued_at, as_of, sent_at, delivered_at, read_at, failed_at
  from alerts where channel <> 'none';
update alerts set watch_at = queued_at where status in ('queued', 'sending', 'sent') and held_until is null;

alter table alert_attempts add column delivery integer not null default 0;
-- A provider's ids are its own: two channels may use the same.
alter table alert_attempts drop constraint alert_attempts_provider_id_key;
create unique index ux_alert_attempts_provider on alert_attempts (channel, provider_id);

alter table whatsapp_events rename to alert_events;
alter table alert_events add column channel text not null default 'whatsapp';
alter table alert_events alter column channel drop default;
alter index ix_whatsapp_events_provider rename to ix_alert_events_provider;
alter index ix_whatsapp_events_alert rename to ix_alert_events_alert;

alter table alert_replies add column channel text not null default 'whatsapp';
alter table alert_replies alter column channel drop default;

-- "3 call me": open until a person says that it is done.
create table alert_call_requests (
  reply_id text primary key references alert_replies (id),
  alert_id text not null references alerts (id),
  asked_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  note text
);
create index ix_alert_call_requests_alert on alert_call_requests (alert_id);
create index ix_alert_call_requests_open on alert_call_requests (asked_at) where closed_at is null;

-- down
drop table alert_call_requests;
alter table alert_replies drop column channel;
delete from alert_events where channel <> 'whatsapp';
alter table alert_events drop column channel;
alter index ix_alert_events_provider rename to ix_whatsapp_events_provider;
alter index ix_alert_events_alert rename to ix_whatsapp_events_alert;
alter table alert_events rename to whatsapp_events;
drop index ux_alert_attempts_provider;
update alert_attempts set provider_id = null where channel <> 'whatsapp';
alter table alert_attempts add constraint alert_attempts_provider_id_key unique (provider_id);
alter table alert_attempts drop column delivery;
alter table alerts drop column quiet_from, drop column quiet_to, drop column watch_at, drop column escalated;
drop table alert_deliveries;
