/** `bellwether import`: a file of shipments or customers into a running desk. */
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { EXIT, type Command } from './command.ts';
import { errors } from './errors.ts';
import { askDesk, deskOptions } from './running-desk.ts';

const KINDS = ['shipments', 'customers'] as const;
const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.txt': 'text/csv',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

interface Report {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly dry_run: boolean;
  readonly problem_count: number;
  readonly ignored_columns: readonly string[];
  readonly problems: readonly { readonly row: number | null; readonly column: string | null; readonly given: string | null; readonly problem: string; readonly fix: string }[];
}

export const importCommand: Command = {
  name: 'import',
  usage: 'import shipments|customers FILE',
  about: 'write a CSV or XLSX file into a running desk: all its rows, or none and what is wrong with each',
  options: {
    ...deskOptions,
    customer: { type: 'string', about: 'whose shipments they are, where the file does not say (id)' },
    'dry-run': { type: 'boolean', about: 'look at everything and write nothing' },
  },
  async run(context) {
    const { terminal, args } = context;
    const kind = KINDS.find((k) => k === args[0]);
    const file = args[1];
    if (!kind || file === undefined) throw errors.COMMAND_WRONG({ detail: `import ${args.join(' ')}`.trim(), fix: 'import shipments FILE or import customers FILE' });
    const type = TYPES[extname(file).toLowerCase()];
    if (!type) throw errors.COMMAND_WRONG({ field: 'FILE', detail: `${file} is neither .csv nor .xlsx`, fix: 'Save it as one of these' });
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw errors.COMMAND_WRONG({ field: 'FILE', detail: `There is no file ${file}`, fix: 'Check its path' });
    const customer = context.option('customer');
    const query = new URLSearchParams({ dry_run: String(context.flag('dry-run')), ...(customer !== undefined && kind === 'shipments' ? { customer_id: customer } : {}) });
    terminal.err(`reading ${file} …\n`);
    const report = await askDesk<Report>(context, `/api/v1/imports/${kind}?${query}`, { method: 'POST', headers: { 'content-type': type }, body: contentOf(file), timeoutMs: 120_000 });
    if (context.flag('json')) terminal.out(`${JSON.stringify(report, null, 2)}\n`);
    else terminal.out(wordsOf(kind, report));
    return report.problems.length === 0 ? EXIT.ok : EXIT.failed;
  },
};

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw errors.COMMAND_WRONG({ field: 'FILE', detail: `${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, fix: 'Check who may read it', cause });
  }
}

function wordsOf(kind: string, r: Report): string {
  const lines = r.problems.map((p) => `  ${p.row === null ? 'header' : `row ${p.row}`}${p.column === null ? '' : `, column ${p.column}`}: ${p.problem}${p.given === null ? '' : ` (${JSON.stringify(p.given)})`} — ${p.fix}`);
  const ignored = r.ignored_columns.length > 0 ? [`not used: the columns ${r.ignored_columns.join(', ')}`] : [];
  const sum = r.problems.length > 0 ? `${r.problem_count} places are wrong${r.problem_count > r.problems.length ? `, the first ${r.problems.length} of them above` : ''}; nothing would be written` : `${kind}: ${r.rows} rows, ${r.created} new, ${r.updated} changed, ${r.unchanged} as they were${r.dry_run ? ' (nothing was written: dry run)' : ''}`;
  return `${[...lines, ...ignored, sum].join('\n')}\n`;
}
