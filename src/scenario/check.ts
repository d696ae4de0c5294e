/** What must hold between rows and between files: order in time, no row twice, nothing that refers to nothing. */
import { DAY_MS, iso, startOfDay, type IsoDay, type Millis } from '../model/time.ts';
import { FILES } from './files.ts';
import type { Line } from './table.ts';
import type { FreightRow, MarketRow, PriceRow, ScenarioCustomer, ScenarioProblem, ScenarioShipment, TransitRow } from './types.ts';

type Tell = (problem: ScenarioProblem) => void;

/** Tells every line whose key was on an earlier line. */
export function tellRepeats<T>(file: string, column: string, lines: readonly Line<T>[], key: (row: T) => string, tell: Tell): void {
  const first = new Map<string, number>();
  for (const { line, row } of lines) {
    const k = key(row);
    const before = first.get(k);
    if (before === undefined) first.set(k, line);
    else tell({ file, line, column, message: `${k} is on line ${before} already`, fix: 'keep one; a correction of a figure has a later known_at' });
  }
}

export function checkTransits(lines: readonly Line<TransitRow>[], tell: Tell): void {
  const file = FILES.transits;
  tellRepeats(file, 'observed_for', lines, (r) => `${r.chokepoint} ${r.observedFor} ${iso(r.knownAt)}`, tell);
  for (const { line, row } of lines) {
    // A day's ships cannot be counted before the day is over.
    const over = startOfDay(row.observedFor) + DAY_MS;
    if (row.knownAt < over) tell({ file, line, column: 'known_at', message: `is before the end of ${row.observedFor}`, fix: `${iso(over)} or later` });
    if (Object.values(row.counts).every((n) => n === null)) tell({ file, line, column: 'total', message: 'the row has no figure', fix: 'leave the row out' });
  }
}

export function checkFreight(lines: readonly Line<FreightRow>[], tell: Tell): void {
  const file = FILES.freight;
  tellRepeats(file, 'observed_for', lines, (r) => `${r.lane} ${r.observedFor} ${iso(r.knownAt)}`, tell);
  for (const { line, row } of lines) tellEarly(file, line, row.knownAt, startOfDay(row.observedFor), tell);
}

function tellEarly(file: string, line: number, knownAt: Millis, observedFor: Millis, tell: Tell): void {
  if (knownAt < observedFor) tell({ file, line, column: 'known_at', message: 'is before observed_for', fix: `${iso(observedFor)} or later` });
}

export function checkMarkets(markets: readonly MarketRow[], tell: Tell): void {
  const file = FILES.markets;
  const say = (i: number, column: string, message: string, fix: string): void => tell({ file, line: null, column: `[${i}].${column}`, message, fix });
  const ids = new Set<string>();
  const tokens = new Set<string>();
  for (const [i, m] of markets.entries()) {
    if (ids.has(m.id)) say(i, 'id', `${m.id} is there twice`, 'one entry a market');
    ids.add(m.id);
    for (const side of ['yes', 'no'] as const) {
      if (tokens.has(m.tokenIds[side])) say(i, `token_ids.${side}`, 'belongs to another outcome too', 'a token a market and outcome');
      tokens.add(m.tokenIds[side]);
    }
    if (m.closes <= m.opens) say(i, 'closes', 'is not after opens', `after ${iso(m.opens)}`);
    if (m.resolution && m.resolution.knownAt < m.opens) say(i, 'resolution.known_at', 'is before the market opens', `${iso(m.opens)} or later`);
  }
}

export function checkPrices(lines: readonly Line<PriceRow>[], markets: readonly MarketRow[], tell: Tell): void {
  const file = FILES.prices;
  const byId = new Map(markets.map((m) => [m.id, m]));
  tellRepeats(file, 'market_id', lines, (r) => `${r.marketId} ${iso(r.observedFor)}`, tell);
  for (const { line, row } of lines) {
    tellEarly(file, line, row.knownAt, row.observedFor, tell);
    const market = byId.get(row.marketId);
    if (!market) tell({ file, line, column: 'market_id', message: `no market ${row.marketId} in ${FILES.markets}`, fix: 'add the market, or leave the price out' });
    else if (row.observedFor < market.opens) tell({ file, line, column: 'observed_for', message: 'is before the market opens', fix: `${iso(market.opens)} or later` });
    else if (market.resolution && row.observedFor > market.resolution.knownAt) {
      tell({ file, line, column: 'observed_for', message: 'is after the market is resolved', fix: `${iso(market.resolution.knownAt)} or earlier` });
    }
  }
}

export function checkCustomers(customers: readonly ScenarioCustomer[], tell: Tell): void {
  const seen = new Set<string>();
  for (const [i, c] of customers.entries()) {
    if (seen.has(c.id)) tell({ file: FILES.customers, line: null, column: `[${i}].id`, message: `${c.id} is there twice`, fix: 'one entry a customer' });
    seen.add(c.id);
  }
}

export function checkShipments(lines: readonly Line<ScenarioShipment>[], customers: readonly ScenarioCustomer[], tell: Tell): void {
  const file = FILES.shipments;
  const known = new Set(customers.map((c) => c.id));
  tellRepeats(file, 'id', lines, (r) => r.id, tell);
  tellRepeats(file, 'reference', lines, (r) => r.reference, tell);
  for (const { line, row } of lines) {
    if (!known.has(row.customerId)) tell({ file, line, column: 'customer_id', message: `no customer ${row.customerId} in ${FILES.customers}`, fix: `one of ${[...known].join(', ') || '(none yet)'}` });
    if (row.from === row.to) tell({ file, line, column: 'to', message: 'is where it comes from', fix: 'another port' });
    if (row.eta <= row.etd) tell({ file, line, column: 'eta', message: 'is not after etd', fix: `after ${iso(row.etd)}` });
    if (row.knownAt > row.eta) tell({ file, line, column: 'known_at', message: 'is after it has arrived', fix: `${iso(row.eta)} or earlier` });
  }
}

export function checkDays(from: IsoDay, to: IsoDay, events: readonly { readonly day: IsoDay; readonly affects: readonly string[]; readonly until: IsoDay | null }[], tell: Tell): void {
  const file = FILES.scenario;
  const days = (startOfDay(to) - startOfDay(from)) / DAY_MS + 1;
  if (days < 1 || days > 1_000) tell({ file, line: null, column: 'to', message: `the scenario has ${days} days`, fix: '1 to 1,000 days, from and to included' });
  for (const [i, e] of events.entries()) {
    if (e.day < from || e.day > to) tell({ file, line: null, column: `events[${i}].day`, message: `${e.day} is not played`, fix: `${from} to ${to}` });
    if (e.until !== null && e.affects.length === 0) tell({ file, line: null, column: `events[${i}].until`, message: 'ends what moves no traffic', fix: 'name the passages in affects, or leave until out' });
    else if (e.until !== null && e.until < e.day) tell({ file, line: null, column: `events[${i}].until`, message: `is before ${e.day}`, fix: `${e.day} or later, or null` });
  }
}
