-- One-time sign-in links: only the hash of a code is kept.

create table sign_in_links (
  hash bytea primary key,
  user_id text not null references users (id) on delete cascade,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index sign_in_links_user on sign_in_links (user_id);
create index sign_in_links_expiry on sign_in_links (expires_at);
-- down
drop table sign_in_links;
