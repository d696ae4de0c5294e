/**
 * Writes scenarios/hormuz-2026 from recorded data: figures only, each with its source and the moment it could be known.
 * The same data gives the same bytes.
 * Usage: node src/scenario/tools/build-hormuz.ts DATA_FOLDER OUT_FOLDER
 */
import type { IsoDay } from '../../model/time.ts';
import { DREWRY, FORECASTBENCH, MARNET, PORTWATCH, PORTWATCH_URL } from './attributions.ts';
import { jsonIn, runTool, textIn, writeScenario } from './folder.ts';
import { hormuzMarkets, type FrozenPrice, type Markets } from './hormuz-markets.ts';
import { HORMUZ_CUSTOMERS, HORMUZ_SHIPMENTS } from './hormuz-shippers.ts';
import { DREWRY_FILE, freightRows, PORTWATCH_FILE, transitRows, type PortWatch } from './publication.ts';

const FROM: IsoDay = '2026-02-01';
const TO: IsoDay = '2026-04-17';
/** 123 days before the start: a 90-day baseline, and a month to see it stand. */
const HISTORY_FROM: IsoDay = '2025-10-01';
/** The end of the record: published after the last day played, so never seen, and yet what happened to the ships. */
const TRANSITS_UNTIL: IsoDay = '2026-07-19';

/** @param data folder of the recorded data @param out the scenario's folder; its files are written over */
export function buildHormuz(data: string, out: string): void {
  const record = textIn(data, 'risk/polymarket/market_prices_2025-10_2026-05.ndjson').trim().split('\n').map((line) => JSON.parse(line) as FrozenPrice);
  const { markets, prices } = hormuzMarkets(record, FROM, TO);
  writeScenario(out, {
    head: head(markets),
    transits: transitRows(jsonIn<PortWatch>(data, PORTWATCH_FILE), HISTORY_FROM, TRANSITS_UNTIL),
    freight: freightRows(textIn(data, DREWRY_FILE), HISTORY_FROM, TO),
    markets,
    prices,
    customers: HORMUZ_CUSTOMERS,
    shipments: HORMUZ_SHIPMENTS,
    shipmentPrefix: 'shp_hormuz',
  });
}

function head(markets: Markets['markets']): unknown {
  const market = (question: string): string => {
    const found = markets.find((m) => m['question'] === question);
    if (!found) throw new RangeError(`no market asks: ${question}`);
    return String(found['url']);
  };
  return {
    format: 1,
    name: 'hormuz-2026',
    title: 'Hormuz 2026: odds, strikes, an empty strait',
    description:
      'In February 2026 a market puts a US strike on Iran by 30 June at 52.5 %; on 28 February it happens, and within three days the Strait of Hormuz goes from about ninety ships a day to a handful. Odds are recorded on six days only and transit counts come two to eight days late: the desk sees what could be seen, when it could. Shipments and customers are invented.',
    from: FROM,
    to: TO,
    seconds_per_day: 2,
    attributions: [PORTWATCH, FORECASTBENCH, DREWRY, MARNET],
    events: [
      { day: '2026-02-09', title: 'A US strike on Iran by 30 June trades at 52.5 %', source: market('US strikes Iran by June 30, 2026?') },
      { day: '2026-02-28', title: 'US strikes on Iran; the ceasefire with Israel is broken', source: market('US strikes Iran by June 30, 2026?'), affects: ['hormuz'] },
      { day: '2026-03-02', title: 'Six ships pass Hormuz; 68 a day was usual in winter (published on 10 March)', source: PORTWATCH_URL },
      { day: '2026-03-04', title: "The market on Iran's Supreme Leader leaving office resolves yes", source: market('Khamenei out as Supreme Leader of Iran by March 31?') },
      { day: '2026-03-10', title: 'PortWatch publishes the first week of the empty strait', source: PORTWATCH_URL },
      { day: '2026-03-19', title: '20 ships through Hormuz on any day of March trades at 25.5 %', source: market('Will 20 ships transit the Strait of Hormuz on any day in March?') },
      { day: '2026-04-08', title: 'The market on a ceasefire between the US and Iran resolves yes', source: market('US x Iran ceasefire by April 15?') },
      { day: '2026-04-16', title: 'Normal traffic through Hormuz by the end of May trades at 63.5 %', source: market('Strait of Hormuz traffic returns to normal by end of May?') },
    ],
  };
}

runTool(import.meta.filename, buildHormuz);
