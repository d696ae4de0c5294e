/** Ships that sail as a test says: a report every half hour along straight legs. */
import { HOUR_MS, type Millis } from '../../../../model/time.ts';
import type { Position } from '../../routing/geodesy.ts';
import { bearing, distanceNm, sailed } from '../areas.ts';
import type { VesselReport } from '../../ports.ts';

export const report = (mmsi: number, at: Millis, rest: Partial<VesselReport>): VesselReport => ({
  mmsi, at, latitude: null, longitude: null, speedKnots: null, courseDegrees: null, headingDegrees: null, navigationStatus: 0, destination: null, shipType: 70, name: null, draughtM: null, eta: null, source: 'test', ...rest,
});

export interface Leg {
  readonly to: Position;
  readonly knots: number;
  /** Typed at the beginning of the leg. */
  readonly destination?: string;
}

const STEP_MS = HOUR_MS / 2;

/** @returns reports from `start` on, in order */
export function voyage(mmsi: number, start: Millis, from: Position, legs: readonly Leg[]): VesselReport[] {
  const reports: VesselReport[] = [];
  let [here, at] = [from, start];
  for (const { to, knots, destination } of legs) {
    if (destination !== undefined) reports.push(report(mmsi, at, { destination }));
    for (let left = distanceNm(here, to); left > 0.5; left = distanceNm(here, to)) {
      const course = bearing(here, to);
      at += STEP_MS;
      here = sailed(here, course, Math.min(left, (knots * STEP_MS) / HOUR_MS));
      reports.push(report(mmsi, at, { longitude: here[0], latitude: here[1], speedKnots: knots, courseDegrees: course, headingDegrees: Math.round(course) % 360 }));
    }
  }
  return reports;
}

/** Lies at anchor for so many hours. */
export const atAnchor = (mmsi: number, start: Millis, [longitude, latitude]: Position, hours: number): VesselReport[] =>
  Array.from({ length: hours * 2 + 1 }, (_, i) => report(mmsi, start + i * STEP_MS, { longitude, latitude, speedKnots: 0.1, courseDegrees: 12, navigationStatus: 1 }));
