/**
 * The columns of importable files as data: names, what people call them, and how a cell becomes what the API takes.
 * What a value must be is the API's schema (`input.ts`): it is said once.
 */
import { iso } from '../../../model/time.ts';
import type { ContainerType } from '../shipment.ts';
import type { Cell } from './cell.ts';

export interface Column {
  /** The field of the API, and the name in the header. */
  readonly name: string;
  /** Other headers, as `headerKey` writes them. */
  readonly also: readonly string[];
  /** Undefined: empty, so the default is used. What it cannot read it passes on as text, for the schema to refuse. */
  readonly read: (cell: Cell) => unknown;
  readonly required: boolean;
  /** For the template and the docs. */
  readonly about: string;
  readonly example: string;
}

/** Letters and digits alone, lower case: `Cargo value (USD)` and `cargo_value_usd` are one. */
export const headerKey = (header: string): string => header.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

const text = (cell: Cell): unknown => {
  if (cell === null || cell === '') return undefined;
  return cell instanceof Date ? writtenDate(cell) : String(cell);
};

/**
 * A number of days beyond the calendar of JavaScript reads as an invalid date: passed on in words, for the schema to
 * refuse.
 */
const writtenDate = (cell: Date): string => (Number.isNaN(cell.getTime()) ? String(cell) : iso(cell.getTime()));

/** Digits as a person writes them: thousands by comma, a leading dollar sign. `1.234,5` is not guessed at. */
const plain = (written: string): string => {
  const bare = written.trim().replace(/^(usd|us\$|\$)\s*/i, '').replace(/\s*(usd|us\$|\$)$/i, '');
  return /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare;
};
const money = (cell: Cell): unknown => {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell.toFixed(6).replace(/\.?0+$/, '') : String(cell);
  return typeof cell === 'string' ? plain(cell) : text(cell);
};
const number = (cell: Cell): unknown => {
  if (typeof cell === 'number') return cell;
  const read = typeof cell === 'string' ? plain(cell) : null;
  return read !== null && /^\d+(\.\d+)?$/.test(read) ? Number(read) : text(cell);
};
/** `7.5 %` is 0.075. */
const share = (cell: Cell): unknown => {
  const percent = typeof cell === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(cell) : null;
  return percent ? Number(percent[1]) / 100 : number(cell);
};
/** A day is its first moment, UTC; without a zone, UTC. `3/4/2026` is not guessed at. */
const time = (cell: Cell): unknown => {
  if (cell instanceof Date) return writtenDate(cell);
  if (typeof cell !== 'string') return text(cell);
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i.exec(cell);
  if (!match) return cell;
  const [, day, clock = '00:00', zone = 'Z'] = match;
  return `${day}T${clock.length === 5 ? `${clock}:00` : clock}${/^(z|utc)$/i.test(zone) ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`}`;
};
const wall = (cell: Cell): unknown => {
  // A spreadsheet keeps a time of day as a day of 1899 or 1900, or as a share of a day.
  const minutes = cell instanceof Date ? cell.getUTCHours() * 60 + cell.getUTCMinutes() : typeof cell === 'number' && cell >= 0 && cell < 1 ? Math.round(cell * 1_440) : null;
  if (minutes !== null) return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return typeof cell === 'string' && /^\d:\d{2}$/.test(cell) ? `0${cell}` : text(cell);
};
const lower = (cell: Cell): unknown => (typeof cell === 'string' ? cell.trim().toLowerCase().replace(/[\s-]+/g, '_') : text(cell));

/** What carriers' papers call the same boxes. ISO 6346 size and type groups in brackets. */
const BOXES: Readonly<Record<string, ContainerType>> = Object.freeze({
  '20': '20GP', '20gp': '20GP', '20dv': '20GP', '20dc': '20GP', '20st': '20GP', '20ft': '20GP', '22g1': '20GP', '22g0': '20GP',
  '20rf': '20RF', '20re': '20RF', '20rh': '20RF', '22r1': '20RF',
  '40': '40GP', '40gp': '40GP', '40dv': '40GP', '40dc': '40GP', '40st': '40GP', '40ft': '40GP', '42g1': '40GP', '42g0': '40GP',
  '40hc': '40HC', '40hq': '40HC', '40high': '40HC', '40highcube': '40HC', '45g1': '40HC', '45g0': '40HC',
  '40rh': '40RH', '40rf': '40RH', '40re': '40RH', '40hr': '40RH', '45r1': '40RH',
  '45': '45HC', '45hc': '45HC', '45hq': '45HC', l5g1: '45HC',
});
const box = (cell: Cell): unknown => (cell === null ? undefined : (BOXES[headerKey(String(cell))] ?? text(cell)));

const column = (name: string, about: string, example: string, read: Column['read'], rest: { required?: boolean; also?: readonly string[] } = {}): Column =>
  Object.freeze({ name, about, example, read, required: rest.required ?? false, also: rest.also ?? [] });
const required = true;

export const SHIPMENT_COLUMNS: readonly Column[] = Object.freeze([
  column('reference', 'what people call it; with the customer it is known again', 'PO-2026-0417', text, { required, also: ['shipmentreference', 'ref', 'shipment', 'po', 'ponumber'] }),
  column('customer_id', 'of a customer that is there; may be left out when the import names one', 'harbour-vale', text, { also: ['customer', 'client', 'clientid'] }),
  column('from', 'port of loading, UN/LOCODE', 'CNSHA', text, { required, also: ['fromport', 'origin', 'originport', 'pol', 'portofloading', 'loadport'] }),
  column('to', 'port of discharge, UN/LOCODE', 'NLRTM', text, { required, also: ['toport', 'destination', 'destinationport', 'pod', 'portofdischarge', 'dischargeport'] }),
  column('etd', 'departure: a day, or a time with its zone (none: UTC)', '2026-12-01', time, { required, also: ['departure', 'departuredate', 'estimateddeparture'] }),
  column('eta', 'arrival: a day, or a time with its zone (none: UTC)', '2026-12-30T06:00Z', time, { required, also: ['arrival', 'arrivaldate', 'estimatedarrival'] }),
  column('cargo_value_usd', 'of the whole shipment, US dollars', '1250000', money, { required, also: ['cargovalue', 'value', 'valueusd', 'invoicevalue'] }),
  column('containers', 'how many', '12', number, { required, also: ['containercount', 'boxes', 'numberofcontainers', 'qty', 'quantity'] }),
  column('container_type', '20GP, 20RF, 40GP, 40HC, 40RH or 45HC; the usual other names are understood', '40HC', box, { required, also: ['type', 'equipment', 'equipmenttype', 'containersize'] }),
  column('goods_class', 'general, time_sensitive or perishable', 'general', lower, { required, also: ['goods', 'cargoclass', 'commodityclass'] }),
  column('carrier', 'SCAC', 'MAEU', text, { also: ['scac', 'line', 'shippingline'] }),
  column('vessel', 'name of the ship', '', text, { also: ['vesselname', 'ship'] }),
  column('booking_reference', 'of the carrier', '', text, { also: ['booking', 'bookingnumber', 'bookingno'] }),
  column('status', 'booked, in_transit, at_port, delivered or cancelled', 'booked', lower, { also: ['state'] }),
  column('penalty_per_day_usd', 'for each late day after the free ones', '2000', money, { also: ['penaltyperday', 'latepenalty', 'delaypenaltyperday'] }),
  column('penalty_free_days', 'late days that cost nothing', '3', number, { also: ['freedays', 'gracedays'] }),
  column('penalty_cap_usd', 'the penalty grows no further', '40000', money, { also: ['penaltycap', 'maxpenalty'] }),
]);

export const CUSTOMER_COLUMNS: readonly Column[] = Object.freeze([
  column('id', 'lower-case letters, digits, _ and -; made from the name when left out', 'harbour-vale', text, { also: ['customerid'] }),
  column('name', 'of the firm', 'Harbour & Vale Trading', text, { required, also: ['customer', 'customername', 'company'] }),
  column('language', 'of its messages: en, vi, zh or es', 'en', text, { required, also: ['lang'] }),
  column('timezone', 'IANA', 'Europe/London', text, { required, also: ['tz', 'zone'] }),
  column('whatsapp', 'phone number in E.164', '+447700900123', text, { also: ['phone', 'whatsappnumber', 'mobile'] }),
  column('email', 'one mailbox', 'desk@example.com', text, { also: ['mail', 'emailaddress'] }),
  column('telegram', 'chat id', '', text, { also: ['telegramchat', 'telegramid'] }),
  column('slack', 'address of an incoming webhook', '', text, { also: ['slackwebhook'] }),
  column('teams', 'address of a workflow', '', text, { also: ['teamswebhook', 'msteams'] }),
  column('webhook', 'address of the customer’s own system', '', text, { also: ['webhookurl'] }),
  column('min_exposure_usd', 'below it nothing is told', '100000', money, { also: ['minexposure', 'exposurethreshold'] }),
  column('min_probability', '0 to 1, or percent', '5%', share, { also: ['minprobability', 'probabilitythreshold'] }),
  column('risk_tolerance', 'conservative, balanced or aggressive', 'balanced', lower, { also: ['risk', 'riskappetite'] }),
  column('quiet_from', 'local time of day at which the quiet hours begin', '22:00', wall, { also: ['quietstart'] }),
  column('quiet_to', 'and end', '07:00', wall, { also: ['quietend'] }),
]);
