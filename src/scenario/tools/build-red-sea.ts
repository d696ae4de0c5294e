/**
 * Writes scenarios/red-sea-2023 from recorded data: figures only, each with its source and the moment it could be known.
 * The same data gives the same bytes.
 * Usage: node src/scenario/tools/build-red-sea.ts DATA_FOLDER OUT_FOLDER
 */
import type { IsoDay } from '../../model/time.ts';
import { DREWRY, MARNET, METAFORECAST, PORTWATCH, PORTWATCH_URL } from './attributions.ts';
import { jsonIn, runTool, textIn, writeScenario } from './folder.ts';
import { forecastSeries, type WantedSeries } from './forecast-series.ts';
import { DREWRY_FILE, freightRows, PORTWATCH_FILE, transitRows, type PortWatch } from './publication.ts';
import { RED_SEA_CUSTOMERS, redSeaShipments } from './red-sea-shippers.ts';

const FROM: IsoDay = '2023-11-01';
const TO: IsoDay = '2024-02-29';
/** 123 days before the start: a 90-day baseline, and a month to see it stand. */
const HISTORY_FROM: IsoDay = '2023-07-01';
/** Published after the last day played, so never seen, and yet what happened to the ships. */
const TRANSITS_UNTIL: IsoDay = '2024-05-31';

/** What was asked in those months of the region; nobody in the record asked about Bab el-Mandeb. */
const SERIES: readonly WantedSeries[] = [
  { id: 'metaculus-14899', file: 'IsraelHamasIran', closes: '2025-01-01T00:00:00Z' },
  { id: 'manifold-IXPA4v7waElX2BUZ6TzF', file: 'IsraelHamasIran', closes: '2025-01-01T00:00:00Z' },
  { id: 'manifold-l9dhLkCSjs5m0baSCsgf', file: 'IsraelHamasHezbollah', closes: '2027-01-01T00:00:00Z' },
  { id: 'metaculus-21320', file: 'IsraelHamasHezbollah', closes: '2025-01-01T00:00:00Z' },
];

/** @param data folder of the recorded data @param out the scenario's folder; its files are written over */
export function buildRedSea(data: string, out: string): void {
  const { markets, prices } = forecastSeries(data, SERIES, FROM, TO);
  writeScenario(out, {
    head: HEAD,
    transits: transitRows(jsonIn<PortWatch>(data, PORTWATCH_FILE), HISTORY_FROM, TRANSITS_UNTIL),
    freight: freightRows(textIn(data, DREWRY_FILE), HISTORY_FROM, TO),
    markets,
    prices,
    customers: RED_SEA_CUSTOMERS,
    shipments: redSeaShipments(),
    shipmentPrefix: 'shp_redsea',
  });
}

const CRISIS = 'https://en.wikipedia.org/wiki/Red_Sea_crisis';

const HEAD = {
  format: 1,
  name: 'red-sea-2023',
  title: 'Red Sea 2023–24: no market warns, the counts do',
  description:
    'On 19 November 2023 a car carrier is seized in the southern Red Sea; from 30 November fewer container ships pass Bab el-Mandeb, and by January one in five of those that used to. No market in the record asks about the passage: what the desk can know is the counts, two to eight days late, and freight rates. Forecasts of a war between Israel and Iran or Hezbollah stand beside it as context. Shipments and customers are invented.',
  from: FROM,
  to: TO,
  seconds_per_day: 1,
  attributions: [PORTWATCH, METAFORECAST, DREWRY, MARNET],
  events: [
    { day: '2023-11-19', title: 'A car carrier is seized in the southern Red Sea; attacks on ships follow', source: CRISIS, affects: ['bab_el_mandeb', 'suez', 'cape_of_good_hope'] },
    { day: '2023-11-30', title: 'Container ships begin to stay away from Bab el-Mandeb: 15 pass, 20 a day was usual (published on 5 December)', source: PORTWATCH_URL },
    { day: '2023-12-15', title: 'The largest container lines halt their passages of the Red Sea', source: CRISIS },
    { day: '2023-12-19', title: 'Four container ships pass Bab el-Mandeb (published on 26 December)', source: PORTWATCH_URL },
    { day: '2024-01-12', title: 'The United States and the United Kingdom strike targets in Yemen', source: CRISIS },
    { day: '2024-01-18', title: 'Shanghai–Rotterdam at 4,951 dollars an FEU; 1,148 on 23 November', source: DREWRY.url },
  ],
};

runTool(import.meta.filename, buildRedSea);
