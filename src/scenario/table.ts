/** A CSV file checked against its columns: every wrong field is told with its line; the rows only when there is none. */
import type { z } from 'zod';
import { parseCsv } from '../model/csv.ts';
import type { ScenarioProblem } from './types.ts';

export type Columns = Readonly<Record<string, z.ZodType>>;
export type RowOf<C extends Columns> = { readonly [K in keyof C]: z.output<C[K]> };
export interface Line<T> {
  readonly line: number;
  readonly row: T;
}

const ROWS_MAX = 200_000;

/**
 * @param file name for the problems
 * @param columns all must be there, in any order, and no other
 * @returns rows that are right; problems go to `tell`
 */
export function readTable<const C extends Columns>(file: string, text: string, columns: C, tell: (p: ScenarioProblem) => void): readonly Line<RowOf<C>>[] {
  const { rows, brokenAt } = parseCsv(text);
  if (brokenAt !== null) tell({ file, line: brokenAt, column: null, message: 'a quoted field does not end', fix: 'close the quotation mark, and double those inside the field' });
  const [header, ...data] = rows;
  const names = Object.keys(columns);
  if (!header) {
    tell({ file, line: 1, column: null, message: 'the file has no header', fix: `begin with: ${names.join(',')}` });
    return [];
  }
  if (!headerRight(file, header.fields, names, tell)) return [];
  if (data.length > ROWS_MAX) tell({ file, line: null, column: null, message: `${data.length} rows`, fix: `at most ${ROWS_MAX}` });
  const lines: Line<RowOf<C>>[] = [];
  for (const { line, fields } of data) {
    if (fields.length !== header.fields.length) {
      tell({ file, line, column: null, message: `${fields.length} fields where the header has ${header.fields.length}`, fix: 'one field a column; quote a field that holds a comma' });
      continue;
    }
    const row: Record<string, unknown> = {};
    let right = true;
    for (const [i, name] of header.fields.entries()) {
      const parsed = columns[name]!.safeParse(fields[i]);
      if (parsed.success) row[name] = parsed.data;
      else {
        right = false;
        tell({ file, line, column: name, ...wording(parsed.error, fields[i]!) });
      }
    }
    if (right) lines.push({ line, row: row as RowOf<C> });
  }
  return lines;
}

function headerRight(file: string, header: readonly string[], names: readonly string[], tell: (p: ScenarioProblem) => void): boolean {
  const missing = names.filter((n) => !header.includes(n));
  const unknown = header.filter((h) => !names.includes(h));
  const twice = header.filter((h, i) => header.indexOf(h) !== i);
  for (const column of missing) tell({ file, line: 1, column, message: 'the column is missing', fix: `the columns are: ${names.join(',')}` });
  for (const column of unknown) tell({ file, line: 1, column, message: 'is not a column of this file', fix: `the columns are: ${names.join(',')}` });
  for (const column of twice) tell({ file, line: 1, column, message: 'the column is there twice', fix: 'keep one' });
  return missing.length + unknown.length + twice.length === 0;
}

/** What a zod error says of one value, as a message and a fix. */
export function wording(error: z.ZodError, given: unknown): { readonly message: string; readonly fix: string } {
  const issue = deepest(error.issues[0]!);
  const fix = issue.code === 'custom' ? (issue.params as { fix?: string } | undefined)?.fix : undefined;
  if (fix !== undefined) return { message: issue.message, fix };
  const shown = JSON.stringify(given) ?? 'nothing';
  return { message: `${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown} is wrong`, fix: expectation(issue) };
}

/** Of a union (empty or a value) the last branch is the one that says what a value must be. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  return issue.code === 'invalid_union' && issue.errors.length > 0 ? deepest(issue.errors.at(-1)![0]!) : issue;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return issue.pattern ? `text of the form ${issue.pattern}` : `a ${issue.format}`;
    case 'unrecognized_keys':
      return `leave out ${issue.keys.join(', ')}`;
    default:
      return issue.message.replace(/^Invalid input: /, '');
  }
}
