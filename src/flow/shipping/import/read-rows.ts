/** A table's rows as what the API takes, each fault told with its row, its column and the fix. Pure. */
import { CONTACT_CHANNELS } from '../../../model/contact.ts';
import { deterministicId } from '../../../model/ids.ts';
import type { Customer } from '../customer.ts';
import { customerOf, newCustomerInput, shipmentInput, type ShipmentInput } from '../input.ts';
import { CUSTOMER_COLUMNS, headerKey, SHIPMENT_COLUMNS, type Column } from './columns.ts';
import type { Cell } from './cell.ts';
import type { Table } from './table.ts';

export interface RowProblem {
  /** Of the file; null where the fault is of the file as a whole. */
  readonly row: number | null;
  /** As the file calls it; null where the fault is of the row as a whole. */
  readonly column: string | null;
  /** What is there, shortened. */
  readonly given: string | null;
  readonly problem: string;
  readonly fix: string;
}

export interface Read<T> {
  readonly items: readonly { readonly row: number; readonly item: T }[];
  readonly problems: readonly RowProblem[];
  /** Headers that no column is named like. */
  readonly ignored: readonly string[];
  /** What the file calls each field. */
  readonly named: ReadonlyMap<string, string>;
}

/** @param customerId of all rows that name none */
export function readShipments(table: Table, customerId: string | null): Read<ShipmentInput> {
  const columns = customerId === null ? SHIPMENT_COLUMNS.map((c) => (c.name === 'customer_id' ? { ...c, required: true } : c)) : SHIPMENT_COLUMNS;
  return readRows(table, columns, (fields) => shipmentInput.safeParse({ ...fields, customer_id: fields['customer_id'] ?? customerId ?? undefined }), (s) => `${s.customer_id} ${s.reference}`, 'reference');
}

export function readCustomers(table: Table): Read<Customer> {
  return readRows(table, CUSTOMER_COLUMNS, parseCustomer, (c) => c.id, 'id');
}

/** Contacts are columns of their own in a file, and are tried in the order of the channels here: WhatsApp first. */
function parseCustomer(fields: Readonly<Record<string, unknown>>): Parsed<Customer> {
  const { quiet_from: from, quiet_to: to, ...rest }: Record<string, unknown> = fields;
  const channels = CONTACT_CHANNELS.filter((channel) => rest[channel] !== undefined);
  const contacts = channels.map((channel) => ({ channel, address: rest[channel] }));
  for (const channel of CONTACT_CHANNELS) delete rest[channel];
  const result = newCustomerInput.safeParse({ ...rest, contacts, ...(from === undefined && to === undefined ? {} : { quiet_hours: { from, to } }) });
  if (result.success) return { success: true, data: customerOf(result.data, result.data.id ?? deterministicId('cus', result.data.name)) };
  const placed = result.error.issues.map((issue): Fault => {
    const [first, second] = issue.path;
    if (first === 'contacts') return { message: issue.message, path: [typeof second === 'number' ? channels[second]! : 'whatsapp'] };
    if (first === 'quiet_hours') return { message: issue.message, path: [second === 'to' ? 'quiet_to' : 'quiet_from'] };
    return issue;
  });
  return { success: false, error: { issues: placed } };
}

interface Fault {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}
type Parsed<T> = { readonly success: true; readonly data: T } | { readonly success: false; readonly error: { readonly issues: readonly Fault[] } };
type Parse<T> = (fields: Readonly<Record<string, unknown>>) => Parsed<T>;

function readRows<T>(table: Table, columns: readonly Column[], parse: Parse<T>, keyOf: (item: T) => string, keyField: string): Read<T> {
  const { places, ignored, problems } = findColumns(table.header, columns);
  const items: { row: number; item: T }[] = [];
  const seen = new Map<string, number>();
  const named = new Map([...places].map(([name, at]) => [name, table.header[at]!]));
  for (const { row, cells } of problems.length > 0 ? [] : table.rows) {
    const fields: Record<string, unknown> = {};
    for (const column of columns) {
      const at = places.get(column.name);
      const value = at === undefined ? undefined : column.read(cells[at] ?? null);
      if (value !== undefined) fields[column.name] = value;
    }
    const before = problems.length;
    if (cells.length > table.header.length && cells.slice(table.header.length).some((c) => c !== null && c !== '')) {
      problems.push({ row, column: null, given: null, problem: `has ${cells.length} fields where the header has ${table.header.length}`, fix: 'Quote a field that holds the separator' });
    }
    for (const column of columns) {
      if (column.required && fields[column.name] === undefined) problems.push({ row, column: named.get(column.name) ?? column.name, given: null, problem: 'is empty', fix: `Give ${column.about}` });
    }
    if (problems.length > before) continue;
    const result = parse(fields);
    if (!result.success) {
      problems.push(...result.error.issues.map((issue) => problemOf(issue, row, columns, named, (name) => cells[places.get(name) ?? -1] ?? null)));
      continue;
    }
    const key = keyOf(result.data);
    const first = seen.get(key);
    if (first !== undefined) problems.push({ row, column: named.get(keyField) ?? keyField, given: null, problem: `is the same as on row ${first}`, fix: 'Give each entry one row' });
    else {
      seen.set(key, row);
      items.push({ row, item: result.data });
    }
  }
  if (problems.length === 0 && items.length === 0) problems.push({ row: null, column: null, given: null, problem: 'the file has a header and no row', fix: 'Give a row for each entry' });
  return { items, problems, ignored, named };
}

interface Found {
  readonly places: ReadonlyMap<string, number>;
  readonly ignored: readonly string[];
  readonly problems: RowProblem[];
}

function findColumns(header: readonly string[], columns: readonly Column[]): Found {
  const places = new Map<string, number>();
  const problems: RowProblem[] = [];
  const strangers: string[] = [];
  for (const [at, title] of header.entries()) {
    const key = headerKey(title);
    const column = columns.find((c) => headerKey(c.name) === key) ?? columns.find((c) => c.also.includes(key));
    if (!column) {
      if (title !== '') strangers.push(title);
    } else if (places.has(column.name)) problems.push({ row: null, column: title, given: null, problem: `and "${header[places.get(column.name)!]}" both mean ${column.name}`, fix: 'Remove one of them' });
    else places.set(column.name, at);
  }
  const ignored: string[] = [];
  for (const title of strangers) {
    // A misspelt optional column must not pass in silence: its values would be taken for the default.
    const meant = columns.find((c) => !places.has(c.name) && isNear(headerKey(title), headerKey(c.name)));
    if (meant) problems.push({ row: null, column: title, given: null, problem: 'is not a column that is known here', fix: `Did you mean ${meant.name}?` });
    else ignored.push(title);
  }
  for (const column of columns) {
    if (column.required && !places.has(column.name)) problems.push({ row: null, column: column.name, given: null, problem: 'is missing in the header', fix: `Add the column: ${column.about}` });
  }
  return { places, ignored, problems };
}

function problemOf(issue: Fault, row: number, columns: readonly Column[], named: ReadonlyMap<string, string>, cell: (name: string) => Cell): RowProblem {
  const name = typeof issue.path[0] === 'string' ? issue.path[0] : null;
  const value = name === null ? null : cell(name);
  const column = columns.find((c) => c.name === name);
  return {
    row,
    column: name === null ? null : (named.get(name) ?? name),
    // An address is a secret, also one with a slip in it; row and column say where it is.
    given: value === null || value === '' || (CONTACT_CHANNELS as readonly (string | null)[]).includes(name) ? null : (value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : String(value)).slice(0, 80),
    problem: issue.message.replace(/^Invalid (input|option): /, '').replace(/^Invalid ISO datetime$/, 'is no day or time that is understood here').replace(/^Invalid /, 'is an invalid '),
    fix: column ? `Give ${column.about}${column.example === '' ? '' : `, as in ${column.example}`}` : 'Correct the row',
  };
}

/** Whether two words differ by at most two letters (Levenshtein): a slip of the hand, not another word. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2 || Math.min(a.length, b.length) < 4) return false;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]! <= 2;
}
