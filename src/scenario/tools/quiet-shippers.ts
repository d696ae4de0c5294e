/**
 * The book of the quiet year: regular departures on nine lanes, three through Hormuz, three through Suez. Every name and number is
 * made up, the ports, distances and carriers' SCAC codes are real. Telephone numbers are of ranges kept for fiction
 * (US 555-01xx, UK 07700 900xxx, Australia 0491 570 xxx).
 */
import { departures, type SampleCargo, type SampleLane } from './sample-shipments.ts';

export const QUIET_CUSTOMERS = [
  { id: 'cust_ashcombe', name: 'Ashcombe Lighting', whatsapp: '+447700900412', language: 'en', timezone: 'Europe/London', min_exposure_usd: '50000', min_probability: 0.05, quiet_hours: { from: '22:00', to: '06:30' } },
  { id: 'cust_fennelrow', name: 'Fennelrow Foods', whatsapp: '+12025550181', language: 'es', timezone: 'America/Bogota', min_exposure_usd: '30000', min_probability: 0.05, quiet_hours: null },
  { id: 'cust_ironlark', name: 'Ironlark Metals', whatsapp: '+61491570157', language: 'zh', timezone: 'Asia/Singapore', min_exposure_usd: '50000', min_probability: 0.1, quiet_hours: null },
] as const;

const LIGHTING: readonly SampleCargo[] = [
  { cargo: 'Street lamps', valueUsd: 1_700_000, containers: 26, type: '40HC', goods: 'general', penalty: [6_000, 5, 90_000] },
  { cargo: 'Lamps for the winter season', valueUsd: 2_600_000, containers: 22, type: '40HC', goods: 'time_sensitive', penalty: [12_000, 3, 180_000] },
  { cargo: 'Drivers and cable', valueUsd: 900_000, containers: 12, type: '20GP', goods: 'general', penalty: [3_000, 5, 40_000] },
];
const FOODS: readonly SampleCargo[] = [
  { cargo: 'Frozen poultry', valueUsd: 620_000, containers: 12, type: '40RH', goods: 'perishable', penalty: [4_500, 2, 60_000] },
  { cargo: 'Green coffee', valueUsd: 1_800_000, containers: 20, type: '20GP', goods: 'general', penalty: [2_500, 7, 40_000] },
];
const METALS: readonly SampleCargo[] = [
  { cargo: 'Aluminium billets', valueUsd: 1_150_000, containers: 36, type: '20GP', goods: 'general', penalty: [5_000, 4, 80_000] },
  { cargo: 'Copper cathodes', valueUsd: 4_200_000, containers: 20, type: '20GP', goods: 'general', penalty: [8_000, 5, 120_000] },
];

const A = 'cust_ashcombe';
const F = 'cust_fennelrow';
const I = 'cust_ironlark';

const LANES: readonly SampleLane[] = [
  { customer: A, reference: 'AL-25', from: 'CNSHA', to: 'AEJEA', distanceNm: 5706, knots: 15, carrier: 'COSU', firstEtd: '2025-01-02', everyDays: 7, bookedDaysAhead: 18, cargoes: LIGHTING, vessels: ['Quartz Lantern', 'Gulf Easel', 'Cobalt Reach'] },
  { customer: A, reference: 'AL-25', from: 'CNSHA', to: 'NLRTM', distanceNm: 10551, knots: 16, carrier: 'CMDU', firstEtd: '2025-01-07', everyDays: 7, bookedDaysAhead: 21, cargoes: LIGHTING, vessels: ['Opal Bearing', 'Winter Plover', 'Ridge Sonata', 'Halyard Point'] },
  { customer: I, reference: 'IL-25', from: 'AEJEA', to: 'NLRTM', distanceNm: 6281, knots: 15, carrier: 'CMDU', firstEtd: '2025-01-04', everyDays: 14, bookedDaysAhead: 14, cargoes: METALS, vessels: ['Brass Ordnance', 'Delta Mallow'] },
  { customer: F, reference: 'FR-25', from: 'SGSIN', to: 'SAJED', distanceNm: 4404, knots: 15, carrier: 'CMDU', firstEtd: '2025-01-08', everyDays: 14, bookedDaysAhead: 14, cargoes: FOODS, vessels: ['Strait Wagtail', 'Nutmeg Arch'] },
  { customer: F, reference: 'FR-25', from: 'INNSA', to: 'BEANR', distanceNm: 6376, knots: 16, carrier: 'CMDU', firstEtd: '2025-01-25', everyDays: 14, bookedDaysAhead: 14, cargoes: FOODS, vessels: ['Konkan Arbour', 'Tamarind Wake'] },
  { customer: I, reference: 'IL-25', from: 'QAHMD', to: 'SGSIN', distanceNm: 3702, knots: 14.5, carrier: 'MSCU', firstEtd: '2025-01-06', everyDays: 28, bookedDaysAhead: 14, cargoes: METALS, vessels: ['Coral Abacus'] },
  { customer: A, reference: 'AL-25', from: 'CNSHA', to: 'USLAX', distanceNm: 5746, knots: 16, carrier: 'ONEY', firstEtd: '2025-01-03', everyDays: 28, bookedDaysAhead: 14, cargoes: LIGHTING, vessels: ['Pacific Trellis'] },
  { customer: F, reference: 'FR-25', from: 'BRSSZ', to: 'DEHAM', distanceNm: 5753, knots: 15, carrier: 'HLCU', firstEtd: '2025-01-05', everyDays: 28, bookedDaysAhead: 14, cargoes: FOODS, vessels: ['Serra Quince'] },
  { customer: I, reference: 'IL-25', from: 'MXZLO', to: 'CNSHA', distanceNm: 7036, knots: 15, carrier: 'COSU', firstEtd: '2025-01-09', everyDays: 28, bookedDaysAhead: 14, cargoes: METALS, vessels: ['Sierra Palimpsest'] },
];

/** To the last day whose sailings go through their passages while the scenario is played. */
export const quietShipments = () => departures(LANES, '2025-12-01');
