/** What shore stations say and order: types 4, 11 (time and place), 15, 16, 20, 22, 23 (who may speak when), 17 (corrections). */
import type { BinaryData, BitReader } from '../bits.ts';
import * as value from '../values.ts';

export type BaseStationReport = ReturnType<typeof baseStationReport>;
export type Interrogation = ReturnType<typeof interrogation>;
export type AssignmentCommand = ReturnType<typeof assignmentCommand>;
export type GnssCorrections = ReturnType<typeof gnssCorrections>;
export type DataLinkManagement = ReturnType<typeof dataLinkManagement>;
export type ChannelManagement = ReturnType<typeof channelManagement>;
export type GroupAssignment = ReturnType<typeof groupAssignment>;

/** Type 4 (base station) and 11 (a mobile's answer to an inquiry for the time). */
export function baseStationReport(b: BitReader, type: 4 | 11) {
  const year = b.u(38, 14);
  const month = b.u(52, 4);
  const day = b.u(56, 5);
  const hour = b.u(61, 5);
  const minute = b.u(66, 6);
  const second = b.u(72, 6);
  const lon = b.i(79, 28);
  const lat = b.i(107, 27);
  return {
    type,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    utc: value.utcTime(year, month, day, hour, minute, second),
    accurate: b.flag(78),
    longitude: value.longitude(lon),
    latitude: value.latitude(lat),
    epfd: b.u(134, 4),
    /** 1: the station asks for long-range reports (type 27) within its reach. */
    transmissionControl: b.u(138, 1),
    spare: b.u(139, 9),
    raim: b.flag(148),
    radio: b.u(149, 19),
    raw: { year, month, day, hour, minute, second, lon, lat },
  };
}

/** Type 15: asks one or two stations for up to three messages; 0 is "none". */
export function interrogation(b: BitReader) {
  return {
    type: 15 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    spare: b.u(38, 2),
    mmsi1: b.u(40, 30),
    type1_1: b.u(70, 6),
    offset1_1: b.u(76, 12),
    spare2: b.u(88, 2),
    type1_2: b.u(90, 6),
    offset1_2: b.u(96, 12),
    spare3: b.u(108, 2),
    mmsi2: b.u(110, 30),
    type2_1: b.u(140, 6),
    offset2_1: b.u(146, 12),
    spare4: b.u(158, 2),
  };
}

/** Type 16: gives one or two stations their slots. */
export function assignmentCommand(b: BitReader) {
  // With one destination four spare bits follow it, and no second one.
  const two = b.bits >= 144;
  return {
    type: 16 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    spare: b.u(38, 2),
    mmsi1: b.u(40, 30),
    offset1: b.u(70, 12),
    increment1: b.u(82, 10),
    mmsi2: two ? b.u(92, 30) : 0,
    offset2: two ? b.u(122, 12) : 0,
    increment2: two ? b.u(134, 10) : 0,
    spare2: two ? 0 : b.u(92, 4),
  };
}

/** Type 17: corrections for satellite navigation, whose data is kept as it came. */
export function gnssCorrections(b: BitReader) {
  const lon = b.i(40, 18);
  const lat = b.i(58, 17);
  const data: BinaryData = b.payload(80, b.bits);
  return { type: 17 as const, repeat: b.u(6, 2), mmsi: b.u(8, 30), spare: b.u(38, 2), longitude: value.coarseLongitude(lon), latitude: value.coarseLatitude(lat), spare2: b.u(75, 5), data, raw: { lon, lat } };
}

/** Type 20: slots that base stations keep for themselves; an entry of zeros is none. */
export function dataLinkManagement(b: BitReader) {
  return {
    type: 20 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    spare: b.u(38, 2),
    offset1: b.u(40, 12),
    number1: b.u(52, 4),
    timeout1: b.u(56, 3),
    increment1: b.u(59, 11),
    offset2: b.u(70, 12),
    number2: b.u(82, 4),
    timeout2: b.u(86, 3),
    increment2: b.u(89, 11),
    offset3: b.u(100, 12),
    number3: b.u(112, 4),
    timeout3: b.u(116, 3),
    increment3: b.u(119, 11),
    offset4: b.u(130, 12),
    number4: b.u(142, 4),
    timeout4: b.u(146, 3),
    increment4: b.u(149, 11),
  };
}

/** Type 22: which channels an area, or when addressed two stations, shall use. */
export function channelManagement(b: BitReader) {
  const addressed = b.flag(139);
  const raw = addressed ? null : { neLon: b.i(69, 18), neLat: b.i(87, 17), swLon: b.i(104, 18), swLat: b.i(122, 17) };
  return {
    type: 22 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    spare: b.u(38, 2),
    channelA: b.u(40, 12),
    channelB: b.u(52, 12),
    txrx: b.u(64, 4),
    lowPower: b.flag(68),
    addressed,
    neLongitude: raw ? value.coarseLongitude(raw.neLon) : null,
    neLatitude: raw ? value.coarseLatitude(raw.neLat) : null,
    swLongitude: raw ? value.coarseLongitude(raw.swLon) : null,
    swLatitude: raw ? value.coarseLatitude(raw.swLat) : null,
    mmsi1: addressed ? b.u(69, 30) : null,
    mmsi2: addressed ? b.u(104, 30) : null,
    bandA: b.flag(140),
    bandB: b.flag(141),
    zoneSize: b.u(142, 3),
    spare2: b.u(145, 23),
    raw,
  };
}

/** Type 23: how often the stations of an area and kind report. */
export function groupAssignment(b: BitReader) {
  const raw = { neLon: b.i(40, 18), neLat: b.i(58, 17), swLon: b.i(75, 18), swLat: b.i(93, 17) };
  return {
    type: 23 as const,
    repeat: b.u(6, 2),
    mmsi: b.u(8, 30),
    spare: b.u(38, 2),
    neLongitude: value.coarseLongitude(raw.neLon),
    neLatitude: value.coarseLatitude(raw.neLat),
    swLongitude: value.coarseLongitude(raw.swLon),
    swLatitude: value.coarseLatitude(raw.swLat),
    stationType: b.u(110, 4),
    shipType: b.u(114, 8),
    spare2: b.u(122, 22),
    txrx: b.u(144, 2),
    interval: b.u(146, 4),
    quietMinutes: b.u(150, 4),
    spare3: b.u(154, 6),
    raw,
  };
}
