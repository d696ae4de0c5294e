/** CSV after RFC 4180 with the line of each row: quoted fields, doubled quotes, CRLF or LF. Knows no column. */

export interface CsvRow {
  /** Line on which the row begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * @param delimiter one character
 * @returns rows, blank lines left out; `brokenAt` is the line of a quoted field that never ends, else null
 */
export function parseCsv(text: string, delimiter = ','): { readonly rows: readonly CsvRow[]; readonly brokenAt: number | null } {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let rowLine = 1;
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const endRow = (): void => {
    fields.push(field);
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: rowLine, fields });
    fields = [];
    field = '';
  };
  for (let i = 0; i < source.length; i += 1) {
    const c = source[i]!;
    if (quoted) {
      if (c === '\n') line += 1;
      if (c !== '"') field += c;
      else if (source[i + 1] === '"') {
        field += '"';
        i += 1;
      } else quoted = false;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === delimiter) {
      fields.push(field);
      field = '';
    } else if (c === '\n') {
      endRow();
      line += 1;
      rowLine = line;
    } else if (c !== '\r' || source[i + 1] !== '\n') field += c;
  }
  if (quoted) return { rows, brokenAt: rowLine };
  if (field !== '' || fields.length > 0) endRow();
  return { rows, brokenAt: null };
}

/** One field as CSV: quoted only where it must be. */
export const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
