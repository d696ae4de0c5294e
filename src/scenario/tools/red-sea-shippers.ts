/**
 * The book of the Red Sea scenario: regular departures on nine lanes, six of them through Bab el-Mandeb. Every name and number is made up,
 * the ports, distances and carriers' SCAC codes are real. Telephone numbers are of ranges kept for fiction (US 555-01xx, UK 07700 900xxx).
 */
import { departures, type SampleCargo, type SampleLane } from './sample-shipments.ts';

export const RED_SEA_CUSTOMERS = [
  { id: 'cust_marrowgate', name: 'Marrowgate Appliances', whatsapp: '+447700900331', language: 'en', timezone: 'Europe/London', min_exposure_usd: '50000', min_probability: 0.05, quiet_hours: { from: '22:00', to: '06:30' } },
  { id: 'cust_thornwick', name: 'Thornwick Apparel', whatsapp: '+447700900348', language: 'vi', timezone: 'Asia/Ho_Chi_Minh', min_exposure_usd: '40000', min_probability: 0.05, quiet_hours: { from: '21:30', to: '06:00' } },
  { id: 'cust_copperfen', name: 'Copperfen Chemicals', whatsapp: '+12025550118', language: 'zh', timezone: 'Asia/Shanghai', min_exposure_usd: '50000', min_probability: 0.1, quiet_hours: null },
  { id: 'cust_quinceharrow', name: 'Quince & Harrow Foods', whatsapp: '+12025550167', language: 'es', timezone: 'America/Mexico_City', min_exposure_usd: '30000', min_probability: 0.05, quiet_hours: null },
] as const;

const APPLIANCES: readonly SampleCargo[] = [
  { cargo: 'Washing machines', valueUsd: 1_450_000, containers: 32, type: '40HC', goods: 'general', penalty: [6_000, 4, 90_000] },
  { cargo: 'Induction hobs and ovens', valueUsd: 2_300_000, containers: 24, type: '40HC', goods: 'general', penalty: [9_000, 3, 140_000] },
  { cargo: 'Air fryers for the spring season', valueUsd: 3_100_000, containers: 28, type: '40HC', goods: 'time_sensitive', penalty: [15_000, 3, 220_000] },
  { cargo: 'Refrigerators', valueUsd: 1_200_000, containers: 36, type: '40HC', goods: 'general', penalty: [5_000, 5, 75_000] },
];
const APPAREL: readonly SampleCargo[] = [
  { cargo: 'Knitwear', valueUsd: 1_900_000, containers: 12, type: '40HC', goods: 'time_sensitive', penalty: [12_000, 2, 160_000] },
  { cargo: 'Footwear', valueUsd: 1_350_000, containers: 14, type: '40HC', goods: 'general', penalty: [6_000, 4, 80_000] },
];
const CHEMICALS: readonly SampleCargo[] = [
  { cargo: 'Titanium dioxide in bags', valueUsd: 620_000, containers: 18, type: '20GP', goods: 'general', penalty: [1_800, 7, 25_000] },
  { cargo: 'Polyester chips', valueUsd: 380_000, containers: 16, type: '20GP', goods: 'general', penalty: [900, 7, 12_000] },
];
const FOODS: readonly SampleCargo[] = [
  { cargo: 'Frozen prawns', valueUsd: 1_100_000, containers: 10, type: '40RH', goods: 'perishable', penalty: [8_000, 2, 90_000] },
  { cargo: 'Basmati rice', valueUsd: 460_000, containers: 22, type: '20GP', goods: 'general', penalty: [1_500, 7, 20_000] },
  { cargo: 'Chilled pomegranate arils', valueUsd: 540_000, containers: 6, type: '40RH', goods: 'perishable', penalty: [7_000, 1, 60_000] },
];

const M = 'cust_marrowgate';
const T = 'cust_thornwick';
const C = 'cust_copperfen';
const Q = 'cust_quinceharrow';

const LANES: readonly SampleLane[] = [
  // Through Bab el-Mandeb; all but Jeddah's through Suez too.
  { customer: M, reference: 'MG-23', from: 'CNSHA', to: 'NLRTM', distanceNm: 10551, knots: 16, carrier: 'EGLV', firstEtd: '2023-10-12', everyDays: 7, bookedDaysAhead: 21, cargoes: APPLIANCES, vessels: ['Ivory Compass', 'Slate Harbour', 'Amber Causeway', 'Kestrel Bay'] },
  { customer: Q, reference: 'QH-23', from: 'INNSA', to: 'NLRTM', distanceNm: 6370, knots: 16, carrier: 'MSCU', firstEtd: '2023-10-27', everyDays: 7, bookedDaysAhead: 14, cargoes: FOODS, vessels: ['Malabar Finch', 'Deccan Star Light', 'Saffron Tide'] },
  { customer: T, reference: 'TW-23', from: 'VNSGN', to: 'DEHAM', distanceNm: 9296, knots: 16, carrier: 'ONEY', firstEtd: '2023-10-20', everyDays: 14, bookedDaysAhead: 21, cargoes: APPAREL, vessels: ['Silk Meridian', 'Lotus Passage'] },
  { customer: C, reference: 'CF-23', from: 'CNNGB', to: 'ITGOA', distanceNm: 8622, knots: 16, carrier: 'COSU', firstEtd: '2023-10-17', everyDays: 14, bookedDaysAhead: 18, cargoes: CHEMICALS, vessels: ['Granite Heron', 'Blue Ordinate'] },
  { customer: M, reference: 'MG-23', from: 'CNSHA', to: 'SAJED', distanceNm: 6585, knots: 15, carrier: 'CMDU', firstEtd: '2023-10-15', everyDays: 14, bookedDaysAhead: 18, cargoes: APPLIANCES, vessels: ['Desert Lark', 'Coral Lintel'] },
  { customer: C, reference: 'CF-23', from: 'GBFXT', to: 'SGSIN', distanceNm: 8316, knots: 16, carrier: 'HLCU', firstEtd: '2023-10-19', everyDays: 14, bookedDaysAhead: 14, cargoes: CHEMICALS, vessels: ['Northern Tessera', 'Solent Weaver'] },
  // Elsewhere: a desk that is right stays silent on these.
  { customer: T, reference: 'TW-23', from: 'CNYTN', to: 'USLAX', distanceNm: 6449, knots: 16, carrier: 'ONEY', firstEtd: '2023-10-25', everyDays: 14, bookedDaysAhead: 14, cargoes: APPAREL, vessels: ['Pacific Lattice', 'Juniper Crossing'] },
  { customer: Q, reference: 'QH-23', from: 'BRSSZ', to: 'DEHAM', distanceNm: 5753, knots: 15, carrier: 'HLCU', firstEtd: '2023-10-28', everyDays: 21, bookedDaysAhead: 14, cargoes: FOODS, vessels: ['Serra Lantern', 'Atlantic Quill'] },
  { customer: M, reference: 'MG-23', from: 'CNSHA', to: 'AEJEA', distanceNm: 5706, knots: 15, carrier: 'COSU', firstEtd: '2023-10-22', everyDays: 21, bookedDaysAhead: 18, cargoes: APPLIANCES, vessels: ['Gulf Tessellate', 'Pearl Ladder'] },
];

/** Weekly or fortnightly, to the last day whose sailings go through the passage while the scenario is played. */
export const redSeaShipments = () => departures(LANES, '2024-02-08');
