-- What producers handed over in the last minutes: the same content again, under whatever external id, is answered with the first one's id.
create table signal_intake (
  -- The identity that signed in or signed: `key:key_…`.
  producer text not null,
  content_hash text not null,
  signal_id text not null references signals (id) on delete cascade,
  -- Wall clock.
  received_at timestamptz not null,
  primary key (producer, content_hash)
);

-- down
drop table signal_intake;
