-- Replies of writes by the key that their sender chose, so that a repeat gets the same reply and does nothing.

create table idempotency_keys (
  identity text not null,
  key text not null,
  fingerprint text not null,
  -- Who runs it. A request that never finished (its process died) is taken over once lease_until has passed.
  owner uuid not null,
  lease_until timestamptz not null,
  status integer,
  content_type text,
  body text,
  expires_at timestamptz not null,
  primary key (identity, key)
);
create index idempotency_keys_expiry on idempotency_keys (expires_at);
-- down
drop table idempotency_keys;
