/**
 * A subscribed index from a CSV file that the customer drops: `date`, one column a lane in USD/FEU, and if known `known_at`.
 * Lives here: reading and refusing. Not here: watching folders or uploads.
 */
import { readFile, stat } from 'node:fs/promises';
import { isCodedError } from '../../kernel/errors/index.ts';
import { freightSeries, type Observation, type ObservationSource } from '../../flow/reality/ports.ts';
import { DAY_MS, parseInstant, startOfDay, type Millis } from '../../model/time.ts';
import { parseCsv } from '../../model/csv.ts';
import { freightErrors } from './errors.ts';
import { LANE } from './lanes.ts';

export interface IndexCsvOptions {
  /** `drewry-wci`: the observations' source. */
  readonly source: string;
  readonly url: string;
  /** Columns to read; default every column named like a lane, but those of {@link NO_LANE}. */
  readonly lanes?: readonly string[];
}

/** Columns of index files that look like lanes and are none. */
const NO_LANE: readonly string[] = ['known_at', 'composite_index', 'source_snapshot'];
const AMOUNT = /^\d+(\.\d+)?$/;
const RATE_MAX = 1_000_000;

interface Problem {
  readonly field: string;
  readonly message: string;
  readonly fix: string;
}

/**
 * @param text the file; an empty field is a gap. Without `known_at` a row is known from the end of its day.
 * @returns observations by lane and day
 * @throws CodedError FREIGHT_CSV_INVALID with every wrong line; nothing of the file is used
 */
export function parseIndexCsv(text: string, options: IndexCsvOptions): readonly Observation[] {
  const problems: Problem[] = [];
  const tell = (field: string, message: string, fix: string): void => void problems.push({ field, message, fix });
  const { rows, brokenAt } = parseCsv(text);
  const [header, ...data] = rows;
  if (brokenAt !== null) tell(`line ${brokenAt}`, 'a quoted field does not end', 'close the quotation mark');
  const columns = header?.fields.map((name) => name.trim()) ?? [];
  const lanes = columns.filter((c) => (options.lanes ? options.lanes.includes(c) : LANE.test(c) && !NO_LANE.includes(c)));
  for (const lane of options.lanes ?? []) if (!columns.includes(lane)) tell('line 1', `there is no column ${lane}`, `one of ${columns.join(', ')}`);
  if (!columns.includes('date')) tell('line 1', 'there is no column date', 'a header such as date,shanghai_rotterdam');
  else if (lanes.length === 0) tell('line 1', 'no column is named like a lane', 'origin and destination, lower case, joined by an underscore: shanghai_rotterdam');
  const seen = new Map<string, number>();
  const observations: Observation[] = [];
  for (const { line, fields } of problems.length > 0 ? [] : data) {
    const at = (name: string): string => fields[columns.indexOf(name)]?.trim() ?? '';
    const day = at('date');
    const start = read(() => startOfDay(day));
    if (fields.length !== columns.length) tell(`line ${line}`, `${fields.length} fields where the header has ${columns.length}`, 'one field a column');
    else if (start === null) tell(`line ${line}, date`, `${JSON.stringify(day)} is not a day`, 'a day such as 2026-03-05');
    else if (seen.has(day)) tell(`line ${line}, date`, `${day} is on line ${seen.get(day)} already`, 'one line a day');
    else {
      seen.set(day, line);
      const known = columns.includes('known_at') && at('known_at') !== '' ? read(() => parseInstant(at('known_at'))) : start + DAY_MS;
      if (known === null || known < start) tell(`line ${line}, known_at`, `${JSON.stringify(at('known_at'))} is not an instant on or after ${day}`, `such as ${day}T17:00:00Z`);
      else for (const lane of lanes) observe(lane, at(lane), line, day, known);
    }
  }
  function observe(lane: string, amount: string, line: number, day: string, knownAt: Millis): void {
    if (amount === '') return;
    const value = AMOUNT.test(amount) ? Number(amount) : Number.NaN;
    if (value > 0 && value <= RATE_MAX) observations.push({ series: freightSeries(lane), observedFor: day, knownAt, value, unit: 'USD/FEU', source: options.source, url: options.url });
    else tell(`line ${line}, ${lane}`, `${JSON.stringify(amount)} is not a rate`, `dollars a FEU in digits, above 0 and at most ${RATE_MAX}`);
  }
  if (problems.length > 0) throw freightErrors.FREIGHT_CSV_INVALID({ detail: `${problems.length} of the file's lines are wrong; nothing of it is used`, issues: problems.slice(0, 100) });
  return observations.sort((a, b) => (`${a.series} ${a.observedFor}` < `${b.series} ${b.observedFor}` ? -1 : 1));
}

function read(parse: () => number): number | null {
  try {
    return parse();
  } catch {
    return null;
  }
}

const FILE_BYTES_MAX = 16 * 1024 * 1024;

/**
 * The file of a setting, read for {@link createIndexCsvSource}.
 * @throws CodedError FREIGHT_CSV_INVALID where it is not there, cannot be read, or is larger than 16 MiB
 */
export async function readIndexFile(path: string): Promise<string> {
  const refuse = (detail: string, fix: string): Error => freightErrors.FREIGHT_CSV_INVALID({ detail, field: 'FREIGHT_CSV', fix });
  try {
    const { size } = await stat(path);
    if (size > FILE_BYTES_MAX) throw refuse(`${path} has ${size} bytes`, `At most ${FILE_BYTES_MAX}: leave out the years before the last five`);
    return await readFile(path, 'utf8');
  } catch (e) {
    if (isCodedError(e)) throw e;
    throw refuse(`${path}: ${(e as NodeJS.ErrnoException).code ?? String(e)}`, 'The path of a CSV file that this process may read');
  }
}

/**
 * An index file as a source. It is read at each fetch, so that a newer file counts at the next sweep.
 * @param file reads the text
 */
export function createIndexCsvSource(options: IndexCsvOptions & { readonly file: () => Promise<string> }): ObservationSource {
  return {
    name: options.source,
    kind: 'real',
    async fetch(asOf, since, signal) {
      signal.throwIfAborted();
      const observations = parseIndexCsv(await options.file(), options);
      return observations.filter((o) => o.knownAt <= asOf && (since === null || o.observedFor >= since));
    },
  };
}
