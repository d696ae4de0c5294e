/**
 * Writes scenarios/quiet-2025 from recorded data: figures only, each with its source and the moment it could be known.
 * The same data gives the same bytes. docs/scenarios.md says why it is this year, and these two passages.
 * Usage: node src/scenario/tools/build-quiet-2025.ts DATA_FOLDER OUT_FOLDER
 */
import type { IsoDay } from '../../model/time.ts';
import { DREWRY, FORECASTBENCH, MARNET, PORTWATCH } from './attributions.ts';
import { jsonIn, runTool, textIn, writeScenario } from './folder.ts';
import { hormuzMarkets, type FrozenPrice } from './hormuz-markets.ts';
import { DREWRY_FILE, freightRows, PORTWATCH_FILE, transitRows, type PortWatch } from './publication.ts';
import { QUIET_CUSTOMERS, quietShipments } from './quiet-shippers.ts';

const FROM: IsoDay = '2025-01-01';
/** 365 days. */
const TO: IsoDay = '2025-12-31';
/** 122 days before the start: a 90-day baseline, and a month to see it stand. */
const HISTORY_FROM: IsoDay = '2024-09-01';
/** Published after the last day played, so never seen, and yet what happened to the ships. */
const TRANSITS_UNTIL: IsoDay = '2026-01-31';

/** @param data folder of the recorded data @param out the scenario's folder; its files are written over */
export function buildQuiet2025(data: string, out: string): void {
  const record = textIn(data, 'risk/polymarket/market_prices_2025-10_2026-05.ndjson').trim().split('\n').map((line) => JSON.parse(line) as FrozenPrice);
  const { markets, prices } = hormuzMarkets(record, FROM, TO);
  writeScenario(out, {
    head: HEAD,
    transits: transitRows(jsonIn<PortWatch>(data, PORTWATCH_FILE), HISTORY_FROM, TRANSITS_UNTIL, ['hormuz', 'suez']),
    freight: freightRows(textIn(data, DREWRY_FILE), HISTORY_FROM, TO),
    markets,
    prices,
    customers: QUIET_CUSTOMERS,
    shipments: quietShipments(),
    shipmentPrefix: 'shp_quiet',
  });
}

const WAR = 'https://en.wikipedia.org/wiki/Twelve-Day_War';

const HEAD = {
  format: 1,
  name: 'quiet-2025',
  title: 'Quiet 2025: a war beside an open strait',
  description:
    'In 2025 traffic at Hormuz and Suez stays where it was when the year began: at Hormuz through twelve days of war between Israel and Iran, in Suez at the lower level that the Red Sea crisis had left. No alarm is right. Bab el-Mandeb and the Cape are left out: ships were attacked in the Red Sea that year, and neither was quiet. Shipments and customers are invented.',
  from: FROM,
  to: TO,
  seconds_per_day: 0.5,
  attributions: [PORTWATCH, FORECASTBENCH, DREWRY, MARNET],
  events: [
    { day: '2025-06-13', title: 'Israel strikes Iran: twelve days of war begin; traffic through Hormuz holds', source: WAR },
    { day: '2025-06-22', title: 'The United States strikes three sites in Iran; traffic through Hormuz holds', source: WAR },
  ],
};

runTool(import.meta.filename, buildQuiet2025);
