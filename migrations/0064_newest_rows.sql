-- What is read in each round and at each look at the status page stays quick beside a million older rows: the newest forecast of each
-- question, by hopping from question to question, and the last failure of a source that rarely fails.
create index ix_signals_forecasts on signals (source, external_id, known_at desc, observed_at desc, seq desc) where kind = 'event' and subject_type = 'chokepoint';
create index ix_source_sweeps_failed on source_sweeps (stage, source, id desc) where failed is not null;

-- down
drop index ix_source_sweeps_failed;
drop index ix_signals_forecasts;
