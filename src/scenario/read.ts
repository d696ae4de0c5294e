/** Reads a scenario's folder: all of it checked, then frozen; or every problem at once and nothing loaded. */
import { readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { startOfDay, type Millis } from '../model/time.ts';
import { checkCustomers, checkDays, checkFreight, checkMarkets, checkPrices, checkShipments, checkTransits } from './check.ts';
import { customersFile, FILES, freightColumns, marketsFile, priceColumns, scenarioFile, shipmentColumns, transitColumns } from './files.ts';
import { readTable, wording, type Columns, type Line, type RowOf } from './table.ts';
import { ScenarioInvalid, TRANSIT_COLUMNS, type FreightRow, type MarketRow, type PriceRow, type Scenario, type ScenarioCustomer, type ScenarioProblem, type ScenarioShipment, type TransitRow } from './types.ts';

const FILE_BYTES_MAX = 16 << 20;

/**
 * @param path the folder, relative to the working directory or absolute
 * @throws ScenarioInvalid with every problem found
 */
export function readScenario(path: string): Scenario {
  const { scenario, problems } = load(path);
  if (!scenario) throw new ScenarioInvalid(path, problems);
  return scenario;
}

/** What is wrong with the folder; empty when it can be played. Never throws for what is in it. */
export const scenarioProblems = (path: string): readonly ScenarioProblem[] => load(path).problems;

function load(path: string): { readonly scenario: Scenario | null; readonly problems: readonly ScenarioProblem[] } {
  const problems: ScenarioProblem[] = [];
  const tell = (p: ScenarioProblem): void => void problems.push(Object.freeze(p));
  const folder = new Folder(resolve(path), tell);
  if (!folder.exists()) {
    tell({ file: '.', line: null, column: null, message: `there is no folder ${path}`, fix: 'the path of a folder that holds scenario.json' });
    return { scenario: null, problems };
  }
  const head = folder.json(FILES.scenario, scenarioFile);
  const transits = folder.table(FILES.transits, transitColumns, toTransit);
  const freight = folder.table(FILES.freight, freightColumns, toFreight);
  const markets = folder.json(FILES.markets, marketsFile)?.map(toMarket);
  const prices = folder.table(FILES.prices, priceColumns, toPrice);
  const customers = folder.json(FILES.customers, customersFile)?.map(toCustomer);
  const shipments = folder.table(FILES.shipments, shipmentColumns, toShipment);
  if (head) {
    checkDays(head.from, head.to, head.events, tell);
    // The name is what people type and what rows are stored under: it must be the folder's.
    if (head.name !== basename(resolve(path))) tell({ file: FILES.scenario, line: null, column: 'name', message: `${head.name} is not the folder's name`, fix: basename(resolve(path)) });
  }
  checkTransits(transits, tell);
  checkFreight(freight, tell);
  // What refers to a file that cannot be read is not faulted for it.
  if (markets) {
    checkMarkets(markets, tell);
    checkPrices(prices, markets, tell);
  }
  if (customers) {
    checkCustomers(customers, tell);
    checkShipments(shipments, customers, tell);
  }
  if (!head || !markets || !customers || problems.length > 0) return { scenario: null, problems };
  const scenario: Scenario = {
    path: resolve(path),
    name: head.name,
    title: head.title,
    description: head.description,
    from: head.from,
    to: head.to,
    secondsPerDay: head.seconds_per_day,
    attributions: head.attributions,
    events: [...head.events].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)),
    transits: inOrder(transits, (r) => startOfDay(r.observedFor)),
    freight: inOrder(freight, (r) => startOfDay(r.observedFor)),
    markets,
    prices: inOrder(prices, (r) => r.observedFor),
    customers,
    shipments: inOrder(shipments, (r) => r.etd),
  };
  return { scenario: deepFreeze(scenario), problems };
}

/** The files of one folder; what cannot be read is told. */
class Folder {
  readonly #path: string;
  readonly #tell: (p: ScenarioProblem) => void;
  constructor(path: string, tell: (p: ScenarioProblem) => void) {
    this.#path = path;
    this.#tell = tell;
  }

  exists(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  json<T>(file: string, schema: z.ZodType<T>): T | null {
    const text = this.#text(file);
    if (text === null) return null;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      this.#tell({ file, line: lineOf(text, cause), column: null, message: `is not JSON: ${(cause as Error).message}`, fix: 'valid JSON' });
      return null;
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      const given = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
      this.#tell({ file, line: null, column: z.core.toDotPath(issue.path) || null, ...wording(new z.ZodError([issue]), given) });
    }
    return null;
  }

  table<C extends Columns, T>(file: string, columns: C, to: (row: RowOf<C>) => T): readonly Line<T>[] {
    const text = this.#text(file);
    return text === null ? [] : readTable(file, text, columns, this.#tell).map(({ line, row }) => ({ line, row: to(row) }));
  }

  #text(file: string): string | null {
    const path = join(this.#path, file);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile()) {
      this.#tell({ file, line: null, column: null, message: 'the file is missing', fix: 'add it; a CSV file may hold its header alone, a JSON list may be []' });
      return null;
    }
    if (stat.size > FILE_BYTES_MAX) {
      this.#tell({ file, line: null, column: null, message: `${stat.size} bytes`, fix: `at most ${FILE_BYTES_MAX}` });
      return null;
    }
    return readFileSync(path, 'utf8');
  }
}

/** V8 tells "(line 3 column 5)" or a position, depending on the fault. */
function lineOf(text: string, cause: unknown): number | null {
  const message = cause instanceof Error ? cause.message : '';
  const line = /\(line (\d+) column/.exec(message);
  if (line) return Number(line[1]);
  const position = /position (\d+)/.exec(message);
  return position ? text.slice(0, Number(position[1])).split('\n').length : null;
}

function inOrder<T extends { readonly knownAt: Millis }>(lines: readonly Line<T>[], then: (row: T) => number): readonly T[] {
  return lines.map((l) => l.row).sort((a, b) => a.knownAt - b.knownAt || then(a) - then(b));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

const toTransit = (r: RowOf<typeof transitColumns>): TransitRow => ({
  chokepoint: r.chokepoint,
  observedFor: r.observed_for,
  knownAt: r.known_at,
  counts: Object.fromEntries(TRANSIT_COLUMNS.map((c) => [c, r[c]])) as TransitRow['counts'],
});
const toFreight = (r: RowOf<typeof freightColumns>): FreightRow => ({ lane: r.lane, observedFor: r.observed_for, knownAt: r.known_at, usdPerFeu: r.usd_per_feu, source: r.source });
const toPrice = (r: RowOf<typeof priceColumns>): PriceRow => ({ marketId: r.market_id, observedFor: r.observed_for, knownAt: r.known_at, price: r.price });
const toMarket = (m: z.output<typeof marketsFile>[number]): MarketRow => ({
  id: m.id, source: m.source, question: m.question, url: m.url, slug: m.slug, tags: m.tags, opens: m.opens, closes: m.closes, tokenIds: m.token_ids, liquidityUsd: m.liquidity_usd,
  resolution: m.resolution && { outcome: m.resolution.outcome, knownAt: m.resolution.known_at },
});
const toCustomer = (c: z.output<typeof customersFile>[number]): ScenarioCustomer => ({
  id: c.id, name: c.name, whatsapp: c.whatsapp, language: c.language, timezone: c.timezone,
  minExposure: c.min_exposure_usd, minProbability: c.min_probability, quietHours: c.quiet_hours,
});
const toShipment = (r: RowOf<typeof shipmentColumns>): ScenarioShipment => ({
  id: r.id, reference: r.reference, customerId: r.customer_id, knownAt: r.known_at, from: r.from, to: r.to, etd: r.etd, eta: r.eta,
  cargo: r.cargo, cargoValue: r.cargo_value_usd, containers: r.containers, containerType: r.container_type, goodsClass: r.goods_class,
  carrier: r.carrier_scac, vessel: r.vessel, bookingReference: r.booking_reference,
  penaltyPerDay: r.penalty_per_day_usd, penaltyFreeDays: r.penalty_free_days, penaltyCap: r.penalty_cap_usd,
});
