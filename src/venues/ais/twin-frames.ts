/** Decoded messages as aisstream would tell them: what its stand-in plays. */
import { iso, type Millis } from '../../model/time.ts';
import { createAisDecoder, type AisMessage } from './nmea/index.ts';

/** A frame and when the service would send it. */
export interface TimedFrame {
  readonly at: Millis;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly frame: { readonly MessageType: string; readonly MetaData: Record<string, unknown>; readonly Message: Record<string, unknown> };
}

/** Recorded sentences as frames. @param atOf when the service would send the n-th message, from 0 */
export function framesOf(lines: readonly string[], atOf: (n: number) => Millis): readonly TimedFrame[] {
  const decoder = createAisDecoder();
  return lines.flatMap((line) => decoder.line(line, 0) ?? []).flatMap((message, n) => asAisStreamFrame(message, atOf(n)) ?? []);
}

/** Go's way to write a time, in nanoseconds. */
const goTime = (at: Millis): string => `${iso(at).slice(0, 10)} ${iso(at).slice(11, 23)}000000 +0000 UTC`;

/** The service writes "not available" as the standard's marks, in units. */
const place = (m: { longitude: number | null; latitude: number | null }): Record<string, number> => ({ Longitude: m.longitude ?? 181, Latitude: m.latitude ?? 91 });
const motion = (m: { speedKnots: number | null; courseDegrees: number | null }): Record<string, number> => ({ Sog: m.speedKnots ?? 102.3, Cog: m.courseDegrees ?? 360 });
const size = (m: { toBow: number; toStern: number; toPort: number; toStarboard: number }): Record<string, number> => ({ A: m.toBow, B: m.toStern, C: m.toPort, D: m.toStarboard });

/** @returns null for a type that the stand-in does not play */
export function asAisStreamFrame(m: AisMessage, at: Millis): TimedFrame | null {
  const told = body(m);
  if (!told) return null;
  const [MessageType, fields] = told;
  const common = { MessageID: m.type, RepeatIndicator: m.repeat, UserID: m.mmsi, Valid: true };
  const position = 'longitude' in m ? { latitude: m.latitude, longitude: m.longitude } : { latitude: null, longitude: null };
  return {
    at,
    ...position,
    frame: {
      MessageType,
      MetaData: { MMSI: m.mmsi, MMSI_String: m.mmsi, ShipName: 'name' in m ? (m.name ?? '') : '', ...position, time_utc: goTime(at) },
      Message: { [MessageType]: { ...common, ...fields } },
    },
  };
}

function body(m: AisMessage): readonly [type: string, fields: Record<string, unknown>] | null {
  switch (m.type) {
    case 1:
    case 2:
    case 3:
      return ['PositionReport', { ...place(m), ...motion(m), TrueHeading: m.headingDegrees ?? 511, NavigationalStatus: m.raw.status, RateOfTurn: m.raw.turn, PositionAccuracy: m.accurate, Raim: m.raim, Timestamp: m.raw.second, SpecialManoeuvreIndicator: m.maneuver, Spare: m.spare, CommunicationState: m.radio }];
    case 18:
      return ['StandardClassBPositionReport', { ...place(m), ...motion(m), TrueHeading: m.headingDegrees ?? 511, PositionAccuracy: m.accurate, Raim: m.raim, Timestamp: m.raw.second }];
    case 19:
      return ['ExtendedClassBPositionReport', { ...place(m), ...motion(m), TrueHeading: m.headingDegrees ?? 511, PositionAccuracy: m.accurate, Raim: m.raim, Timestamp: m.raw.second, Name: m.name ?? '', Type: m.raw.shipType, Dimension: size(m), FixType: m.epfd }];
    case 27:
      return ['LongRangeAisBroadcastMessage', { ...place(m), Sog: m.speedKnots ?? 63, Cog: m.courseDegrees ?? 511, NavigationalStatus: m.raw.status, PositionAccuracy: m.accurate, Raim: m.raim, PositionLatency: m.late }];
    case 5: {
      const { month, day, hour, minute, imo, shipType } = m.raw;
      const eta = { Month: month, Day: day, Hour: hour, Minute: minute };
      return ['ShipStaticData', { Name: m.name ?? '', CallSign: m.callSign ?? '', ImoNumber: imo, Type: shipType, Destination: m.destination ?? '', MaximumStaticDraught: m.draughtM ?? 0, Eta: eta, Dimension: size(m), FixType: m.epfd, AisVersion: m.aisVersion, Dte: m.dte }];
    }
    case 24: {
      const isA = m.part === 'A';
      const b = isA ? { Valid: false, ShipType: 0, CallSign: '' } : { Valid: true, ShipType: m.raw.shipType, CallSign: m.callSign ?? '', Dimension: size(m), FixType: m.epfd };
      return ['StaticDataReport', { PartNumber: !isA, ReportA: { Valid: isA, Name: isA ? (m.name ?? '') : '' }, ReportB: b }];
    }
    default:
      return null;
  }
}
