/**
 * One vessel's track against the passages: what it is doing now, and the moments worth remembering. Pure: a track and a report give the next track.
 * Not here: receiving, storing, counting.
 */
import type { ChokepointId } from '../../../model/place.ts';
import { HOUR_MS, type Millis } from '../../../model/time.ts';
import type { Position } from '../routing/geodesy.ts';
import { bearing, between, distanceNm, isInside, PASSAGE_AREAS, type PassageArea } from './areas.ts';
import type { VesselReport } from '../ports.ts';

/** What makes a ship wait, approach or turn away. Judgements, stated; the counts that follow are held against their own past, not against a truth. */
export const TRACKING = Object.freeze({
  /** Slower is lying still: current and swell move a ship at anchor by less. */
  stillKnots: 1,
  waitsAfterMs: 6 * HOUR_MS,
  underWayKnots: 5,
  /** Two days at 16 knots: nearer ships that head for a passage are bound for it. */
  approachNm: 800,
  /** Within this angle of the bearing to the middle. */
  towardsDegrees: 40,
  boundAfterMs: 3 * HOUR_MS,
  awayDegrees: 100,
  awayAfterMs: 6 * HOUR_MS,
  /** And so much farther than at its nearest. */
  awayNm: 40,
  /** No merchant ship is faster: what implies more is a false position (jamming and spoofing are common in the Gulf and the Red Sea). */
  plausibleKnots: 60,
});

interface Approach {
  readonly chokepoint: ChokepointId;
  readonly since: Millis;
  /** What the crew had typed when it began. */
  readonly destination: string | null;
  readonly nearestNm: number;
  readonly awaySince: Millis | null;
}

/** Plain JSON: it is stored as it is. */
export interface VesselTrack {
  readonly mmsi: number;
  /** Of the newest report that counted. */
  readonly heardAt: Millis;
  /** Null until a position was heard. */
  readonly fix: { readonly at: Millis; readonly longitude: number; readonly latitude: number } | null;
  readonly destination: string | null;
  readonly inside: { readonly chokepoint: ChokepointId; readonly since: Millis } | null;
  /** Lying still near a passage; it waits once that has lasted for {@link TRACKING}.waitsAfterMs (counted in store.ts). */
  readonly still: { readonly chokepoint: ChokepointId; readonly since: Millis } | null;
  readonly approach: Approach | null;
}

export type VesselEventKind = 'entered' | 'left' | 'diverted';

export interface VesselEvent {
  readonly kind: VesselEventKind;
  readonly mmsi: number;
  readonly chokepoint: ChokepointId;
  readonly at: Millis;
}

export type Dropped = 'old' | 'implausible';

export interface Step {
  readonly track: VesselTrack;
  readonly events: readonly VesselEvent[];
  /** Why the report changed nothing. */
  readonly dropped: Dropped | null;
}

/** @param before null for a vessel heard for the first time */
export function advance(before: VesselTrack | null, report: VesselReport): Step {
  const track = before ?? { mmsi: report.mmsi, heardAt: Number.NEGATIVE_INFINITY, fix: null, destination: null, inside: null, still: null, approach: null };
  // Receivers overlap, so each report comes several times, and late.
  if (report.at < track.heardAt || (before !== null && report.at === track.heardAt && report.latitude !== null && track.fix?.at === report.at)) return { track, events: [], dropped: 'old' };
  const destination = cleaned(report.destination) ?? track.destination;
  const here = positionOf(report);
  if (here === null) return { track: { ...track, heardAt: report.at, destination }, events: [], dropped: null };
  if (track.fix && isImplausible(track.fix, here, report.at)) return { track, events: [], dropped: 'implausible' };
  const area = PASSAGE_AREAS.find((a) => isInside(a.outline, here)) ?? null;
  const events: VesselEvent[] = [];
  const tell = (kind: VesselEventKind, chokepoint: ChokepointId): void => void events.push({ kind, mmsi: report.mmsi, chokepoint, at: report.at });
  if (track.inside && track.inside.chokepoint !== area?.chokepoint) tell('left', track.inside.chokepoint);
  if (area && track.inside?.chokepoint !== area.chokepoint) tell('entered', area.chokepoint);
  const approach = area ? null : nextApproach(track.approach, report, here, destination);
  if (approach === 'diverted') tell('diverted', track.approach!.chokepoint);
  return {
    track: {
      mmsi: report.mmsi,
      heardAt: report.at,
      fix: { at: report.at, longitude: here[0], latitude: here[1] },
      destination,
      inside: area && { chokepoint: area.chokepoint, since: track.inside?.chokepoint === area.chokepoint ? track.inside.since : report.at },
      still: area ? null : nextStill(track.still, report, here),
      approach: approach === 'diverted' ? null : approach,
    },
    events,
    dropped: null,
  };
}

function positionOf({ latitude, longitude }: VesselReport): Position | null {
  return latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180 ? null : [longitude, latitude];
}

/** `SGSIN>NLRTM`, `nl rtm`, ` `: compared, not understood. */
function cleaned(destination: string | null): string | null {
  const text = destination?.toUpperCase().replace(/[^A-Z0-9]+/g, '') ?? '';
  return text === '' ? null : text;
}

function isImplausible(fix: NonNullable<VesselTrack['fix']>, here: Position, at: Millis): boolean {
  const nm = distanceNm([fix.longitude, fix.latitude], here);
  // A mile of slack: two receivers' clocks differ by seconds.
  return nm > 1 + (TRACKING.plausibleKnots * (at - fix.at)) / HOUR_MS;
}

function nextStill(before: VesselTrack['still'], report: VesselReport, here: Position): VesselTrack['still'] {
  const lies = report.speedKnots === null ? report.navigationStatus === 1 : report.speedKnots < TRACKING.stillKnots;
  // Moored is at a berth: it loads, it does not wait.
  if (!lies || report.navigationStatus === 5) return null;
  const near = nearest(here);
  if (near.nm > near.area.waitingNm) return null;
  return before?.chokepoint === near.area.chokepoint ? before : { chokepoint: near.area.chokepoint, since: report.at };
}

function nearest(here: Position): { readonly area: PassageArea; readonly nm: number } {
  let found = { area: PASSAGE_AREAS[0]!, nm: Infinity };
  for (const area of PASSAGE_AREAS) {
    const nm = distanceNm(here, area.centre);
    if (nm < found.nm) found = { area, nm };
  }
  return found;
}

/** An approach begins, goes on, is given up (a ship that loiters), or ends in turning away. */
function nextApproach(before: Approach | null, report: VesselReport, here: Position, destination: string | null): Approach | 'diverted' | null {
  const { courseDegrees, speedKnots } = report;
  const moves = courseDegrees !== null && speedKnots !== null && speedKnots >= TRACKING.underWayKnots;
  if (!before) return moves ? beginning(report.at, here, courseDegrees, destination) : null;
  const { centre } = PASSAGE_AREAS.find((a) => a.chokepoint === before.chokepoint)!;
  const nm = distanceNm(here, centre);
  const nearestNm = Math.min(before.nearestNm, nm);
  const angle = moves ? between(courseDegrees, bearing(here, centre)) : null;
  if (angle === null) return { ...before, nearestNm };
  if (angle <= TRACKING.towardsDegrees) return { ...before, nearestNm, awaySince: null };
  const wasBound = (before.awaySince ?? report.at) - before.since >= TRACKING.boundAfterMs;
  if (!wasBound) return beginning(report.at, here, courseDegrees!, destination);
  if (angle < TRACKING.awayDegrees) return { ...before, nearestNm };
  const awaySince = before.awaySince ?? report.at;
  const turned = report.at - awaySince >= TRACKING.awayAfterMs && nm - nearestNm >= TRACKING.awayNm;
  if (!turned) return { ...before, nearestNm, awaySince };
  // Heading and destination: a ship that turns and keeps its port drifts, drills or waits for orders.
  return destination !== null && destination !== before.destination ? 'diverted' : { ...before, nearestNm, awaySince };
}

function beginning(at: Millis, here: Position, courseDegrees: number, destination: string | null): Approach | null {
  let best: Approach | null = null;
  for (const { chokepoint, centre } of PASSAGE_AREAS) {
    const nm = distanceNm(here, centre);
    if (nm > TRACKING.approachNm || (best && nm >= best.nearestNm)) continue;
    if (between(courseDegrees, bearing(here, centre)) <= TRACKING.towardsDegrees) best = { chokepoint, since: at, destination, nearestNm: nm, awaySince: null };
  }
  return best;
}
