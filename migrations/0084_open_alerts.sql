-- What may be past its time is looked for at every check of health.
create index ix_alerts_unsettled on alerts (created_at) where status in ('queued', 'sending', 'sent');

-- down
drop index ix_alerts_unsettled;
