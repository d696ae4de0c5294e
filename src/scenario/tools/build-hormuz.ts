/**
 * Writes scenarios/hormuz-2026 from recorded data: figures only, each with its source and the moment it could be known.
 * The same data gives the same bytes.
 * Usage: node src/scenario/tools/build-hormuz.ts DATA_FOLDER OUT_FOLDER
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays, DAY_MS, HOUR_MS, iso, parseInstant, startOfDay, type IsoDay } from '../../model/time.ts';
import { csvField } from '../../model/csv.ts';
import { FILES, freightColumns, priceColumns, shipmentColumns, transitColumns } from '../files.ts';
import { hormuzMarkets, type FrozenPrice, type Markets } from './hormuz-markets.ts';
import { HORMUZ_CUSTOMERS, HORMUZ_SHIPMENTS, type SampleShipment } from './hormuz-shippers.ts';

const FROM: IsoDay = '2026-02-01';
const TO: IsoDay = '2026-04-17';
/** 123 days before the start: a 90-day baseline, and a month to see it stand. */
const HISTORY_FROM: IsoDay = '2025-10-01';
const PASSAGES = { hormuz: 'hormuz_strait', bab_el_mandeb: 'bab_el_mandeb', suez: 'suez', cape_of_good_hope: 'cape_of_good_hope' } as const;
const LANES = ['shanghai_rotterdam', 'shanghai_genoa', 'shanghai_la', 'shanghai_ny', 'rotterdam_shanghai'] as const;

/** @param data folder of the recorded data @param out the scenario's folder; its files are written over */
export function buildHormuz(data: string, out: string): void {
  const read = (file: string): string => readFileSync(join(data, file), 'utf8');
  const portwatch = JSON.parse(read('risk/portwatch/chokepoint-transits-2022-2026.json')) as PortWatch;
  const record = read('risk/polymarket/market_prices_2025-10_2026-05.ndjson').trim().split('\n').map((line) => JSON.parse(line) as FrozenPrice);
  const { markets, prices } = hormuzMarkets(record, FROM, TO);
  mkdirSync(out, { recursive: true });
  const json = (file: string, value: unknown): void => writeFileSync(join(out, file), `${JSON.stringify(value, null, 2)}\n`);
  const csv = (file: string, columns: object, rows: readonly string[]): void => writeFileSync(join(out, file), `${[Object.keys(columns).join(','), ...rows].join('\n')}\n`);
  json(FILES.scenario, head(markets));
  csv(FILES.transits, transitColumns, transits(portwatch));
  csv(FILES.freight, freightColumns, freight(read('risk/freight/drewry_wci_wayback_2021-05_2026-09.csv')));
  json(FILES.markets, markets);
  csv(FILES.prices, priceColumns, prices);
  json(FILES.customers, HORMUZ_CUSTOMERS);
  csv(FILES.shipments, shipmentColumns, HORMUZ_SHIPMENTS.map(shipment));
}

interface PortWatch {
  readonly chokepoints: Readonly<Record<string, { readonly history: readonly Readonly<Record<string, number | string>>[] }>>;
}

/**
 * When PortWatch publishes a day: on the Tuesday after the Sunday that ends the day's week, at 9:00 in Washington (14:00 UTC in winter),
 * so 2 to 8 days after the day, 5 on average. The record bears it out: taken on Monday 2026-07-27, its last day is Sunday 2026-07-19.
 */
export function portwatchPublished(day: IsoDay): string {
  const weekday = (new Date(startOfDay(day)).getUTCDay() + 6) % 7;
  return `${addDays(day, 6 - weekday + 2)}T14:00:00Z`;
}

function transits(portwatch: PortWatch): readonly string[] {
  return Object.entries(PASSAGES).flatMap(([id, key]) =>
    portwatch.chokepoints[key]!.history
      .map((r) => ({ r, day: String(r['date']), knownAt: portwatchPublished(String(r['date'])) }))
      .filter(({ day, knownAt }) => day >= HISTORY_FROM && knownAt.slice(0, 10) <= TO)
      .map(({ r, day, knownAt }) => [id, day, knownAt, r['total'], r['container'], r['dryBulk'], r['generalCargo'], r['roro'], r['tanker']].join(',')),
  );
}

/** Drewry publishes on the Thursday that a row is dated; the hour is not recorded, so it is known from that day's end. */
function freight(text: string): readonly string[] {
  const [header, ...rows] = text.trim().split('\n').map((line) => line.trim().split(','));
  return rows.flatMap((row) => {
    const day = row[0]!;
    if (day < HISTORY_FROM || day >= TO) return [];
    return LANES.flatMap((lane) => {
      const value = row[header!.indexOf(lane)];
      return value ? [[lane, day, `${addDays(day, 1)}T00:00:00Z`, String(Number(value)), 'drewry-wci'].join(',')] : [];
    });
  });
}

function shipment(s: SampleShipment, i: number): string {
  const eta = Math.ceil((parseInstant(s.etd) + (s.distanceNm / s.knots / 24) * DAY_MS) / HOUR_MS) * HOUR_MS;
  const row: Record<keyof typeof shipmentColumns, string | number> = {
    id: `shp_hormuz_${String(i + 1).padStart(2, '0')}`,
    reference: s.reference,
    customer_id: s.customer,
    known_at: s.booked,
    from: s.from,
    to: s.to,
    etd: s.etd,
    eta: iso(eta).replace('.000Z', 'Z'),
    cargo: s.cargo,
    cargo_value_usd: s.valueUsd,
    containers: s.containers,
    container_type: s.type,
    goods_class: s.goods,
    carrier_scac: s.carrier,
    vessel: s.vessel,
    booking_reference: `${s.carrier}${s.reference.replaceAll('-', '')}`,
    penalty_per_day_usd: s.penalty[0],
    penalty_free_days: s.penalty[1],
    penalty_cap_usd: s.penalty[2],
  };
  return Object.keys(shipmentColumns).map((c) => csvField(String(row[c as keyof typeof row]))).join(',');
}

function head(markets: Markets['markets']): unknown {
  const market = (question: string): string => {
    const found = markets.find((m) => m['question'] === question);
    if (!found) throw new RangeError(`no market asks: ${question}`);
    return String(found['url']);
  };
  const PORTWATCH = 'https://portwatch.imf.org/';
  return {
    format: 1,
    name: 'hormuz-2026',
    title: 'Hormuz 2026: odds, strikes, an empty strait',
    description:
      'In February 2026 a market puts a US strike on Iran by 30 June at 52.5 %; on 28 February it happens, and within three days the Strait of Hormuz goes from about ninety ships a day to a handful. Odds are recorded on six days only and transit counts come two to eight days late: the desk sees what could be seen, when it could. Shipments and customers are invented.',
    from: FROM,
    to: TO,
    seconds_per_day: 2,
    attributions: [
      { source: 'IMF PortWatch, daily chokepoint transit calls, based on UN Global Platform AIS data', licence: 'with attribution; terms at portwatch.imf.org', url: PORTWATCH, retrieved: '2026-07-27' },
      { source: 'ForecastBench question sets and resolutions (prices of Polymarket markets at their freeze dates)', licence: 'CC BY-SA 4.0', url: 'https://www.forecastbench.org/', retrieved: '2026-08-20' },
      { source: 'Drewry World Container Index, as archived by the Internet Archive', licence: "Drewry's figures, with attribution", url: 'https://www.drewry.co.uk/supply-chain-advisors/supply-chain-expertise/world-container-index-assessed-by-drewry', retrieved: '2026-04-17' },
      { source: 'Eurostat marnet sea network, UN/LOCODE ports (distances of the invented voyages)', licence: 'Apache-2.0', url: 'https://github.com/eurostat/searoute', retrieved: '2026-07-27' },
    ],
    events: [
      { day: '2026-02-09', title: 'A US strike on Iran by 30 June trades at 52.5 %', source: market('US strikes Iran by June 30, 2026?') },
      { day: '2026-02-28', title: 'US strikes on Iran; the ceasefire with Israel is broken', source: market('US strikes Iran by June 30, 2026?') },
      { day: '2026-03-02', title: 'Six ships pass Hormuz; 68 a day was usual in winter (published on 10 March)', source: PORTWATCH },
      { day: '2026-03-04', title: "The market on Iran's Supreme Leader leaving office resolves yes", source: market('Khamenei out as Supreme Leader of Iran by March 31?') },
      { day: '2026-03-10', title: 'PortWatch publishes the first week of the empty strait', source: PORTWATCH },
      { day: '2026-03-19', title: '20 ships through Hormuz on any day of March trades at 25.5 %', source: market('Will 20 ships transit the Strait of Hormuz on any day in March?') },
      { day: '2026-04-08', title: 'The market on a ceasefire between the US and Iran resolves yes', source: market('US x Iran ceasefire by April 15?') },
      { day: '2026-04-16', title: 'Normal traffic through Hormuz by the end of May trades at 63.5 %', source: market('Strait of Hormuz traffic returns to normal by end of May?') },
    ],
  };
}

if (process.argv[1] === import.meta.filename) {
  const [data, out] = process.argv.slice(2);
  if (!data || !out) {
    process.stderr.write('usage: node src/scenario/tools/build-hormuz.ts DATA_FOLDER OUT_FOLDER\n');
    process.exit(2);
  }
  buildHormuz(data, out);
}
