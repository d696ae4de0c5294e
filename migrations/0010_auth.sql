-- Who may do what: users, API keys, refresh tokens, and what guards signing in.

create table users (
  id text primary key,
  email text not null,
  password_hash text not null,
  role text not null check (role in ('viewer', 'trader', 'approver', 'operator', 'admin')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  disabled_at timestamptz
);
create unique index users_email on users (lower(email));

create table api_keys (
  id text primary key,
  name text not null,
  role text not null check (role in ('viewer', 'trader', 'approver', 'operator', 'admin')),
  scopes text[] not null default '{}',
  secret_hash bytea not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  rotated_from text references api_keys (id)
);

create table refresh_tokens (
  hash bytea primary key,
  family text not null,
  user_id text not null references users (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index refresh_tokens_family on refresh_tokens (family);
create index refresh_tokens_user on refresh_tokens (user_id);
create index refresh_tokens_expiry on refresh_tokens (expires_at);

-- Signatures that were accepted, until they are too old to be accepted anyway.
create table signature_replays (
  signature bytea primary key,
  key_id text not null,
  expires_at timestamptz not null
);
create index signature_replays_expiry on signature_replays (expires_at);

-- Failed sign-ins by what they are limited by: address, account, or both. In the database, so that all processes count together.
create table login_failures (
  subject text not null,
  at timestamptz not null
);
create index login_failures_subject on login_failures (subject, at);

-- Secrets that this installation made for itself because none were given.
create table server_secrets (
  name text primary key,
  value bytea not null,
  created_at timestamptz not null default now()
);
-- down
drop table server_secrets, login_failures, signature_replays, refresh_tokens, api_keys, users;
