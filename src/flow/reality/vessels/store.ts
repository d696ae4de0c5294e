/** The SQL of vessels: one row a ship, rewritten as it moves, and its events, written once. */
import type { Executor, Transaction } from '../../../kernel/database/types.ts';
import { deterministicId } from '../../../model/ids.ts';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../../model/place.ts';
import { DAY_MS, iso, type Millis } from '../../../model/time.ts';
import { TRACKING, type VesselEvent, type VesselTrack } from './track.ts';

/** Locked until the transaction ends, so that two intakes do not take from the same past. */
export async function lockTracks(tx: Transaction, mmsis: readonly number[]): Promise<ReadonlyMap<number, VesselTrack>> {
  const { rows } = await tx.query<{ track: VesselTrack }>('select track from vessels where mmsi = any($1::bigint[]) order by mmsi for update', [mmsis]);
  return new Map(rows.map(({ track }) => [track.mmsi, track]));
}

export async function saveTracks(tx: Transaction, tracks: readonly VesselTrack[]): Promise<void> {
  if (tracks.length === 0) return;
  const records = tracks.map((t) => ({ mmsi: t.mmsi, heard_at: iso(t.heardAt), track: t, inside: t.inside?.chokepoint ?? null, still_at: t.still?.chokepoint ?? null, still_since: t.still ? iso(t.still.since) : null }));
  await tx.query(
    `insert into vessels (mmsi, heard_at, track, inside, still_at, still_since)
     select mmsi, heard_at, track, inside, still_at, still_since from jsonb_populate_recordset(null::vessels, $1::jsonb) order by mmsi
     on conflict (mmsi) do update set heard_at = excluded.heard_at, track = excluded.track, inside = excluded.inside, still_at = excluded.still_at, still_since = excluded.still_since`,
    [JSON.stringify(records)],
  );
}

/** The same event has the same id, however often its report is taken. */
export async function saveEvents(tx: Transaction, events: readonly VesselEvent[]): Promise<void> {
  if (events.length === 0) return;
  const records = events.map((e) => ({ id: deterministicId('vev', e.mmsi, e.chokepoint, e.kind, e.at), mmsi: e.mmsi, chokepoint: e.chokepoint, kind: e.kind, at: iso(e.at) }));
  await tx.query(`insert into vessel_events (id, mmsi, chokepoint, kind, at) select id, mmsi, chokepoint, kind, at from jsonb_populate_recordset(null::vessel_events, $1::jsonb) on conflict do nothing`, [JSON.stringify(records)]);
}

export interface VesselCounts {
  readonly chokepoint: ChokepointId;
  /** Ships in its waters, heard within a day. */
  readonly inside: number;
  /** Ships that lie still near it since {@link TRACKING}.waitsAfterMs or longer. */
  readonly waiting: number;
  /** Ships that were bound for it and turned away with another port, in the last seven days. */
  readonly diverted: number;
  /** Ships that came into its waters in the last day. */
  readonly entered: number;
  /** The newest report of a ship in or still near it, of the last day; null where no receiver covers the passage, or none does any more. */
  readonly heardAt: Millis | null;
}

/** When any ship was last heard, or null. */
export async function lastHeard(on: Executor, asOf: Millis): Promise<Millis | null> {
  const { rows } = await on.query<{ at: Date | null }>('select max(heard_at) as at from vessels where heard_at <= $1', [iso(asOf)]);
  return rows[0]?.at?.getTime() ?? null;
}

/** A ship that is not heard for so long is somewhere else by now. */
const HEARD_WITHIN_MS = DAY_MS;
const DIVERTED_WITHIN_MS = 7 * DAY_MS;

/** @returns every passage, those without a ship too */
export async function vesselCounts(on: Executor, asOf: Millis): Promise<readonly VesselCounts[]> {
  const { rows } = await on.query<{ chokepoint: ChokepointId; inside: number; waiting: number; diverted: number; entered: number; heard_at: Date | null }>(
    // The ships are read once, not once a passage and figure: 100,000 of them took 640 ms.
    `with near as materialized (select inside, still_at, still_since, heard_at from vessels where heard_at between $2 and $1 and (inside is not null or still_at is not null))
     select c.id as chokepoint,
       (select count(*)::int from near v where v.inside = c.id) as inside,
       (select count(*)::int from near v where v.still_at = c.id and v.heard_at - v.still_since >= make_interval(secs => $3)) as waiting,
       (select count(distinct mmsi)::int from vessel_events e where e.chokepoint = c.id and e.kind = 'diverted' and e.at > $4 and e.at <= $1) as diverted,
       (select count(distinct mmsi)::int from vessel_events e where e.chokepoint = c.id and e.kind = 'entered' and e.at > $2 and e.at <= $1) as entered,
       (select max(v.heard_at) from near v where v.inside = c.id or v.still_at = c.id) as heard_at
     from unnest($5::text[]) as c(id)`,
    [iso(asOf), iso(asOf - HEARD_WITHIN_MS), TRACKING.waitsAfterMs / 1_000, iso(asOf - DIVERTED_WITHIN_MS), CHOKEPOINT_IDS],
  );
  return rows.map((r) => ({ chokepoint: r.chokepoint, inside: r.inside, waiting: r.waiting, diverted: r.diverted, entered: r.entered, heardAt: r.heard_at?.getTime() ?? null }));
}

/** Ships that were not heard for so long are forgotten; their events stay for the record of a year. */
const FORGET_VESSELS_MS = 14 * DAY_MS;
const FORGET_EVENTS_MS = 400 * DAY_MS;

/** Housekeeping: keeps the tables as large as the sea is. @returns rows removed */
export async function forgetOldVessels(tx: Transaction, asOf: Millis): Promise<number> {
  const vessels = await tx.query('delete from vessels where heard_at < $1', [iso(asOf - FORGET_VESSELS_MS)]);
  const events = await tx.query('delete from vessel_events where at < $1', [iso(asOf - FORGET_EVENTS_MS)]);
  return vessels.rowCount + events.rowCount;
}
