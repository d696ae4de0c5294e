-- Sign-in attempts are recorded before the password is checked, and removed when it is right.
-- Addresses from which an account has signed in, as keyed hashes: they pass the limit of failures of one account.

-- The rows of one attempt. Null in rows of older versions.
alter table login_failures add column attempt uuid;

create table login_addresses (
  hash bytea primary key,
  user_id text not null references users (id) on delete cascade,
  -- The last successful sign-in.
  used_at timestamptz not null
);
create index login_addresses_user on login_addresses (user_id, used_at);
create index login_addresses_used on login_addresses (used_at);
-- down
drop table login_addresses;
alter table login_failures drop column attempt;
