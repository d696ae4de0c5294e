/** Our messages in the words of libais's recorded output: what the vector test compares, one function a member. A test helper. */
import { aidTypeText, communicationState, epfdText, navigationStatusText, shipTypeText, stationTypeText, type AisMessage, type ApplicationContent } from '../index.ts';

type Any = Readonly<Record<string, unknown>>;
type Raw = Readonly<Record<string, number>>;

/** Members that only say how libais was run. */
export const LIBAIS_FRAME: readonly string[] = ['class', 'device', 'scaled'];

/** Degrees a unit, as far as each type sends them. */
const fine = (m: AisMessage): number => (m.type === 17 || m.type === 22 || m.type === 23 || m.type === 27 ? 600 : 600_000);
const raw = (m: AisMessage): Raw => ('raw' in m && m.raw ? (m.raw as Raw) : {});
const two = (n: number): string => String(n).padStart(2, '0');

/** Names that differ only by our style. */
const RENAMED: Readonly<Record<string, string>> = {
  accuracy: 'accurate', dest_mmsi: 'destinationMmsi', seqno: 'sequence', retransmit: 'retransmitted', callsign: 'callSign', shipname: 'name', to_bow: 'toBow', to_stern: 'toStern', to_port: 'toPort',
  to_starboard: 'toStarboard', ais_version: 'aisVersion', draught: 'draughtM', transmission_ctl: 'transmissionControl', unit: 'carrierSense', band: 'wholeBand', msg22: 'acceptsMessage22', mode: 'assigned',
  channel_a: 'channelA', channel_b: 'channelB', power: 'lowPower', zonesize: 'zoneSize', off_position: 'offPosition', virtual_aid: 'virtual', stationtype: 'stationType', quiet: 'quietMinutes', gnss: 'late',
};

const COMPUTED: Readonly<Record<string, (m: AisMessage, any: Any) => unknown>> = {
  lon: (m) => raw(m)['lon']! / fine(m),
  lat: (m) => raw(m)['lat']! / fine(m),
  ne_lon: (m) => raw(m)['neLon']! / 600,
  ne_lat: (m) => raw(m)['neLat']! / 600,
  sw_lon: (m) => raw(m)['swLon']! / 600,
  sw_lat: (m) => raw(m)['swLat']! / 600,
  turn: (m, any) => any['rateOfTurn'],
  speed: (m) => (m.type === 27 ? raw(m)['speed'] : raw(m)['speed']! / 10),
  course: (m) => (m.type === 27 ? raw(m)['course'] : raw(m)['course']! / 10),
  heading: (m) => raw(m)['heading'],
  second: (m) => raw(m)['second'],
  status: (m) => raw(m)['status'],
  status_text: (m) => navigationStatusText(raw(m)['status']!),
  epfd_text: (_m, any) => epfdText(Number(any['epfd'])),
  shiptype: (_m, any) => any['shipType'],
  shiptype_text: (_m, any) => shipTypeText(Number(any['shipType'])).replace(' - ', ', '),
  aid_type: (m) => raw(m)['aidType'],
  aid_type_text: (m) => aidTypeText(raw(m)['aidType']!),
  stationtype_text: (_m, any) => stationTypeText(Number(any['stationType'])),
  imo: (_m, any) => String(any['imo']),
  dte: (m, any) => Number(any['dte']),
  part_num: (_m, any) => (any['part'] === 'A' ? 0 : 1),
  alt: (m) => raw(m)['alt'],
  alt_sensor: (_m, any) => Number(any['barometric']),
  band_a: (_m, any) => Number(any['bandA']),
  band_b: (_m, any) => Number(any['bandB']),
  cs: (_m, any) => Number(any['radio']) >>> 19 === 1,
  commstate_cs_fill: (_m, any) => Number(any['radio']) & 0x7ffff,
  timestamp: (m) => {
    const t = raw(m);
    return `${String(t['year']).padStart(4, '0')}-${two(t['month']!)}-${two(t['day']!)}T${two(t['hour']!)}:${two(t['minute']!)}:${two(t['second']!)}Z`;
  },
  spare: (m, any) => (m.type === 18 ? any['regional'] : any['spare']),
  spare2: (m, any) => (m.type === 18 ? any['reserved'] : any['spare2']),
  dac: (m, any) => (m.type === 26 ? Number(m.applicationId) >>> 6 : any['dac']),
  fid: (m, any) => (m.type === 26 ? Number(m.applicationId) & 63 : any['fid']),
  sync_state: (m) => state(m)['syncState'],
  slot_timeout: (m) => state(m)['slotTimeout'],
  slot_number: (m) => state(m)['slotNumber'],
  slot_offset: (m) => state(m)['slotOffset'],
  slot_increment: (m) => state(m)['slotIncrement'],
  slots_to_allocate: (m) => state(m)['slotsToAllocate'],
  keep_flag: (m) => state(m)['keepFlag'],
  received_stations: (m) => state(m)['stations'],
};

const state = (m: AisMessage): Any => ('radio' in m ? { ...communicationState(m.type, m.radio) } : {});

/** What libais puts beside the header of two applications. */
const CONTENT: Readonly<Record<string, (content: ApplicationContent) => unknown>> = {
  link_id: (c) => (c.kind === 'area-notice' ? c.link : undefined),
  notice_type: (c) => (c.kind === 'area-notice' ? c.notice : undefined),
  duration_minutes: (c) => (c.kind === 'area-notice' ? c.durationMinutes : undefined),
  sub_areas: (c) => (c.kind === 'area-notice' ? c.shapes.map((s) => ({ sub_area_type: 0, sub_area_type_str: s.shape, precision: s.precision, radius: s.radiusM, y: s.latitude, x: s.longitude })) : undefined),
  ack_required: (c) => (c.kind === 'plain-text' ? c.acknowledge : undefined),
  msg_seq: (c) => (c.kind === 'plain-text' ? c.number : undefined),
  text: (c) => (c.kind === 'plain-text' ? c.text : undefined),
};

/** The value of libais's member `key`, of our decoding. Undefined: we have none such. */
export function libaisValue(m: AisMessage, key: string): unknown {
  const any: Any = { ...m };
  if ('content' in m && m.content && Object.hasOwn(CONTENT, key)) return CONTENT[key]!(m.content);
  return Object.hasOwn(COMPUTED, key) ? COMPUTED[key]!(m, any) : any[RENAMED[key] ?? key];
}
