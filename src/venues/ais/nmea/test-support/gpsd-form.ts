/** Our messages in the words of gpsd's recorded output, unscaled: what the vector tests compare. A test helper. */
import { aidTypeText, epfdText, navigationStatusText, shipTypeText, stationTypeText, type AisMessage } from '../index.ts';
import { contentForm } from './gpsd-content.ts';

export type GpsdForm = Record<string, unknown>;

const two = (n: number): string => String(n).padStart(2, '0');
const hex = (data: { readonly bits: number; readonly bytes: Uint8Array }): string => `${data.bits}:${Buffer.from(data.bytes).toString('hex')}`;
const size = (m: { toBow: number; toStern: number; toPort: number; toStarboard: number }): GpsdForm => ({ to_bow: m.toBow, to_stern: m.toStern, to_port: m.toPort, to_starboard: m.toStarboard });
const epfd = (m: { epfd: number }): GpsdForm => ({ epfd: m.epfd, epfd_text: epfdText(m.epfd) });
const ship = (code: number): GpsdForm => ({ shiptype: code, shiptype_text: shipTypeText(code) });

/** gpsd's members of a message; of type 24 those of its part. */
export function gpsdForm(m: AisMessage): GpsdForm {
  return { class: 'AIS', type: m.type, repeat: m.repeat, mmsi: m.mmsi, scaled: false, ...form(m) };
}

function form(m: AisMessage): GpsdForm {
  switch (m.type) {
    case 1:
    case 2:
    case 3:
      return { ...m.raw, status_text: navigationStatusText(m.raw.status), accuracy: m.accurate, maneuver: m.maneuver, raim: m.raim, radio: m.radio };
    case 4:
    case 11: {
      const { year, month, day, hour, minute, second, lon, lat } = m.raw;
      const timestamp = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}Z`;
      return { timestamp, accuracy: m.accurate, lon, lat, ...epfd(m), raim: m.raim, radio: m.radio };
    }
    case 9: {
      const { alt, speed, lon, lat, course, second, regional } = m.raw;
      return { alt, speed, lon, lat, course, second, regional, accuracy: m.accurate, dte: Number(m.dte), raim: m.raim, radio: m.radio };
    }
    case 18:
      return { ...m.raw, reserved: m.reserved, accuracy: m.accurate, regional: m.regional, cs: m.carrierSense, display: m.display, dsc: m.dsc, band: m.wholeBand, msg22: m.acceptsMessage22, raim: m.raim, radio: m.radio };
    case 27: {
      const { status, lon, lat, speed, course } = m.raw;
      return { status, lon, lat, speed, course, accuracy: m.accurate, raim: m.raim, gnss: m.late };
    }
    case 5:
    case 19:
    case 21:
    case 24:
      return staticForm(m);
    default:
      return rareForm(m);
  }
}

function staticForm(m: Extract<AisMessage, { type: 5 | 19 | 21 | 24 }>): GpsdForm {
  switch (m.type) {
    case 5: {
      const { imo, month, day, hour, minute, draught, shipType } = m.raw;
      const eta = `${two(month)}-${two(day)}T${two(hour)}:${two(minute)}Z`;
      return { imo, ais_version: m.aisVersion, callsign: m.callSign ?? '', shipname: m.name ?? '', ...ship(shipType), ...size(m), ...epfd(m), eta, draught, destination: m.destination ?? '', dte: Number(m.dte) };
    }
    case 19: {
      const { speed, lon, lat, course, heading, second, shipType } = m.raw;
      const place = { speed, lon, lat, course, heading, second, reserved: m.reserved, accuracy: m.accurate, regional: m.regional };
      return { ...place, shipname: m.name ?? '', ...ship(shipType), ...size(m), ...epfd(m), raim: m.raim, dte: Number(m.dte), assigned: m.assigned };
    }
    case 21: {
      const { aidType, lon, lat, second } = m.raw;
      const place = { lon, lat, second, accuracy: m.accurate, regional: m.regional, off_position: m.offPosition, raim: m.raim, virtual_aid: m.virtual };
      return { aid_type: aidType, aid_type_text: aidTypeText(aidType), name: m.name ?? '', ...place, ...size(m), ...epfd(m) };
    }
    case 24:
      if (m.part === 'A') return { shipname: m.name ?? '' };
      return { ...ship(m.raw.shipType), vendorid: m.vendorId ?? '', model: m.model, serial: m.serial, callsign: m.callSign ?? '', ...size(m) };
  }
}

function rareForm(m: Exclude<AisMessage, { type: 1 | 2 | 3 | 4 | 5 | 9 | 11 | 18 | 19 | 21 | 24 | 27 }>): GpsdForm {
  switch (m.type) {
    case 6:
      return { seqno: m.sequence, dest_mmsi: m.destinationMmsi, retransmit: m.retransmitted, dac: m.dac, fid: m.fid, ...(contentForm(m.content) ?? { data: hex(m.data) }) };
    case 8:
      return { dac: m.dac, fid: m.fid, ...(contentForm(m.content) ?? { data: hex(m.data) }) };
    case 7:
    case 13:
      return { mmsi1: m.mmsi1, mmsi2: m.mmsi2, mmsi3: m.mmsi3, mmsi4: m.mmsi4 };
    case 10:
      return { dest_mmsi: m.destinationMmsi };
    case 12:
      return { seqno: m.sequence, dest_mmsi: m.destinationMmsi, retransmit: m.retransmitted, text: m.text };
    case 14:
      return { text: m.text };
    case 17:
      return { ...m.raw, data: hex(m.data) };
    case 25:
    case 26: {
      const base = { addressed: m.addressed, structured: m.structured, dest_mmsi: m.destinationMmsi ?? 0, app_id: m.applicationId ?? 0, data: hex(m.data) };
      return m.type === 26 ? { ...base, radio: m.radio } : base;
    }
    default:
      return orderForm(m);
  }
}

function orderForm(m: Extract<AisMessage, { type: 15 | 16 | 20 | 22 | 23 }>): GpsdForm {
  switch (m.type) {
    case 15:
      return { mmsi1: m.mmsi1, type1_1: m.type1_1, offset1_1: m.offset1_1, type1_2: m.type1_2, offset1_2: m.offset1_2, mmsi2: m.mmsi2, type2_1: m.type2_1, offset2_1: m.offset2_1 };
    case 16:
      return { mmsi1: m.mmsi1, offset1: m.offset1, increment1: m.increment1, mmsi2: m.mmsi2, offset2: m.offset2, increment2: m.increment2 };
    case 20: {
      const { type: _type, repeat: _repeat, mmsi: _mmsi, spare: _spare, ...slots } = m;
      return slots;
    }
    case 22: {
      const area = m.raw ? { ne_lon: m.raw.neLon, ne_lat: m.raw.neLat, sw_lon: m.raw.swLon, sw_lat: m.raw.swLat } : { dest1: m.mmsi1, dest2: m.mmsi2 };
      return { channel_a: m.channelA, channel_b: m.channelB, txrx: m.txrx, power: m.lowPower, ...area, addressed: m.addressed, band_a: m.bandA, band_b: m.bandB, zonesize: m.zoneSize };
    }
    case 23: {
      const { neLon, neLat, swLon, swLat } = m.raw;
      return { ne_lon: neLon, ne_lat: neLat, sw_lon: swLon, sw_lat: swLat, stationtype: m.stationType, stationtype_text: stationTypeText(m.stationType), ...ship(m.shipType), interval: m.interval, quiet: m.quietMinutes };
    }
  }
}
