/**
 * Where a passage is, for ships: its waters, its middle, and the way through it. Data.
 * Outlines are drawn by us along the strait's shores, a few miles wide of the lanes, so that a ship in the lane is inside; Bab el-Mandeb covers
 * the three areas in which the Asian Development Bank counts (ADB Data Division, 2024). They are for counting, not for navigation.
 */
import type { ChokepointId } from '../../../model/place.ts';
import { EARTH_RADIUS_KM, haversineKm, KM_PER_NM, type Position } from '../routing/geodesy.ts';

export interface PassageArea {
  readonly chokepoint: ChokepointId;
  readonly centre: Position;
  /** Corners, [lon, lat], in order; the last joins the first. */
  readonly outline: readonly Position[];
  /** Ships that lie still this near to the middle, outside the outline, wait for it. */
  readonly waitingNm: number;
}

const area = (chokepoint: ChokepointId, centre: Position, outline: readonly Position[], waitingNm = 60): PassageArea => Object.freeze({ chokepoint, centre, outline: Object.freeze(outline), waitingNm });

export const PASSAGE_AREAS: readonly PassageArea[] = Object.freeze([
  area('hormuz', [56.4, 26.5], [[55.6, 26.3], [56.0, 26.9], [56.6, 27.0], [57.1, 26.6], [57.1, 25.9], [56.5, 25.9], [56.35, 26.35], [56.0, 26.1]], 90),
  area('bab_el_mandeb', [43.35, 12.6], [[42.55, 13.2], [43.27, 13.53], [43.45, 12.85], [44.42, 12.68], [44.1, 12.4], [43.37, 11.97], [43.15, 12.6], [42.73, 13.03]], 120),
  area('suez', [32.4, 30.4], [[32.2, 31.5], [32.6, 31.5], [32.65, 30.6], [32.65, 29.85], [32.45, 29.75], [32.3, 29.95], [32.2, 30.6]], 40),
  area('panama', [-79.75, 9.1], [[-80.05, 9.45], [-79.8, 9.45], [-79.45, 8.95], [-79.45, 8.8], [-79.65, 8.8], [-79.95, 9.15]], 40),
  area('malacca', [101.4, 2.7], [[100.2, 3.0], [100.9, 3.6], [102.3, 2.2], [103.5, 1.45], [103.4, 1.05], [102.2, 1.5], [101.1, 2.3]], 60),
  area('bosphorus', [29.07, 41.12], [[28.9, 40.9], [28.9, 41.35], [29.25, 41.35], [29.1, 40.9]], 30),
  area('gibraltar', [-5.6, 35.95], [[-6.1, 35.75], [-6.1, 36.1], [-5.6, 36.02], [-5.2, 36.15], [-5.2, 35.88], [-5.6, 35.85]], 40),
  area('dover', [1.45, 51.0], [[1.0, 50.6], [0.9, 50.85], [1.4, 51.2], [1.9, 51.35], [2.2, 51.1], [1.6, 50.8]], 40),
  area('cape_of_good_hope', [19.0, -35.0], [[17.6, -33.8], [18.25, -33.9], [18.5, -34.4], [20.0, -34.85], [20.0, -37.0], [17.6, -37.0]], 60),
]);

/** Waters around a passage in which its ships are listened to, [[south, west], [north, east]]. Degrees beyond its outline: a day and a half at 16 knots. */
export const listeningBox = ({ outline }: PassageArea): readonly [readonly [number, number], readonly [number, number]] => {
  const [lons, lats] = [outline.map((p) => p[0]), outline.map((p) => p[1])];
  const margin = 10;
  return [[Math.max(-90, Math.min(...lats) - margin), Math.max(-180, Math.min(...lons) - margin)], [Math.min(90, Math.max(...lats) + margin), Math.min(180, Math.max(...lons) + margin)]];
};

/** Whether a point lies in an outline (even–odd rule, Shimrat 1962). None of ours crosses the antimeridian. */
export function isInside(outline: readonly Position[], [lon, lat]: Position): boolean {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i, i += 1) {
    const [ax, ay] = outline[i]!;
    const [bx, by] = outline[j]!;
    if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

export const distanceNm = (a: Position, b: Position): number => haversineKm(a, b) / KM_PER_NM;

const RADIANS = Math.PI / 180;

/** Course from a to b at a, along the great circle, in degrees from north clockwise, 0 to 360. */
export function bearing(a: Position, b: Position): number {
  const [lat1, lat2, dLon] = [a[1] * RADIANS, b[1] * RADIANS, (b[0] - a[0]) * RADIANS];
  const y = Math.sin(dLon) * Math.cos(lat2);
  const x = Math.cos(lat1) * Math.sin(lat2) - Math.sin(lat1) * Math.cos(lat2) * Math.cos(dLon);
  return (Math.atan2(y, x) / RADIANS + 360) % 360;
}

/** Where one comes to from `from` on a course after a distance, along the great circle. */
export function sailed(from: Position, courseDegrees: number, nm: number): Position {
  const angle = (nm * KM_PER_NM) / EARTH_RADIUS_KM;
  const [lat, course] = [from[1] * RADIANS, courseDegrees * RADIANS];
  const latTo = Math.asin(Math.sin(lat) * Math.cos(angle) + Math.cos(lat) * Math.sin(angle) * Math.cos(course));
  const dLon = Math.atan2(Math.sin(course) * Math.sin(angle) * Math.cos(lat), Math.cos(angle) - Math.sin(lat) * Math.sin(latTo));
  return [((from[0] + dLon / RADIANS + 540) % 360) - 180, latTo / RADIANS];
}

/** The angle between two courses, 0 to 180. */
export const between = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);
