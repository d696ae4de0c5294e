/** Which reader an application's data has, by type, area code, function and length. Without one the data stays as it came. */
import type { BitReader } from '../bits.ts';
import { areaNotice, type AreaNotice } from './area-notice.ts';
import { aidMonitoring, clearanceTime, dangerousCargo, inlandShip, linkedText, plainText, tidalWindows, type AidMonitoring, type ClearanceTime, type DangerousCargo, type InlandShip, type LinkedText, type PlainText, type TidalWindows } from './voyage.ts';
import { weather236, weather289, type WeatherReport } from './weather.ts';

export type ApplicationContent = WeatherReport | DangerousCargo | TidalWindows | ClearanceTime | LinkedText | PlainText | InlandShip | AidMonitoring | AreaNotice;

const WEATHER_236_BITS = 352;
const WEATHER_289_BITS = 360;
const INLAND_BITS = 168;
const AID_BITS = 136;

export function readApplication(b: BitReader, type: 6 | 8, dac: number, fid: number): ApplicationContent | null {
  if (dac === 1) return type === 6 ? readAddressed(b, fid) : readBroadcast(b, fid);
  if (type === 8 && dac === 200 && fid === 10 && b.bits === INLAND_BITS) return inlandShip(b);
  if (type === 6 && (dac === 235 || dac === 250) && fid === 10 && b.bits >= AID_BITS) return aidMonitoring(b);
  return null;
}

function readAddressed(b: BitReader, fid: number): ApplicationContent | null {
  switch (fid) {
    case 0:
      return plainText(b, 6);
    case 12:
      return dangerousCargo(b);
    case 14:
    case 32:
      return tidalWindows(b, fid);
    case 18:
      return clearanceTime(b);
    case 23:
      return areaNotice(b, 6);
    case 30:
      return linkedText(b, 6);
    default:
      return null;
  }
}

function readBroadcast(b: BitReader, fid: number): ApplicationContent | null {
  switch (fid) {
    case 0:
      return plainText(b, 8);
    case 11:
      return b.bits >= WEATHER_236_BITS ? weather236(b) : null;
    case 22:
      return areaNotice(b, 8);
    case 29:
      return linkedText(b, 8);
    case 31:
      return b.bits >= WEATHER_289_BITS ? weather289(b) : null;
    default:
      return null;
  }
}
