// Pure rules of the import page: which files are taken, and what a report says in words.
import type { ImportKind, ImportReport } from '../../api/customers.ts';
import { count, plural } from '../../format/number.ts';

/** The API's limits: told before a long upload ends in a refusal. */
export const FILE_MIB_MAX = 5;
const FILE_BYTES_MAX = FILE_MIB_MAX * 1_048_576;

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  txt: 'text/csv',
  tsv: 'text/tab-separated-values',
  tab: 'text/tab-separated-values',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export type FileChoice = { readonly type: string } | { readonly refusal: string };

/** By the name's ending: what a browser says of a file's type differs from machine to machine. */
export function fileChoice({ name, size }: { readonly name: string; readonly size: number }): FileChoice {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (ending === 'xls' || ending === 'ods' || ending === 'numbers') return { refusal: `${name} is an .${ending} file. Save it as .xlsx or as CSV, and choose that.` };
  const type = TYPES[ending];
  if (type === undefined) return { refusal: `${name} is not a CSV or .xlsx file. Choose one of these.` };
  if (size === 0) return { refusal: `${name} is empty.` };
  if (size > FILE_BYTES_MAX) return { refusal: `${name} has ${(size / 1_048_576).toFixed(1)} MiB; up to ${FILE_MIB_MAX} MiB are read at once. Split it.` };
  return { type };
}

/** `"820 B"`, `"12 KiB"`, `"3.4 MiB"`. */
export const bytes = (n: number): string => (n < 1024 ? `${n} B` : n < 1_048_576 ? `${Math.round(n / 1024)} KiB` : `${(n / 1_048_576).toFixed(1)} MiB`);

export const NOUNS: Readonly<Record<ImportKind, string>> = { shipments: 'shipment', customers: 'customer' };

export const nothingToDo = (r: ImportReport): boolean => r.problems.length === 0 && r.created === 0 && r.updated === 0;

/** What the file would do: `"2 new shipments, 1 changed, 1 as it is on file."` */
export function effect(kind: ImportKind, r: Pick<ImportReport, 'created' | 'updated' | 'unchanged'>): string {
  const noun = NOUNS[kind];
  const parts = [
    ...(r.created > 0 ? [`${count(r.created)} new ${r.created === 1 ? noun : kind}`] : []),
    ...(r.updated > 0 ? [`${r.created > 0 ? count(r.updated) : plural(r.updated, noun)} changed`] : []),
    ...(r.unchanged > 0 ? [`${r.created + r.updated > 0 ? count(r.unchanged) : plural(r.unchanged, noun)} as on file`] : []),
  ];
  return parts.length === 0 ? 'The file has no rows.' : `${parts.join(', ')}.`;
}

export const placeOf = ({ row, column }: { readonly row: number | null; readonly column: string | null }): string => [row === null ? 'Header' : `Row ${row}`, ...(column === null ? [] : [column])].join(', ');
