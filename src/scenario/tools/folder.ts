/** Writes the files of a scenario's folder; and the command line that every converter has. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FILES, freightColumns, priceColumns, shipmentColumns, transitColumns } from '../files.ts';
import { shipmentRow, type SampleShipment } from './sample-shipments.ts';

/** What a converter makes: JSON values, and lines of CSV in the order of their columns. */
export interface ScenarioFiles {
  readonly head: unknown;
  readonly transits: readonly string[];
  readonly freight: readonly string[];
  readonly markets: readonly unknown[];
  readonly prices: readonly string[];
  readonly customers: readonly unknown[];
  readonly shipments: readonly SampleShipment[];
  /** `shp_hormuz`: shipments are numbered under it. */
  readonly shipmentPrefix: string;
}

/** @param out the scenario's folder; its files are written over */
export function writeScenario(out: string, files: ScenarioFiles): void {
  mkdirSync(out, { recursive: true });
  const json = (file: string, value: unknown): void => writeFileSync(join(out, file), `${JSON.stringify(value, null, 2)}\n`);
  const csv = (file: string, columns: object, rows: readonly string[]): void => writeFileSync(join(out, file), `${[Object.keys(columns).join(','), ...rows].join('\n')}\n`);
  const digits = Math.max(2, String(files.shipments.length).length);
  json(FILES.scenario, files.head);
  csv(FILES.transits, transitColumns, files.transits);
  csv(FILES.freight, freightColumns, files.freight);
  json(FILES.markets, files.markets);
  csv(FILES.prices, priceColumns, files.prices);
  json(FILES.customers, files.customers);
  csv(FILES.shipments, shipmentColumns, files.shipments.map((s, i) => shipmentRow(s, `${files.shipmentPrefix}_${String(i + 1).padStart(digits, '0')}`)));
}

export const textIn = (data: string, file: string): string => readFileSync(join(data, file), 'utf8');
export const jsonIn = <T>(data: string, file: string): T => JSON.parse(textIn(data, file)) as T;

/** Runs a converter from the command line: `node TOOL DATA_FOLDER OUT_FOLDER`. */
export function runTool(file: string, build: (data: string, out: string) => void): void {
  if (process.argv[1] !== file) return;
  const [data, out] = process.argv.slice(2);
  if (data && out) return build(data, out);
  process.stderr.write(`usage: node src/scenario/tools/${basename(file)} DATA_FOLDER OUT_FOLDER\n`);
  process.exit(2);
}
