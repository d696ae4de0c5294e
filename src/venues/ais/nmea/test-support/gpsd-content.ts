/** The applications inside binary messages in gpsd's words, unscaled. A test helper; see gpsd-form.ts. */
import { hazardText, loadedText, type ApplicationContent } from '../index.ts';

type Form = Record<string, unknown>;

const two = (n: number): string => String(n).padStart(2, '0');
const clock = (t: { month: number; day: number; hour: number; minute: number }): string => `${two(t.month)}-${two(t.day)}T${two(t.hour)}:${two(t.minute)}Z`;
const PRECIPITATION = ['reserved', 'rain', 'thunderstorm', 'freezing rain', 'mixed/ice', 'snow', 'reserved', 'N/A'];
const ICE = ['no', 'yes', 'reserved', 'N/A'];
const RACON = ['no RACON installed', 'RACON not monitored', 'RACON operational', 'RACON ERROR'];
const LIGHT = ['no light or no monitoring', 'Light ON', 'Light OFF', 'Light ERROR'];

/** Null where gpsd prints the data as it came. */
export function contentForm(content: ApplicationContent | null): Form | null {
  switch (content?.kind) {
    case 'weather': {
      const { day, hour, minute, ...rest } = content.raw;
      const timestamp = `${two(day)}T${two(hour)}:${two(minute)}Z`;
      if (content.circular === 236) return { ...rest, timestamp, preciptype_text: PRECIPITATION[rest.preciptype], ice_text: ICE[rest.ice] };
      return { ...rest, timestamp, accuracy: content.raw.accuracy === 1, visgreater: content.raw.visgreater === 1 };
    }
    case 'dangerous-cargo':
      return {
        lastport: content.lastPort ?? '', departure: clock(content.raw.departure), nextport: content.nextPort ?? '', eta: clock(content.raw.eta),
        dangerous: content.goods ?? '', imdcat: content.imdCategory ?? '', unid: content.unNumber ?? 0, amount: content.amount ?? 0, unit: content.unit ?? 0,
      };
    case 'tidal-windows': {
      const tidals = content.windows.map(({ raw: w }) => ({ lon: w.lon, lat: w.lat, from_hour: w.fromHour, from_min: w.fromMinute, to_hour: w.toHour, to_min: w.toMinute, cdir: w.cdir, cspeed: w.cspeed }));
      return { month: content.month ?? 0, day: content.day ?? 0, tidals };
    }
    case 'clearance':
      return { linkage: content.link, arrival: clock(content.raw.arrival), portname: content.port ?? '', destination: content.destination ?? '', lon: content.raw.lon, lat: content.raw.lat };
    case 'text':
      return { linkage: content.link, text: content.text };
    case 'inland-ship':
      return {
        vin: content.europeanNumber ?? '', length: content.raw.length, beam: content.raw.beam, shiptype: content.raw.shipType, hazard: content.hazard, draught: content.raw.draught,
        loaded: content.loaded ?? 0, hazard_text: hazardText(content.hazard), loaded_text: loadedText(content.loaded ?? 0), speed_q: content.speedReliable, course_q: content.courseReliable, heading_q: content.headingReliable,
      };
    case 'aid-monitoring': {
      const { internal, external1, external2, racon, light } = content.raw;
      return { off_pos: content.offPosition, alarm: content.alarm, stat_ext: content.external, ana_int: internal, ana_ext1: external1, ana_ext2: external2, racon, racon_text: RACON[racon], light, light_text: LIGHT[light] };
    }
    default:
      return null;
  }
}
