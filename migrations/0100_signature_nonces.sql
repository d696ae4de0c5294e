-- Nonces of signed requests that were accepted. A nonce is good once per key, until its request is too old anyway.
-- Rows of the old shape belong to a form of signature that is no longer accepted, so none is carried over.

drop table signature_replays;
create table signature_replays (
  key_id text not null,
  nonce text not null,
  expires_at timestamptz not null,
  primary key (key_id, nonce)
);
create index signature_replays_expiry on signature_replays (expires_at);
-- down
drop table signature_replays;
create table signature_replays (
  signature bytea primary key,
  key_id text not null,
  expires_at timestamptz not null
);
create index signature_replays_expiry on signature_replays (expires_at);
