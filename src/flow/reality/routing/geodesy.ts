/** Distances on the sphere. Positions are [longitude, latitude] in degrees, as in GeoJSON. */
export type Position = readonly [lon: number, lat: number];

/** IUGG mean Earth radius R₁. */
export const EARTH_RADIUS_KM = 6371.0088;
/** One international nautical mile. */
export const KM_PER_NM = 1.852;

const RADIANS = Math.PI / 180;

/** Great-circle distance in kilometres (haversine; Sinnott 1984). */
export function haversineKm(a: Position, b: Position): number {
  const sinLat = Math.sin(((b[1] - a[1]) * RADIANS) / 2);
  const sinLon = Math.sin(((b[0] - a[0]) * RADIANS) / 2);
  const h = sinLat * sinLat + Math.cos(a[1] * RADIANS) * Math.cos(b[1] * RADIANS) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** A longitude in −180 ≤ lon < 180, so that both sides of the antimeridian meet. */
export const wrapLongitude = (lon: number): number => (lon >= 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);

/**
 * The same path with longitudes that go on beyond ±180 where it crosses the antimeridian (179, then 181), so that a
 * straight line between two neighbours is the way that was sailed. What RFC 7946 § 3.1.9 splits stays one line.
 */
export function continuedPath(path: readonly Position[]): readonly Position[] {
  let turns = 0;
  return path.map(([lon, lat], i) => {
    const step = i === 0 ? 0 : lon - path[i - 1]![0];
    if (step > 180) turns -= 1;
    else if (step < -180) turns += 1;
    return [lon + 360 * turns, lat] as const;
  });
}
