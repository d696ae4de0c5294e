/** The one shape in which every AIS source tells of a vessel, and how decoded messages become it. */
import type { Millis } from '../../model/time.ts';
import type { AisMessage } from './nmea/index.ts';

/**
 * What one message says of one vessel; null is "not said, or not available". Position reports carry where it is and how it moves,
 * static reports what it is and where it goes; who needs both keeps the newest of each by `mmsi`.
 */
export interface VesselReport {
  readonly mmsi: number;
  /** When it was received; never later than the clock of who took it. */
  readonly at: Millis;
  /** Degrees, north positive. */
  readonly latitude: number | null;
  /** Degrees, east positive. */
  readonly longitude: number | null;
  readonly speedKnots: number | null;
  /** Over ground. */
  readonly courseDegrees: number | null;
  /** Where the bow points. */
  readonly headingDegrees: number | null;
  /** 0 to 14 as in ITU-R M.1371: 0 under way, 1 at anchor, 5 moored, … */
  readonly navigationStatus: number | null;
  /** As the crew entered it. */
  readonly destination: string | null;
  /** 1 to 99 as in ITU-R M.1371: 70 to 79 cargo, 80 to 89 tanker, … */
  readonly shipType: number | null;
  readonly name: string | null;
  readonly draughtM: number | null;
  /** As the crew entered it, without a year: `MM-DDTHH:MMZ`. */
  readonly eta: string | null;
  /** Who told: `aisstream`, `udp://0.0.0.0:10110`, … */
  readonly source: string;
}

/**
 * @param receivedAt becomes `at`
 * @returns null for what is no vessel (base stations, aids to navigation, aircraft) or says nothing of one (texts, slots, binary data)
 */
export function toVesselReport(decoded: AisMessage, receivedAt: Millis, source = 'nmea'): VesselReport | null {
  switch (decoded.type) {
    case 1:
    case 2:
    case 3: {
      const { mmsi, latitude, longitude, speedKnots, courseDegrees, headingDegrees, navigationStatus } = decoded;
      return { mmsi, at: receivedAt, latitude, longitude, speedKnots, courseDegrees, headingDegrees, navigationStatus, destination: null, shipType: null, name: null, draughtM: null, eta: null, source };
    }
    case 18: {
      const { mmsi, latitude, longitude, speedKnots, courseDegrees, headingDegrees } = decoded;
      return { mmsi, at: receivedAt, latitude, longitude, speedKnots, courseDegrees, headingDegrees, navigationStatus: null, destination: null, shipType: null, name: null, draughtM: null, eta: null, source };
    }
    case 19: {
      const { mmsi, latitude, longitude, speedKnots, courseDegrees, headingDegrees, shipType, name } = decoded;
      return { mmsi, at: receivedAt, latitude, longitude, speedKnots, courseDegrees, headingDegrees, navigationStatus: null, destination: null, shipType, name, draughtM: null, eta: null, source };
    }
    case 27: {
      const { mmsi, latitude, longitude, speedKnots, courseDegrees, navigationStatus } = decoded;
      return { mmsi, at: receivedAt, latitude, longitude, speedKnots, courseDegrees, headingDegrees: null, navigationStatus, destination: null, shipType: null, name: null, draughtM: null, eta: null, source };
    }
    case 5: {
      const { mmsi, destination, shipType, name, draughtM, eta } = decoded;
      return { mmsi, at: receivedAt, latitude: null, longitude: null, speedKnots: null, courseDegrees: null, headingDegrees: null, navigationStatus: null, destination, shipType, name, draughtM, eta, source };
    }
    case 24: {
      const { name, shipType } = decoded.part === 'A' ? { name: decoded.name, shipType: null } : { name: null, shipType: decoded.shipType };
      return { mmsi: decoded.mmsi, at: receivedAt, latitude: null, longitude: null, speedKnots: null, courseDegrees: null, headingDegrees: null, navigationStatus: null, destination: null, shipType, name, draughtM: null, eta: null, source };
    }
    default:
      return null;
  }
}
