/**
 * Weather and water at a place: IMO SN.1/Circ.236 (DAC 1, FID 11) and its successor SN.1/Circ.289 (FID 31).
 * Values in the units of their names; `raw` holds the integers, where each field's largest values mean "not available".
 */
import type { BitReader } from '../bits.ts';
import { middleLatitude, middleLongitude, unless } from '../values.ts';

export type WeatherReport = ReturnType<typeof weather236> | ReturnType<typeof weather289>;

/** Currents, waves and swell have the same widths in both, one after the other from `at`. */
function watersFrom(b: BitReader, at: number) {
  return {
    cspeed: b.u(at, 8),
    cdir: b.u(at + 8, 9),
    cspeed2: b.u(at + 17, 8),
    cdir2: b.u(at + 25, 9),
    cdepth2: b.u(at + 34, 5),
    cspeed3: b.u(at + 39, 8),
    cdir3: b.u(at + 47, 9),
    cdepth3: b.u(at + 56, 5),
    waveheight: b.u(at + 61, 8),
    waveperiod: b.u(at + 69, 6),
    wavedir: b.u(at + 75, 9),
    swellheight: b.u(at + 84, 8),
    swellperiod: b.u(at + 92, 6),
    swelldir: b.u(at + 98, 9),
    seastate: b.u(at + 107, 4),
  };
}

/** Day, hour and minute, wind speed and direction, from `at`. */
function windsFrom(b: BitReader, at: number) {
  return { day: b.u(at, 5), hour: b.u(at + 5, 5), minute: b.u(at + 10, 6), wspeed: b.u(at + 16, 7), wgust: b.u(at + 23, 7), wdir: b.u(at + 30, 9), wgustdir: b.u(at + 39, 9) };
}

type Shared = ReturnType<typeof watersFrom> & ReturnType<typeof windsFrom>;

const direction = (raw: number): number | null => (raw >= 360 ? null : raw);

const sharedValues = (raw: Shared) => ({
  windKnots: unless(127, raw.wspeed, raw.wspeed),
  gustKnots: unless(127, raw.wgust, raw.wgust),
  windDegrees: direction(raw.wdir),
  gustDegrees: direction(raw.wgustdir),
  currentKnots: unless(255, raw.cspeed, raw.cspeed / 10),
  currentDegrees: direction(raw.cdir),
  waveHeightM: unless(255, raw.waveheight, raw.waveheight / 10),
  wavePeriodS: unless(63, raw.waveperiod, raw.waveperiod),
  waveDegrees: direction(raw.wavedir),
  swellHeightM: unless(255, raw.swellheight, raw.swellheight / 10),
  swellPeriodS: unless(63, raw.swellperiod, raw.swellperiod),
  swellDegrees: direction(raw.swelldir),
  /** Beaufort. */
  seaState: raw.seastate > 12 ? null : raw.seastate,
});

/** Fixed at 352 bits; temperatures are unsigned with an offset. */
export function weather236(b: BitReader) {
  const raw = {
    lat: b.i(56, 24),
    lon: b.i(80, 25),
    ...windsFrom(b, 105),
    airtemp: b.u(153, 11),
    humidity: b.u(164, 7),
    dewpoint: b.u(171, 10),
    pressure: b.u(181, 9),
    pressuretend: b.u(190, 2),
    visibility: b.u(192, 8),
    waterlevel: b.u(200, 9),
    leveltrend: b.u(209, 2),
    ...watersFrom(b, 211),
    watertemp: b.u(322, 10),
    preciptype: b.u(332, 3),
    salinity: b.u(335, 9),
    ice: b.u(344, 2),
  };
  return {
    kind: 'weather' as const,
    circular: 236 as const,
    latitude: middleLatitude(raw.lat),
    longitude: middleLongitude(raw.lon),
    airCelsius: raw.airtemp > 1_200 ? null : raw.airtemp / 10 - 60,
    humidityPercent: raw.humidity > 100 ? null : raw.humidity,
    dewPointCelsius: raw.dewpoint > 700 ? null : raw.dewpoint / 10 - 20,
    pressureHpa: raw.pressure > 400 ? null : raw.pressure + 800,
    visibilityMiles: raw.visibility === 255 ? null : raw.visibility / 10,
    waterLevelM: raw.waterlevel > 400 ? null : raw.waterlevel / 10 - 10,
    waterCelsius: raw.watertemp > 600 ? null : raw.watertemp / 10 - 10,
    salinityPermille: raw.salinity > 500 ? null : raw.salinity / 10,
    ...sharedValues(raw),
    raw,
  };
}

/** Fixed at 360 bits; temperatures are signed. */
export function weather289(b: BitReader) {
  const raw = {
    lon: b.i(56, 25),
    lat: b.i(81, 24),
    accuracy: b.u(105, 1),
    ...windsFrom(b, 106),
    airtemp: b.i(154, 11),
    humidity: b.u(165, 7),
    dewpoint: b.i(172, 10),
    pressure: b.u(182, 9),
    pressuretend: b.u(191, 2),
    visgreater: b.u(193, 1),
    visibility: b.u(194, 7),
    waterlevel: b.u(201, 12),
    leveltrend: b.u(213, 2),
    ...watersFrom(b, 215),
    watertemp: b.i(326, 10),
    preciptype: b.u(336, 3),
    salinity: b.u(339, 9),
    ice: b.u(348, 2),
  };
  return {
    kind: 'weather' as const,
    circular: 289 as const,
    latitude: middleLatitude(raw.lat),
    longitude: middleLongitude(raw.lon),
    airCelsius: Math.abs(raw.airtemp) > 600 ? null : raw.airtemp / 10,
    humidityPercent: raw.humidity > 100 ? null : raw.humidity,
    dewPointCelsius: raw.dewpoint > 500 || raw.dewpoint < -200 ? null : raw.dewpoint / 10,
    pressureHpa: raw.pressure > 402 ? null : raw.pressure + 799,
    visibilityMiles: raw.visibility === 127 ? null : raw.visibility / 10,
    waterLevelM: raw.waterlevel > 4_000 ? null : raw.waterlevel / 100 - 10,
    waterCelsius: raw.watertemp > 500 || raw.watertemp < -100 ? null : raw.watertemp / 10,
    salinityPermille: raw.salinity > 500 ? null : raw.salinity / 10,
    ...sharedValues(raw),
    raw,
  };
}
