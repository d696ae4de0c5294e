-- One decision for one way: passages that the same way around avoids are one corridor, and a shipment has one standing decision there,
-- whichever of them leads. Older rows were made a passage each; the first evaluation supersedes what has become one.
alter table decisions add column corridor text[];
update decisions set corridor = array[chokepoint];
alter table decisions alter column corridor set not null;
drop index ux_decisions_standing;
create unique index ux_decisions_standing on decisions (shipment_id, corridor) where status in ('active', 'acknowledged', 'overridden');
-- What a changed passage touches.
drop index ix_decisions_standing_at;
create index ix_decisions_standing_at on decisions using gin (corridor) where status in ('active', 'acknowledged', 'overridden');

-- down
drop index ix_decisions_standing_at;
drop index ux_decisions_standing;
-- Led by one passage, two corridors of a shipment would be one pair: the newest stands.
update decisions d set status = 'expired', closed_as_of = d.as_of, closed_reason = 'corridor'
  where d.status in ('active', 'acknowledged', 'overridden')
    and exists (select 1 from decisions n where n.shipment_id = d.shipment_id and n.chokepoint = d.chokepoint and n.status in ('active', 'acknowledged', 'overridden') and (n.as_of, n.id) > (d.as_of, d.id));
create index ix_decisions_standing_at on decisions (chokepoint, shipment_id) where status in ('active', 'acknowledged', 'overridden');
create unique index ux_decisions_standing on decisions (shipment_id, chokepoint) where status in ('active', 'acknowledged', 'overridden');
alter table decisions drop column corridor;
