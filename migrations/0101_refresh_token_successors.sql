-- The refresh token that a token was exchanged for: tells whether a successor was used already.

alter table refresh_tokens add column replaces bytea;
-- down
alter table refresh_tokens drop column replaces;
