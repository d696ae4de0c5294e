/** What a ship says of itself over AIS, whoever received it: the shape that receivers hand to the stage. */
import type { Millis } from '../../../model/time.ts';

export interface VesselReport {
  readonly mmsi: number;
  /** When it was received; a report carries no date of its own. */
  readonly at: Millis;
  /** Degrees, WGS 84; null where the report has none (static data, no fix). */
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Over ground. */
  readonly speedKnots: number | null;
  /** Over ground, 0 to 360. */
  readonly courseDegrees: number | null;
  readonly headingDegrees: number | null;
  /** ITU-R M.1371 table 45: 0 under way using engine, 1 at anchor, 5 moored. */
  readonly navigationStatus: number | null;
  /** As the crew typed it. */
  readonly destination: string | null;
  readonly shipType: number | null;
  readonly name: string | null;
  readonly draughtM: number | null;
  readonly eta: string | null;
  /** `aisstream`, `nmea`. */
  readonly source: string;
}
