/**
 * Writes scenarios/quiet-2024 from recorded data: figures only, each with its source and the moment it could be known.
 * The same data gives the same bytes. docs/scenarios.md says why it is this year.
 * Usage: node src/scenario/tools/build-quiet.ts DATA_FOLDER OUT_FOLDER
 */
import type { IsoDay } from '../../model/time.ts';
import { DREWRY, MARNET, METAFORECAST, PORTWATCH } from './attributions.ts';
import { jsonIn, runTool, textIn, writeScenario } from './folder.ts';
import { forecastSeries, type WantedSeries } from './forecast-series.ts';
import { DREWRY_FILE, freightRows, PORTWATCH_FILE, transitRows, type PortWatch } from './publication.ts';
import { QUIET_CUSTOMERS, quietShipments } from './quiet-shippers.ts';

const FROM: IsoDay = '2024-05-13';
/** 365 days. */
const TO: IsoDay = '2025-05-12';
/** 105 days before the start: a 90-day baseline, whole before the first day. */
const HISTORY_FROM: IsoDay = '2024-01-29';
/** Published after the last day played, so never seen, and yet what happened to the ships. */
const TRANSITS_UNTIL: IsoDay = '2025-06-15';

/** What was asked of the region, as far as the record goes: to October 2024. */
const SERIES: readonly WantedSeries[] = [
  { id: 'metaculus-14899', file: 'IsraelHamasIran', closes: '2025-01-01T00:00:00Z' },
  { id: 'manifold-IXPA4v7waElX2BUZ6TzF', file: 'IsraelHamasIran', closes: '2025-01-01T00:00:00Z' },
  { id: 'metaculus-27132', file: 'IsraelHamasIran', closes: '2024-10-01T00:00:00Z' },
  { id: 'goodjudgmentopen-3561', file: 'IsraelHamasIran', closes: '2025-01-01T00:00:00Z' },
  { id: 'metaculus-25846', file: 'IsraelHamasHezbollah', closes: '2024-10-01T00:00:00Z' },
  { id: 'metaculus-21320', file: 'IsraelHamasHezbollah', closes: '2025-01-01T00:00:00Z' },
  { id: 'manifold-l9dhLkCSjs5m0baSCsgf', file: 'IsraelHamasHezbollah', closes: '2027-01-01T00:00:00Z' },
];

/** @param data folder of the recorded data @param out the scenario's folder; its files are written over */
export function buildQuiet(data: string, out: string): void {
  const { markets, prices } = forecastSeries(data, SERIES, FROM, TO);
  writeScenario(out, {
    head: HEAD,
    transits: transitRows(jsonIn<PortWatch>(data, PORTWATCH_FILE), HISTORY_FROM, TRANSITS_UNTIL),
    freight: freightRows(textIn(data, DREWRY_FILE), HISTORY_FROM, TO),
    markets,
    prices,
    customers: QUIET_CUSTOMERS,
    shipments: quietShipments(),
    shipmentPrefix: 'shp_quiet',
  });
}

const CONFLICT = 'https://en.wikipedia.org/wiki/2024_Iran%E2%80%93Israel_conflict';

const HEAD = {
  format: 1,
  name: 'quiet-2024',
  title: 'A quiet year: nothing closes, nothing opens',
  description:
    'From May 2024 to May 2025 traffic at every passage of the record stays where it was when the year began: in the Red Sea at the third of its former level that had become its norm, at Hormuz through two exchanges of missiles between Iran and Israel. A desk that is right has nothing to say. Shipments and customers are invented.',
  from: FROM,
  to: TO,
  seconds_per_day: 0.5,
  attributions: [PORTWATCH, METAFORECAST, DREWRY, MARNET],
  events: [
    { day: '2024-10-01', title: 'Iran fires missiles at Israel; traffic through Hormuz holds', source: CONFLICT },
    { day: '2024-10-26', title: 'Israel strikes targets in Iran; traffic through Hormuz holds', source: CONFLICT },
  ],
};

runTool(import.meta.filename, buildQuiet);
