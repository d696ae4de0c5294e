/** A file of shipments or customers written down: every row or none, and a repeat changes nothing. */
import { createHash } from 'node:crypto';
import type { Transaction } from '../../../kernel/database/types.ts';
import { isCodedError } from '../../../kernel/errors/index.ts';
import type { Customer } from '../customer.ts';
import { errors } from '../errors.ts';
import { shipmentOf, type ShipmentInput } from '../input.ts';
import { routeShipment, tally, type Tally } from '../register.ts';
import type { ShippingRoutesDeps } from '../route-parts.ts';
import { customersById, saveCustomer, type Written } from '../store/customers.ts';
import { saveShipments, shipmentIds, type StoredShipment } from '../store/shipments.ts';
import { readCustomers, readShipments, type Read, type RowProblem } from './read-rows.ts';
import { readTable, type Format } from './table.ts';

export interface ImportFile {
  readonly bytes: Uint8Array;
  readonly format: Format;
  /** Looks at everything and writes nothing. */
  readonly dryRun: boolean;
  /** Whose shipments they are, where the file does not say. */
  readonly customerId: string | null;
  readonly actor: string;
}

export interface ImportReport extends Tally {
  readonly rows: number;
  readonly dryRun: boolean;
  /** SHA-256 of the file. */
  readonly fileHash: string;
  readonly ignored: readonly string[];
  /** Of a dry run; a real one with problems throws. */
  readonly problems: readonly RowProblem[];
}

/** @throws CodedError IMPORT_FILE_UNREADABLE, IMPORT_TOO_LARGE, IMPORT_INVALID with each row, column and fix; then nothing was written */
export async function importShipments(deps: ShippingRoutesDeps, file: ImportFile): Promise<ImportReport> {
  const read = readShipments(await readTable(file.bytes, file.format), file.customerId);
  const asOf = await deps.now();
  return inOne(deps, file, read, async (tx) => {
    const ids = await shipmentIds(tx, read.items.map(({ item }) => ({ customerId: item.customer_id, reference: item.reference })));
    const problems: RowProblem[] = [];
    const known = await customersById(tx, [...new Set(read.items.map(({ item }) => item.customer_id))]);
    const routes = new Map<string, StoredShipment['route'] | RowProblem>();
    const stored: StoredShipment[] = [];
    for (const [i, { row, item }] of read.items.entries()) {
      if (!known.has(item.customer_id)) {
        problems.push({ row, column: read.named.get('customer_id') ?? 'customer_id', given: item.customer_id, problem: 'there is no such customer', fix: 'Import or create the customer first' });
        continue;
      }
      const routed = routeOf(deps, item, ids[i]!, row, read, routes);
      if ('problem' in routed) problems.push(routed);
      else stored.push({ ...routed, knownAt: asOf });
    }
    if (problems.length > 0) return problems;
    const written = await saveShipments(tx, stored);
    const changed = [...written].flatMap(([id, how]) => (how === 'unchanged' ? [] : [id]));
    if (changed.length > 0 && !file.dryRun) await deps.onShipments(tx, { asOf, ids: changed });
    return { target: 'shipments', written: [...written.values()] };
  });
}

/** A way costs a millisecond the first time, and files repeat their lanes. */
function routeOf(deps: ShippingRoutesDeps, item: ShipmentInput, id: string, row: number, read: Read<unknown>, routes: Map<string, StoredShipment['route'] | RowProblem>): Omit<StoredShipment, 'knownAt'> | RowProblem {
  const lane = `${item.from}-${item.to}`;
  const shipment = shipmentOf(item, id);
  const before = routes.get(lane);
  if (before !== undefined && 'problem' in before) return { ...before, row };
  if (before) return { shipment, route: before, fromName: deps.planner.portName(item.from) ?? item.from, toName: deps.planner.portName(item.to) ?? item.to };
  try {
    const routed = routeShipment(shipment, deps.planner);
    routes.set(lane, routed.route);
    return routed;
  } catch (e) {
    if (!isCodedError(e) || e.code !== 'SHIPMENT_NO_SEA_ROUTE') throw e;
    const field = e.occurrence.field === 'from' ? 'from' : 'to';
    const problem: RowProblem = { row, column: read.named.get(field) ?? field, given: item[field], problem: e.message, fix: e.occurrence.fix ?? 'Give another port' };
    routes.set(lane, problem);
    return problem;
  }
}

/** @throws CodedError as {@link importShipments} */
export async function importCustomers(deps: ShippingRoutesDeps, file: ImportFile): Promise<ImportReport> {
  const read = readCustomers(await readTable(file.bytes, file.format));
  return inOne(deps, file, read, async (tx) => {
    const written: Written[] = [];
    for (const { item } of read.items as readonly { item: Customer }[]) written.push(await saveCustomer(tx, item));
    return { target: 'customers', written };
  });
}

/** The work, its audit row and nothing else in one transaction, which a dry run undoes. */
async function inOne(
  deps: ShippingRoutesDeps,
  file: ImportFile,
  read: Read<unknown>,
  work: (tx: Transaction) => Promise<readonly RowProblem[] | { readonly target: string; readonly written: readonly Written[] }>,
): Promise<ImportReport> {
  const fileHash = createHash('sha256').update(file.bytes).digest('hex');
  const report = (counts: Tally, problems: readonly RowProblem[]): ImportReport => ({ rows: read.items.length, dryRun: file.dryRun, fileHash, ignored: read.ignored, problems, ...counts });
  const refused = (problems: readonly RowProblem[]): ImportReport => {
    if (!file.dryRun) throw invalid(problems);
    return report({ created: 0, updated: 0, unchanged: 0 }, problems);
  };
  if (read.problems.length > 0) return refused(read.problems);
  try {
    return await deps.db.transaction(async (tx) => {
      const done = await work(tx);
      if (!('written' in done)) throw new Undo(done);
      const counts = tally(done.written);
      if (file.dryRun) throw new Undo(counts);
      await deps.audit(tx, { actor: file.actor, action: `${done.target}.import`, target: fileHash, reason: null, before: null, after: { rows: read.items.length, ...counts } });
      return report(counts, []);
    });
  } catch (e) {
    if (!(e instanceof Undo)) throw e;
    return 'created' in e.outcome ? report(e.outcome, []) : refused(e.outcome);
  }
}

/** Leaves a transaction without its writes, and without a failure. */
class Undo extends Error {
  readonly outcome: Tally | readonly RowProblem[];
  constructor(outcome: Tally | readonly RowProblem[]) {
    super('undone');
    this.outcome = outcome;
  }
}

const SHOWN_MAX = 200;

function invalid(problems: readonly RowProblem[]): Error {
  const first = problems[0]!;
  return errors.IMPORT_INVALID({
    field: placeOf(first),
    detail: `${problems.length} place${problems.length === 1 ? ' is' : 's are'} wrong, the first at ${placeOf(first)}: ${wordsOf(first)}. Nothing of the file was used`,
    fix: first.fix,
    issues: problems.slice(0, SHOWN_MAX).map((p) => ({ field: placeOf(p), message: wordsOf(p), fix: p.fix })),
    facts: { problems: problems.length },
  });
}

const placeOf = ({ row, column }: RowProblem): string => [row === null ? 'header' : `row ${row}`, ...(column === null ? [] : [`column ${column}`])].join(', ');
const wordsOf = ({ problem, given }: RowProblem): string => (given === null ? problem : `${problem}: ${JSON.stringify(given)} is there`);
