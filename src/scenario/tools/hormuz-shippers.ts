/**
 * Three invented customers and thirteen invented shipments for the Hormuz scenario: every name and number is made up,
 * the ports, distances and carriers' SCAC codes are real. Telephone numbers are of ranges kept for fiction (US 555-01xx,
 * UK 07700 900xxx, Australia 0491 570 xxx).
 */
import type { SampleShipment } from './sample-shipments.ts';

export const HORMUZ_CUSTOMERS = [
  { id: 'cust_quillmark', name: 'Quillmark Devices', whatsapp: '+447700900217', language: 'en', timezone: 'Europe/London', min_exposure_usd: '25000', min_probability: 0.05, quiet_hours: { from: '22:00', to: '06:30' } },
  { id: 'cust_brackenfold', name: 'Brackenfold Foods', whatsapp: '+12025550143', language: 'en', timezone: 'America/New_York', min_exposure_usd: '10000', min_probability: 0.03, quiet_hours: null },
  { id: 'cust_sandover', name: 'Sandover Materials', whatsapp: '+61491570006', language: 'en', timezone: 'Australia/Sydney', min_exposure_usd: '20000', min_probability: 0.1, quiet_hours: { from: '21:00', to: '07:00' } },
] as const;

const Q = 'cust_quillmark';
const B = 'cust_brackenfold';
const S = 'cust_sandover';

export const HORMUZ_SHIPMENTS: readonly SampleShipment[] = [
  // Through Hormuz, inbound.
  { reference: 'QM-26-0114', customer: Q, booked: '2026-01-26T09:30:00Z', from: 'CNSHA', to: 'AEJEA', etd: '2026-02-15T18:00:00Z', distanceNm: 5710, knots: 15, cargo: 'Network switches and tablets', valueUsd: 5_800_000, containers: 24, type: '40HC', goods: 'time_sensitive', carrier: 'COSU', vessel: 'Amber Lantern', penalty: [18_000, 3, 260_000] },
  { reference: 'BF-26-0087', customer: B, booked: '2026-01-20T14:10:00Z', from: 'BRSSZ', to: 'KWSWK', etd: '2026-02-06T12:00:00Z', distanceNm: 8676, knots: 14.5, cargo: 'Frozen poultry', valueUsd: 640_000, containers: 12, type: '40RH', goods: 'perishable', carrier: 'MAEU', vessel: 'Southern Petrel', penalty: [4_500, 2, 60_000] },
  { reference: 'SM-26-0031', customer: S, booked: '2026-01-29T08:00:00Z', from: 'DEHAM', to: 'AEJEA', etd: '2026-02-10T12:00:00Z', distanceNm: 6532, knots: 15, cargo: 'Extrusion presses and spare parts', valueUsd: 6_000_000, containers: 8, type: '40GP', goods: 'general', carrier: 'HLCU', vessel: 'Elbe Meridian', penalty: [22_000, 7, 300_000] },
  { reference: 'QM-26-0121', customer: Q, booked: '2026-02-03T03:20:00Z', from: 'KRPUS', to: 'IQUQR', etd: '2026-02-20T06:00:00Z', distanceNm: 6470, knots: 15, cargo: 'Display panels', valueUsd: 2_700_000, containers: 30, type: '40HC', goods: 'time_sensitive', carrier: 'HDMU', vessel: 'Harbour Crane', penalty: [9_000, 4, 120_000] },
  { reference: 'BF-26-0102', customer: B, booked: '2026-02-14T07:45:00Z', from: 'INNSA', to: 'AEJEA', etd: '2026-02-27T06:00:00Z', distanceNm: 1169, knots: 14, cargo: 'Chilled grapes and pomegranates', valueUsd: 390_000, containers: 6, type: '40RH', goods: 'perishable', carrier: 'MSCU', vessel: 'Konkan Trader', penalty: [6_000, 1, 45_000] },
  { reference: 'BF-26-0109', customer: B, booked: '2026-02-20T10:00:00Z', from: 'ITGOA', to: 'QAHMD', etd: '2026-03-12T16:00:00Z', distanceNm: 4587, knots: 15, cargo: 'Olive oil and canned food', valueUsd: 880_000, containers: 14, type: '20GP', goods: 'general', carrier: 'MSCU', vessel: 'Ligurian Dawn', penalty: [3_000, 5, 50_000] },
  // Through Hormuz, outbound: no way round by sea.
  { reference: 'SM-26-0038', customer: S, booked: '2026-02-05T11:00:00Z', from: 'QAHMD', to: 'SGSIN', etd: '2026-02-26T04:00:00Z', distanceNm: 3680, knots: 14.5, cargo: 'Polyethylene resin', valueUsd: 420_000, containers: 20, type: '20GP', goods: 'general', carrier: 'CMDU', vessel: 'Coral Sparrow', penalty: [1_500, 5, 25_000] },
  { reference: 'SM-26-0042', customer: S, booked: '2026-02-10T13:30:00Z', from: 'AEJEA', to: 'NLRTM', etd: '2026-03-03T20:00:00Z', distanceNm: 6278, knots: 15, cargo: 'Aluminium billets', valueUsd: 1_150_000, containers: 36, type: '20GP', goods: 'general', carrier: 'HLCU', vessel: 'Delta Courier', penalty: [5_000, 4, 80_000] },
  { reference: 'SM-26-0047', customer: S, booked: '2026-02-25T06:15:00Z', from: 'AEJEA', to: 'INMUN', etd: '2026-03-09T02:00:00Z', distanceNm: 903, knots: 14, cargo: 'Aluminium scrap', valueUsd: 80_000, containers: 4, type: '20GP', goods: 'general', carrier: 'CMDU', vessel: 'Gulf Wren', penalty: [300, 7, 4_000] },
  // Elsewhere: a desk that is right stays silent on these.
  { reference: 'QM-26-0117', customer: Q, booked: '2026-01-22T02:00:00Z', from: 'CNSHA', to: 'NLRTM', etd: '2026-02-08T10:00:00Z', distanceNm: 10589, knots: 16, cargo: 'Household electronics', valueUsd: 3_200_000, containers: 40, type: '40HC', goods: 'general', carrier: 'EGLV', vessel: 'Jade Horizon', penalty: [8_000, 5, 150_000] },
  { reference: 'QM-26-0124', customer: Q, booked: '2026-01-30T05:00:00Z', from: 'CNYTN', to: 'USLAX', etd: '2026-02-18T09:00:00Z', distanceNm: 6360, knots: 15.5, cargo: 'Game consoles', valueUsd: 4_100_000, containers: 26, type: '40HC', goods: 'time_sensitive', carrier: 'ONEY', vessel: 'Pacific Willow', penalty: [12_000, 3, 160_000] },
  { reference: 'BF-26-0095', customer: B, booked: '2026-02-09T15:00:00Z', from: 'BRSSZ', to: 'DEHAM', etd: '2026-02-22T21:00:00Z', distanceNm: 5750, knots: 14.5, cargo: 'Green coffee', valueUsd: 1_900_000, containers: 22, type: '20GP', goods: 'general', carrier: 'HLCU', vessel: 'Serra Azul', penalty: [2_500, 7, 40_000] },
  { reference: 'SM-26-0051', customer: S, booked: '2026-02-19T01:30:00Z', from: 'THLCH', to: 'AUMEL', etd: '2026-03-05T08:00:00Z', distanceNm: 4688, knots: 14.5, cargo: 'Rubberwood furniture parts', valueUsd: 210_000, containers: 6, type: '40HC', goods: 'general', carrier: 'ONEY', vessel: 'Timor Passage', penalty: [800, 7, 9_000] },
];
