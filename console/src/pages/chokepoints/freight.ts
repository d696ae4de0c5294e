// Freight rates by lane. Pure.
import type { FreightPoint } from '../../api/types.ts';

export interface Lane {
  readonly first: FreightPoint;
  readonly last: FreightPoint;
}

/** The first and the last rate of each lane in the window, by lane. */
export function latestByLane(points: readonly FreightPoint[]): readonly Lane[] {
  const lanes = new Map<string, Lane>();
  for (const point of [...points].sort((a, b) => a.observed_for.localeCompare(b.observed_for))) {
    lanes.set(point.lane, { first: lanes.get(point.lane)?.first ?? point, last: point });
  }
  return [...lanes.values()].sort((a, b) => a.last.lane.localeCompare(b.last.lane));
}
