-- When a decision was superseded or expired by the wall clock: its audit stands in one order with what people did.
alter table decisions add column closed_at timestamptz;
create index ix_decisions_superseded_by on decisions (superseded_by) where superseded_by is not null;

-- down
drop index ix_decisions_superseded_by;
alter table decisions drop column closed_at;
