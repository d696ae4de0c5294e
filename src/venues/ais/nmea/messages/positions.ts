/** Where a vessel or an aircraft is: types 1, 2, 3, 9, 18, 27. Not here: 19, which also says what it is (statics.ts). */
import type { BitReader } from '../bits.ts';
import * as value from '../values.ts';

export type PositionReport = ReturnType<typeof positionReport>;
export type AircraftPosition = ReturnType<typeof aircraftPosition>;
export type ClassBPosition = ReturnType<typeof classBPosition>;
export type LongRangePosition = ReturnType<typeof longRangePosition>;

/** A station may cut the communication state short; what came of it is kept. */
const radioBits = (b: BitReader): number => Math.min(19, b.bits - 149);

/** Types 1 (scheduled), 2 (assigned), 3 (answer to an interrogation): class A. */
export function positionReport(b: BitReader, type: 1 | 2 | 3) {
  const status = b.u(38, 4);
  const turn = b.i(42, 8);
  const speed = b.u(50, 10);
  const lon = b.i(61, 28);
  const lat = b.i(89, 27);
  const course = b.u(116, 12);
  const heading = b.u(128, 9);
  const second = b.u(137, 6);
  return {
    type,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    navigationStatus: value.navigationStatus(status),
    /** Degrees a minute, to starboard when positive. */
    rateOfTurn: value.rateOfTurn(turn),
    speedKnots: value.speed(speed),
    /** True: within 10 m. */
    accurate: b.flag(60),
    longitude: value.longitude(lon),
    latitude: value.latitude(lat),
    courseDegrees: value.course(course),
    headingDegrees: value.heading(heading),
    second: value.second(second),
    /** 0 not available, 1 no special manoeuvre, 2 engaged in one. */
    maneuver: b.u(143, 2),
    spare: b.u(145, 3),
    raim: b.flag(148),
    /** The communication state; `communicationState` reads it. */
    radio: b.u(149, radioBits(b)),
    raw: { status, turn, speed, lon, lat, course, heading, second },
  };
}

/** Type 9: search and rescue aircraft. */
export function aircraftPosition(b: BitReader) {
  const alt = b.u(38, 12);
  const speed = b.u(50, 10);
  const lon = b.i(61, 28);
  const lat = b.i(89, 27);
  const course = b.u(116, 12);
  const second = b.u(128, 6);
  return {
    type: 9 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    /** 4094 means that or more. */
    altitudeM: value.unless(4_095, alt, alt),
    /** In whole knots: aircraft are fast. */
    speedKnots: value.unless(1_023, speed, speed),
    accurate: b.flag(60),
    longitude: value.longitude(lon),
    latitude: value.latitude(lat),
    courseDegrees: value.course(course),
    second: value.second(second),
    /** True: the altitude is barometric, else of the satellites. */
    barometric: b.flag(134),
    spare: b.u(135, 7),
    /** True: the data terminal is not ready. */
    dte: b.flag(142),
    spare2: b.u(143, 3),
    assigned: b.flag(146),
    raim: b.flag(147),
    /** 20 bits: the selector (ITDMA when 1) and the communication state. */
    radio: b.u(148, 20),
    raw: { alt, speed, lon, lat, course, second, regional: b.u(134, 8) },
  };
}

/** Type 18: class B. */
export function classBPosition(b: BitReader) {
  const speed = b.u(46, 10);
  const lon = b.i(57, 28);
  const lat = b.i(85, 27);
  const course = b.u(112, 12);
  const heading = b.u(124, 9);
  const second = b.u(133, 6);
  return {
    type: 18 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    reserved: b.u(38, 8),
    speedKnots: value.speed(speed),
    accurate: b.flag(56),
    longitude: value.longitude(lon),
    latitude: value.latitude(lat),
    courseDegrees: value.course(course),
    headingDegrees: value.heading(heading),
    second: value.second(second),
    regional: b.u(139, 2),
    /** True: carrier sense ("CS") unit, else SOTDMA. */
    carrierSense: b.flag(141),
    display: b.flag(142),
    dsc: b.flag(143),
    wholeBand: b.flag(144),
    acceptsMessage22: b.flag(145),
    assigned: b.flag(146),
    raim: b.flag(147),
    radio: b.u(148, 20),
    raw: { speed, lon, lat, course, heading, second },
  };
}

/** Type 27: what satellites hear of class A. */
export function longRangePosition(b: BitReader) {
  const status = b.u(40, 4);
  const lon = b.i(44, 18);
  const lat = b.i(62, 17);
  const speed = b.u(79, 6);
  const course = b.u(85, 9);
  return {
    type: 27 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    accurate: b.flag(38),
    raim: b.flag(39),
    navigationStatus: value.navigationStatus(status),
    longitude: value.coarseLongitude(lon),
    latitude: value.coarseLatitude(lat),
    /** In whole knots. */
    speedKnots: value.unless(63, speed, speed),
    /** In whole degrees. */
    courseDegrees: value.heading(course),
    /** True: the position is older than 5 s. */
    late: b.flag(94),
    spare: b.u(95, 1),
    raw: { status, lon, lat, speed, course },
  };
}
