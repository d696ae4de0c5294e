/** What the coded fields mean, in the words of ITU-R M.1371-5 (annex 8, tables 45, 48, 53, 74, 77). Not here: their decoding. */

const STATUS = [
  'Under way using engine', 'At anchor', 'Not under command', 'Restricted maneuverability', 'Constrained by her draught', 'Moored', 'Aground',
  'Engaged in fishing', 'Under way sailing', 'Reserved for HSC', 'Reserved for WIG', 'Power-driven vessel towing astern',
  'Power-driven vessel pushing ahead', 'Reserved', 'AIS-SART is active', 'Not defined',
] as const;

/** @param code 0 to 15 */
export const navigationStatusText = (code: number): string => STATUS[code] ?? 'Not defined';

const EPFD = ['Undefined', 'GPS', 'GLONASS', 'Combined GPS/GLONASS', 'Loran-C', 'Chayka', 'Integrated navigation system', 'Surveyed', 'Galileo'] as const;

/** Kind of position device. @param code 0 to 15 */
export const epfdText = (code: number): string => (code === 15 ? 'Internal GNSS' : (EPFD[code] ?? `Reserved (${code})`));

const FAMILIES: Readonly<Record<number, string>> = { 2: 'Wing in ground (WIG)', 4: 'High speed craft (HSC)', 6: 'Passenger', 7: 'Cargo', 8: 'Tanker', 9: 'Other Type' };
const CARGO = [' - all ships of this type', ' - Hazardous category A', ' - Hazardous category B', ' - Hazardous category C', ' - Hazardous category D'] as const;
const SPECIAL = [
  'Fishing', 'Towing', 'Towing: length exceeds 200m or breadth exceeds 25m', 'Dredging or underwater ops', 'Diving ops', 'Military ops', 'Sailing', 'Pleasure Craft', 'Reserved', 'Reserved',
  '', '', '', '', '', '', '', '', '', '',
  'Pilot Vessel', 'Search and Rescue vessel', 'Tug', 'Port Tender', 'Anti-pollution equipment', 'Law Enforcement', 'Spare - Local Vessel', 'Spare - Local Vessel', 'Medical Transport', 'Ship according to RR Resolution No. 18',
] as const;

/** @param code 0 to 99; above is for regional use */
export function shipTypeText(code: number): string {
  const tens = Math.floor(code / 10);
  if (code === 0) return 'Not available';
  if (tens === 3 || tens === 5) return SPECIAL[code - 30]!;
  const family = FAMILIES[tens];
  if (family === undefined) return code < 100 ? 'Reserved for future use' : 'Regional use';
  const unit = code % 10;
  if (unit === 9 && tens !== 2) return `${family} - No additional information`;
  return `${family}${CARGO[unit] ?? ' - Reserved for future use'}`;
}

const AIDS = [
  'Default, Type of Aid to Navigation not specified', 'Reference point', 'RACON (radar transponder marking a navigation hazard)', 'Fixed offshore structure', 'Spare, Reserved for future use.',
  'Light, without sectors', 'Light, with sectors', 'Leading Light Front', 'Leading Light Rear', 'Beacon, Cardinal N', 'Beacon, Cardinal E', 'Beacon, Cardinal S', 'Beacon, Cardinal W',
  'Beacon, Port hand', 'Beacon, Starboard hand', 'Beacon, Preferred Channel port hand', 'Beacon, Preferred Channel starboard hand', 'Beacon, Isolated danger', 'Beacon, Safe water', 'Beacon, Special mark',
  'Cardinal Mark N', 'Cardinal Mark E', 'Cardinal Mark S', 'Cardinal Mark W', 'Port hand Mark', 'Starboard hand Mark', 'Preferred Channel Port hand', 'Preferred Channel Starboard hand',
  'Isolated danger', 'Safe Water', 'Special Mark', 'Light Vessel / LANBY / Rigs',
] as const;

/** @param code 0 to 31 */
export const aidTypeText = (code: number): string => AIDS[code] ?? AIDS[0];

const STATIONS = [
  'All types of mobiles', 'Reserved for future use', 'All types of Class B mobile stations', 'SAR airborne mobile station', 'Aid to Navigation station', 'Class B shipborne mobile station (IEC62287 only)',
  'Regional use and inland waterways', 'Regional use and inland waterways', 'Regional use and inland waterways', 'Regional use and inland waterways',
] as const;

/** Whom a group assignment is for. @param code 0 to 15 */
export const stationTypeText = (code: number): string => STATIONS[code] ?? 'Reserved for future use';

const HAZARDS = ['0 blue cones/lights', '1 blue cone/light', '2 blue cones/lights', '3 blue cones/lights', '4 B-Flag', 'Unknown'] as const;

/** Dangerous goods of an inland ship. @param code 0 to 7 */
export const hazardText = (code: number): string => HAZARDS[code] ?? 'Reserved';

const LOADS = ['N/A (default)', 'Unloaded', 'Loaded'] as const;

/** @param code 0 to 3 */
export const loadedText = (code: number): string => LOADS[code] ?? 'Reserved';
