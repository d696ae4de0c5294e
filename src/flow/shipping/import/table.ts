/** A file as a table: CSV or XLSX bytes become a header and rows of cells with their numbers. Knows no column. */
import { parseCsv } from '../../../model/csv.ts';
import { errors } from '../errors.ts';
import type { Cell } from './cell.ts';
import { readSheet } from './sheet.ts';

export interface TableRow {
  /** As a spreadsheet counts: the header is row 1 of a file that begins with it. In CSV the line on which the row begins. */
  readonly row: number;
  readonly cells: readonly Cell[];
}

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
}

export const FORMATS = Object.freeze(['csv', 'xlsx'] as const);
export type Format = (typeof FORMATS)[number];

/** Of one file. */
export const FILE_BYTES_MAX = 5 * 1_048_576;
export const ROWS_MAX = 20_000;
const COLUMNS_MAX = 100;

/**
 * @throws CodedError IMPORT_FILE_UNREADABLE (not of that format, no header, broken), IMPORT_TOO_LARGE
 */
export async function readTable(bytes: Uint8Array, format: Format): Promise<Table> {
  const table = format === 'csv' ? csvTable(bytes) : await sheetTable(bytes);
  if (table.header.length > COLUMNS_MAX) throw errors.IMPORT_TOO_LARGE({ detail: `The file has ${table.header.length} columns; at most ${COLUMNS_MAX} are read`, fix: 'Leave the shipments’ own columns' });
  if (table.rows.length > ROWS_MAX) throw errors.IMPORT_TOO_LARGE({ detail: `The file has ${table.rows.length} rows; at most ${ROWS_MAX} are read at once`, fix: 'Split the file' });
  return table;
}

function csvTable(bytes: Uint8Array): Table {
  const text = decode(bytes);
  const { rows, brokenAt } = parseCsv(text, delimiterOf(text));
  if (brokenAt !== null) throw errors.IMPORT_FILE_UNREADABLE({ field: `row ${brokenAt}`, detail: `A quoted field that begins on row ${brokenAt} does not end`, fix: 'Close the quotation mark' });
  const [header, ...data] = rows;
  if (!header) throw errors.IMPORT_FILE_UNREADABLE({ detail: 'The file is empty', fix: 'Give a header row and a row for each entry' });
  return { header: header.fields.map((f) => f.trim()), rows: data.map(({ line, fields }) => ({ row: line, cells: fields.map((f) => (f.trim() === '' ? null : f.trim())) })).filter(filled) };
}

/** Excel saves "Unicode text" as UTF-16 with its mark; everything else must be UTF-8. */
function decode(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw errors.IMPORT_FILE_UNREADABLE({ detail: 'The file is not UTF-8 text', fix: 'Save it as "CSV UTF-8", or send it as .xlsx', cause });
  }
}

/** A spreadsheet writes the list separator of its country: the one that the header has most of. */
function delimiterOf(text: string): string {
  const end = text.indexOf('\n');
  const header = (end === -1 ? text : text.slice(0, end)).replace(/"[^"]*"/g, '');
  const count = (mark: string): number => header.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** A spreadsheet leaves rows of separators alone where something once was. */
const filled = ({ cells }: Pick<TableRow, 'cells'>): boolean => cells.some((c) => c !== null && c !== '');

async function sheetTable(bytes: Uint8Array): Promise<Table> {
  const sheet = await readSheet(bytes);
  const at = sheet.findIndex((cells) => filled({ cells }));
  if (at === -1) throw errors.IMPORT_FILE_UNREADABLE({ detail: 'The first sheet is empty', fix: 'Put the header and the rows on the first sheet' });
  return {
    header: sheet[at]!.map((c) => (c === null ? '' : String(c).trim())),
    rows: sheet.slice(at + 1).map((cells, i) => ({ row: at + i + 2, cells })).filter(filled),
  };
}
