/** Our values in units under the names of gpsd's scaled output. A test helper; see gpsd-form.ts for the integers. */
import type { AisMessage, ApplicationContent } from '../index.ts';

type Scaled = Readonly<Record<string, number | null>>;

const place = (m: { longitude: number | null; latitude: number | null }): Scaled => ({ lon: m.longitude, lat: m.latitude });

export function gpsdScaled(m: AisMessage): Scaled {
  switch (m.type) {
    case 1:
    case 2:
    case 3:
      return { ...place(m), turn: m.rateOfTurn, speed: m.speedKnots, course: m.courseDegrees, heading: m.headingDegrees, second: m.second, status: m.navigationStatus };
    case 4:
    case 11:
    case 17:
    case 21:
      return place(m);
    case 5:
      return { draught: m.draughtM, shiptype: m.shipType, imo: m.imo };
    case 9:
      return { ...place(m), alt: m.altitudeM, speed: m.speedKnots, course: m.courseDegrees };
    case 18:
    case 19:
      return { ...place(m), speed: m.speedKnots, course: m.courseDegrees, heading: m.headingDegrees, second: m.second };
    case 22:
      return m.addressed ? {} : { ne_lon: m.neLongitude, ne_lat: m.neLatitude, sw_lon: m.swLongitude, sw_lat: m.swLatitude };
    case 23:
      return { ne_lon: m.neLongitude, ne_lat: m.neLatitude, sw_lon: m.swLongitude, sw_lat: m.swLatitude };
    case 27:
      return { ...place(m), speed: m.speedKnots, course: m.courseDegrees, status: m.navigationStatus };
    case 6:
    case 8:
      return m.content ? contentScaled(m.content) : {};
    default:
      return {};
  }
}

function contentScaled(c: ApplicationContent): Scaled {
  switch (c.kind) {
    case 'weather':
      return {
        ...place(c), airtemp: c.airCelsius, humidity: c.humidityPercent, dewpoint: c.dewPointCelsius, pressure: c.pressureHpa, visibility: c.visibilityMiles, waterlevel: c.waterLevelM, watertemp: c.waterCelsius,
        salinity: c.salinityPermille, wspeed: c.windKnots, wgust: c.gustKnots, wdir: c.windDegrees, wgustdir: c.gustDegrees, cspeed: c.currentKnots, cdir: c.currentDegrees, waveheight: c.waveHeightM,
        waveperiod: c.wavePeriodS, wavedir: c.waveDegrees, swellheight: c.swellHeightM, swellperiod: c.swellPeriodS, swelldir: c.swellDegrees, seastate: c.seaState,
      };
    case 'aid-monitoring':
      return { ana_int: c.internalVolts, ana_ext1: c.external1Volts, ana_ext2: c.external2Volts };
    case 'clearance':
      return place(c);
    default:
      return {};
  }
}
