/** About a voyage: dangerous cargo, tidal windows, clearance, text (IMO SN.1/Circ.236 and 289), inland ships (UN-ECE), aids' health. */
import type { BitReader } from '../bits.ts';
import { latitude, longitude, middleLatitude, middleLongitude, monthDayTime, positive, textOrNull, unless } from '../values.ts';

export type DangerousCargo = ReturnType<typeof dangerousCargo>;
export type TidalWindows = ReturnType<typeof tidalWindows>;
export type ClearanceTime = ReturnType<typeof clearanceTime>;
export type LinkedText = ReturnType<typeof linkedText>;
export type InlandShip = ReturnType<typeof inlandShip>;
export type AidMonitoring = ReturnType<typeof aidMonitoring>;

/** Four numbers: month 4, day 5, hour 5, minute 6 bits. */
const time = (b: BitReader, at: number) => ({ month: b.u(at, 4), day: b.u(at + 4, 5), hour: b.u(at + 9, 5), minute: b.u(at + 14, 6) });
const told = (t: ReturnType<typeof time>): string | null => monthDayTime(t.month, t.day, t.hour, t.minute);

/** Type 6, DAC 1, FID 12. */
export function dangerousCargo(b: BitReader) {
  const departure = time(b, 118);
  const eta = time(b, 168);
  return {
    kind: 'dangerous-cargo' as const,
    lastPort: textOrNull(b.text(88, 30)),
    departure: told(departure),
    nextPort: textOrNull(b.text(138, 30)),
    eta: told(eta),
    goods: textOrNull(b.text(188, 120)),
    imdCategory: textOrNull(b.text(308, 24)),
    unNumber: positive(b.u(332, 13)),
    amount: positive(b.u(345, 10)),
    /** 1 kg, 2 t, 3 kt. */
    unit: positive(b.u(355, 2)),
    raw: { departure, eta },
  };
}

/** More than the circulars allow in one message. */
const WINDOWS_MAX = 3;
const WINDOWS_START = 97;

/**
 * Type 6, DAC 1: FID 14 (positions in 1/10,000 of a minute) and FID 32 (1/1,000). The first window is read as far as the message
 * goes, for stations leave zeros off at its end.
 */
export function tidalWindows(b: BitReader, fid: 14 | 32) {
  const [lonBits, latBits, speedBits] = fid === 14 ? ([28, 27, 7] as const) : ([25, 24, 8] as const);
  const size = lonBits + latBits + 31 + speedBits;
  const windows: ReturnType<typeof tidalWindow>[] = [];
  for (let at = WINDOWS_START; windows.length < WINDOWS_MAX && at + (windows.length === 0 ? 1 : size) <= b.bits; at += size) {
    windows.push(tidalWindow(b, at, fid, lonBits, latBits, speedBits));
  }
  return { kind: 'tidal-windows' as const, month: positive(b.u(88, 4)), day: positive(b.u(92, 5)), windows };
}

function tidalWindow(b: BitReader, start: number, fid: 14 | 32, lonBits: number, latBits: number, speedBits: number) {
  const lon = fid === 14 ? b.i(start + latBits, lonBits) : b.i(start, lonBits);
  const lat = fid === 14 ? b.i(start, latBits) : b.i(start + lonBits, latBits);
  const at = start + lonBits + latBits;
  const raw = { lon, lat, fromHour: b.u(at, 5), fromMinute: b.u(at + 5, 6), toHour: b.u(at + 11, 5), toMinute: b.u(at + 16, 6), cdir: b.u(at + 22, 9), cspeed: b.u(at + 31, speedBits) };
  return {
    longitude: fid === 14 ? longitude(lon) : middleLongitude(lon),
    latitude: fid === 14 ? latitude(lat) : middleLatitude(lat),
    currentDegrees: raw.cdir >= 360 ? null : raw.cdir,
    currentKnots: unless(2 ** speedBits - 1, raw.cspeed, raw.cspeed / 10),
    raw,
  };
}

/** Type 6, DAC 1, FID 18: when a ship may enter a port. */
export function clearanceTime(b: BitReader) {
  const arrival = time(b, 98);
  const lon = b.i(268, 25);
  const lat = b.i(293, 24);
  return {
    kind: 'clearance' as const,
    link: b.u(88, 10),
    arrival: told(arrival),
    port: textOrNull(b.text(118, 120)),
    destination: textOrNull(b.text(238, 30)),
    longitude: middleLongitude(lon),
    latitude: middleLatitude(lat),
    raw: { arrival, lon, lat },
  };
}

/** DAC 1: FID 30 of type 6, FID 29 of type 8: text that belongs to another message by its link. */
export function linkedText(b: BitReader, type: 6 | 8) {
  const at = type === 6 ? 88 : 56;
  return { kind: 'text' as const, link: b.u(at, 10), text: b.text(at + 10, b.bits - at - 10) };
}

/** DAC 1, FID 0: plain text, from bit 11 behind an acknowledgement flag and a number. */
export function plainText(b: BitReader, type: 6 | 8) {
  const at = type === 6 ? 88 : 56;
  return { kind: 'plain-text' as const, acknowledge: b.flag(at), number: b.u(at + 1, 11), text: b.text(at + 12, b.bits - at - 12) };
}
export type PlainText = ReturnType<typeof plainText>;

/** Type 8, DAC 200, FID 10: what an inland ship is. */
export function inlandShip(b: BitReader) {
  const raw = { length: b.u(104, 13), beam: b.u(117, 10), shipType: b.u(127, 14), draught: b.u(144, 11) };
  return {
    kind: 'inland-ship' as const,
    /** Unique European vessel identification number. */
    europeanNumber: textOrNull(b.text(56, 48)),
    lengthM: unless(0, raw.length, raw.length / 10),
    beamM: unless(0, raw.beam, raw.beam / 10),
    /** ERI code. */
    shipType: positive(raw.shipType),
    /** Blue cones or lights: 0 to 3, 4 the B flag, 5 not known. */
    hazard: b.u(141, 3),
    draughtM: unless(0, raw.draught, raw.draught / 100),
    /** 1 unloaded, 2 loaded. */
    loaded: positive(b.u(155, 2)),
    speedReliable: b.flag(157),
    courseReliable: b.flag(158),
    headingReliable: b.flag(159),
    raw,
  };
}

/** Type 6, DAC 235 (United Kingdom) or 250 (Ireland), FID 10: the health of an aid to navigation. */
export function aidMonitoring(b: BitReader) {
  const raw = { internal: b.u(88, 10), external1: b.u(98, 10), external2: b.u(108, 10), racon: b.u(118, 2), light: b.u(120, 2) };
  return {
    kind: 'aid-monitoring' as const,
    internalVolts: unless(0, raw.internal, raw.internal / 20),
    external1Volts: unless(0, raw.external1, raw.external1 / 20),
    external2Volts: unless(0, raw.external2, raw.external2 / 20),
    /** 1 not monitored, 2 works, 3 has a fault; 0 is none. */
    racon: positive(raw.racon),
    /** 1 on, 2 off, 3 has a fault. */
    light: positive(raw.light),
    alarm: b.flag(122),
    external: b.u(123, 8),
    offPosition: b.flag(131),
    raw,
  };
}
