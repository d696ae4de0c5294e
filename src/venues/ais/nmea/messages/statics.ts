/** What a station is: types 5, 19, 21, 24. Lengths in metres from the antenna; 0 where nothing was entered. */
import type { BitReader } from '../bits.ts';
import * as value from '../values.ts';

export type StaticVoyageData = ReturnType<typeof staticVoyageData>;
export type ExtendedClassB = ReturnType<typeof extendedClassB>;
export type AidToNavigation = ReturnType<typeof aidToNavigation>;
export type StaticPartA = ReturnType<typeof staticPartA>;
export type StaticPartB = ReturnType<typeof staticPartB>;

/** Type 5: class A, with the voyage. */
export function staticVoyageData(b: BitReader) {
  const imo = b.u(40, 30);
  const shipType = b.u(232, 8);
  const month = b.u(274, 4);
  const day = b.u(278, 5);
  const hour = b.u(283, 5);
  const minute = b.u(288, 6);
  const draught = b.u(294, 8);
  return {
    type: 5 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    aisVersion: b.u(38, 2),
    imo: value.positive(imo),
    callSign: value.textOrNull(b.text(70, 42)),
    name: value.textOrNull(b.text(112, 120)),
    shipType: value.positive(shipType),
    toBow: b.u(240, 9),
    toStern: b.u(249, 9),
    toPort: b.u(258, 6),
    toStarboard: b.u(264, 6),
    /** Kind of position device. */
    epfd: b.u(270, 4),
    /** As entered by the crew, without a year: `MM-DDTHH:MMZ`. */
    eta: value.monthDayTime(month, day, hour, minute),
    /** 25.5 means that or more. */
    draughtM: value.unless(0, draught, draught / 10),
    destination: value.textOrNull(b.text(302, 120)),
    /** True: the data terminal is not ready. */
    dte: b.flag(422),
    spare: b.u(423, 1),
    raw: { imo, shipType, month, day, hour, minute, draught },
  };
}

/** Type 19: class B, position and what it is. */
export function extendedClassB(b: BitReader) {
  const speed = b.u(46, 10);
  const lon = b.i(57, 28);
  const lat = b.i(85, 27);
  const course = b.u(112, 12);
  const heading = b.u(124, 9);
  const second = b.u(133, 6);
  const shipType = b.u(263, 8);
  return {
    type: 19 as const,
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
    regional: b.u(139, 4),
    name: value.textOrNull(b.text(143, 120)),
    shipType: value.positive(shipType),
    toBow: b.u(271, 9),
    toStern: b.u(280, 9),
    toPort: b.u(289, 6),
    toStarboard: b.u(295, 6),
    epfd: b.u(301, 4),
    raim: b.flag(305),
    dte: b.flag(306),
    assigned: b.flag(307),
    spare: b.u(308, 4),
    raw: { speed, lon, lat, course, heading, second, shipType },
  };
}

/** Type 21: buoys, lights, beacons, real or virtual. */
export function aidToNavigation(b: BitReader) {
  const aidType = b.u(38, 5);
  const lon = b.i(164, 28);
  const lat = b.i(192, 27);
  const second = b.u(253, 6);
  const name = b.text(43, 120);
  // Only a name that fills its 20 characters goes on; what follows a shorter one is padding.
  const more = b.bits > 272 ? b.text(272, b.bits - 272) : '';
  return {
    type: 21 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    aidType: value.positive(aidType),
    name: value.textOrNull(name + more),
    accurate: b.flag(163),
    longitude: value.longitude(lon),
    latitude: value.latitude(lat),
    toBow: b.u(219, 9),
    toStern: b.u(228, 9),
    toPort: b.u(237, 6),
    toStarboard: b.u(243, 6),
    epfd: b.u(249, 4),
    second: value.second(second),
    /** Of a floating aid, and only when `second` is known. */
    offPosition: b.flag(259),
    regional: b.u(260, 8),
    raim: b.flag(268),
    /** True: nothing is there, a station on land says that it is. */
    virtual: b.flag(269),
    assigned: b.flag(270),
    spare: b.u(271, 1),
    raw: { aidType, lon, lat, second },
  };
}

/** Type 24 part A: the name. Part B of the same MMSI follows within a minute. */
export function staticPartA(b: BitReader) {
  return { type: 24 as const, repeat: b.u(6, 2), mmsi: b.u(8, 30), part: 'A' as const, name: value.textOrNull(b.text(40, 120)) };
}

/** Type 24 part B: the rest. Of an auxiliary craft (MMSI 98…) the mother ship's MMSI stands where the dimensions would. */
export function staticPartB(b: BitReader) {
  const mmsi = b.u(8, 30);
  const shipType = b.u(40, 8);
  const auxiliary = Math.floor(mmsi / 10_000_000) === 98;
  return {
    type: 24 as const,
    repeat: b.u(6, 2),
    mmsi,
    part: 'B' as const,
    shipType: value.positive(shipType),
    /** Seven characters as before 2010; since then three of them, a model and a serial number. */
    vendorId: value.textOrNull(b.text(48, 42)),
    vendor: value.textOrNull(b.text(48, 18)),
    model: b.u(66, 4),
    serial: b.u(70, 20),
    callSign: value.textOrNull(b.text(90, 42)),
    toBow: auxiliary ? 0 : b.u(132, 9),
    toStern: auxiliary ? 0 : b.u(141, 9),
    toPort: auxiliary ? 0 : b.u(150, 6),
    toStarboard: auxiliary ? 0 : b.u(156, 6),
    mothershipMmsi: auxiliary ? b.u(132, 30) : null,
    epfd: b.u(162, 4),
    spare: b.u(166, 2),
    raw: { shipType },
  };
}
