/** The one shape in which every AIS source tells of a vessel, and how decoded messages become it. */
import type { VesselReport } from '../../flow/reality/ports.ts';
import type { Millis } from '../../model/time.ts';
import type { AisMessage } from './nmea/index.ts';

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
