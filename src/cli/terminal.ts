/** What commands write: tables for people, JSON for machines, a progress bar on anything that lasts. */

export interface Terminal {
  /** True when a person looks: colour and a bar that moves. */
  readonly interactive: boolean;
  /** True when standard error is a terminal: it may show a secret once. A file or a pipe may be a log. */
  readonly errIsTerminal: boolean;
  readonly columns: number;
  out(text: string): void;
  err(text: string): void;
}

export const processTerminal = (): Terminal => ({
  interactive: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
  errIsTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 100,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Cut to this many characters with an ellipsis. */
  readonly max?: number;
}

/** A plain table, columns as wide as they need to be. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map((c) => cut(c.value(row), c.max ?? 200)));
  const widths = columns.map((c, i) => Math.max(c.title.length, ...cells.map((line) => line[i]!.length)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => (columns[i]!.align === 'right' ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [line(columns.map((c) => c.title)), line(widths.map((w) => '─'.repeat(w))), ...cells.map(line)].join('\n') + '\n';
}

const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

/** A bar on standard error, redrawn in place on a terminal and one line every tenth elsewhere, so that logs stay readable. */
export function progressBar(terminal: Terminal, total: number, what: string): { at(done: number, note?: string): void; end(): void } {
  let lastTenth = -1;
  return {
    at(done, note = '') {
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const head = `${what} ${String(done).padStart(String(total).length)}/${total} `;
      if (terminal.interactive) {
        const width = Math.max(10, Math.min(30, terminal.columns - head.length - note.length - 8));
        const full = Math.round(share * width);
        terminal.err(`\r\u001b[2K${head}${'█'.repeat(full)}${'░'.repeat(width - full)} ${cut(note, Math.max(0, terminal.columns - head.length - width - 3))}`);
        return;
      }
      const tenth = Math.floor(share * 10);
      if (tenth > lastTenth) terminal.err(`${head}${note}\n`);
      lastTenth = Math.max(lastTenth, tenth);
    },
    end() {
      if (terminal.interactive) terminal.err('\r\u001b[2K');
    },
  };
}
