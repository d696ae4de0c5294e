/** PortWatch's stand-in: the chokepoint layer of its ArcGIS service over a scenario's transits, as published by the clock. */
import { newestKnown, type Scenario, type TransitRow } from '../../scenario/index.ts';
import { startOfDay, type Clock, type Millis } from '../../model/time.ts';
import { startTwin, type TwinContext, type TwinReply, type TwinRequest, type TwinServer } from '../twin/index.ts';
import { LAYER, PORTWATCH_FIELDS, PORTWATCH_NAMES } from './wire.ts';

export interface PortWatchTwinOptions {
  readonly scenario: Pick<Scenario, 'transits'>;
  readonly clock: Clock;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Most rows a reply, as the service's `maxRecordCount`. Default 1,000. */
  readonly pageMax?: number;
}

/** @throws CodedError TWIN_NOT_STARTED */
export function startPortWatchTwin(options: PortWatchTwinOptions): Promise<TwinServer> {
  return startTwin({
    name: 'portwatch',
    clock: options.clock,
    routes: [{ method: 'GET', path: LAYER, handle: (request, context) => query(options, request, context) }],
    ...(options.port === undefined ? {} : { port: options.port }),
    notFound: () => failed(400, 'Invalid URL', []),
  });
}

/** ArcGIS tells errors in the body of a 200. */
const failed = (code: number, message: string, details: readonly string[]): TwinReply => ({ json: { error: { code, message, details } } });

function query(options: PortWatchTwinOptions, request: TwinRequest, context: TwinContext): TwinReply {
  const q = request.query;
  if (q.get('f') !== 'json') return { text: '<html><body>ArcGIS REST Services Directory</body></html>' };
  const filter = readWhere(q.get('where') ?? '');
  const offset = Number(q.get('resultOffset') ?? 0);
  if (!filter || !Number.isInteger(offset) || offset < 0) return failed(400, 'Cannot perform query. Invalid query parameters.', [`'Invalid where clause: ${q.get('where')}'`]);
  const rows = newestKnown(options.scenario.transits, context.now(), (r) => `${r.chokepoint} ${r.observedFor}`)
    .filter((r) => filter(r))
    .sort((a, b) => startOfDay(a.observedFor) - startOfDay(b.observedFor) || (PORTWATCH_NAMES[a.chokepoint] < PORTWATCH_NAMES[b.chokepoint] ? -1 : 1));
  const size = Math.min(options.pageMax ?? 1_000, Number(q.get('resultRecordCount') ?? Number.MAX_SAFE_INTEGER));
  const page = rows.slice(offset, offset + size);
  const fields = (q.get('outFields') ?? '*').split(',');
  return {
    json: {
      objectIdFieldName: 'ObjectId',
      fields: [],
      features: context.arrange(page.map((row) => ({ attributes: pick(row, fields) }))),
      ...(offset + page.length < rows.length ? { exceededTransferLimit: true } : {}),
    },
  };
}

function pick(row: TransitRow, fields: readonly string[]): Record<string, unknown> {
  const all: Record<string, unknown> = { date: startOfDay(row.observedFor), portname: PORTWATCH_NAMES[row.chokepoint] };
  for (const [shipClass, field] of Object.entries(PORTWATCH_FIELDS)) all[field] = row.counts[shipClass as keyof typeof PORTWATCH_FIELDS];
  return fields.includes('*') ? all : Object.fromEntries(fields.filter((f) => Object.hasOwn(all, f)).map((f) => [f, all[f]]));
}

/** The client's own clause has about 250 characters. */
const WHERE_CHARS_MAX = 2_000;
/** A comma between two strings is required: with an optional one, `''''` matches in many ways, in exponential time. */
const STRING = String.raw`'(?:[^']|'')*'`;
const STRINGS = String.raw`${STRING}(?:\s*,\s*${STRING})*`;
const NAMES = String.raw`portname\s*(?:=\s*(${STRING})|IN\s*\(\s*(${STRINGS})\s*\))`;
const TERM = new RegExp(
  String.raw`^(?:1=1|${NAMES}|date\s*>=\s*timestamp\s*'(\d{4}-\d{2}-\d{2}) 00:00:00')$`,
  'i',
);

/** Reads the SQL that this layer is asked with: names, a first day, and AND between them. Null for anything else. */
export function readWhere(text: string): ((row: TransitRow) => boolean) | null {
  let names: readonly string[] | null = null;
  let from: Millis = Number.NEGATIVE_INFINITY;
  if (text.length > WHERE_CHARS_MAX) return null;
  for (const term of text.split(/\sAND\s/i)) {
    const m = TERM.exec(term.trim());
    if (!m) return null;
    const [, one, several, day] = m;
    const list = one ?? several;
    if (list !== undefined) names = [...list.matchAll(/'((?:[^']|'')*)'/g)].map((n) => n[1]!.replaceAll("''", "'"));
    if (day !== undefined) from = startOfDay(day);
  }
  return (row) => (names === null || names.includes(PORTWATCH_NAMES[row.chokepoint])) && startOfDay(row.observedFor) >= from;
}
