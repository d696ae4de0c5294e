/**
 * IMF PortWatch: ships through passages, by day and class, as a source of observations.
 * Lives here: the query, its pages, and when a figure counts as known. Not here: retries (outbound), baselines and alarms (the stage).
 */
import { transitSeries, type Observation, type ObservationSource, type TransitClass } from '../../flow/reality/ports.ts';
import type { Outbound } from '../../kernel/outbound/types.ts';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../model/place.ts';
import { DAY_MS, dayOf, startOfDay, type IsoDay, type Millis } from '../../model/time.ts';
import { portwatchErrors } from './errors.ts';
import { LAYER, PORTWATCH_FIELDS, PORTWATCH_NAMES, readPage, type PortWatchPage, type PortWatchRow } from './wire.ts';

/** What is asked for; the service may give fewer (1,000 was seen) and says that there is more. */
const PAGE = 2_000;
/** 200,000 rows: sixty years of nine passages. A service that never ends a reply stops here. */
const PAGES_MAX = 200;
/** Reality needs a baseline of months, not all that was ever counted: how far back a first fetch reads. */
const FIRST_FETCH_DAYS = 730;

const NAME = 'portwatch';
/** A page on which a person can check a figure. */
const PAGE_URL = 'https://portwatch.imf.org/';

export interface PortWatchOptions {
  readonly outbound: Outbound;
  /** `https://services9.arcgis.com/weJ1QsnbMYJlCHdG/arcgis/rest/services` or a twin's address. */
  readonly url: string;
  readonly kind: 'real' | 'twin';
  /** Default: all that the desk follows. */
  readonly chokepoints?: readonly ChokepointId[];
  /** For one page, all tries together. Default 10,000. */
  readonly deadlineMs?: number;
}

/**
 * `fetch` gives every row of `since` or later with `knownAt = asOf`: the service does not say when a row was published, so it is known from
 * the moment it was seen. The stage keeps the first sight of a value, and a changed value as a correction.
 * A first fetch (`since` null) reads two years back. A day that is not over at `asOf` is left out: a venue's clock may be ahead of ours.
 */
export function createPortWatch(options: PortWatchOptions): ObservationSource {
  const chokepoints = options.chokepoints ?? CHOKEPOINT_IDS;
  const byName = new Map(chokepoints.map((id) => [PORTWATCH_NAMES[id], id]));
  return {
    name: NAME,
    kind: options.kind,
    async fetch(asOf, since, signal) {
      const from = startOfDay(since ?? dayOf(asOf - FIRST_FETCH_DAYS * DAY_MS));
      const rows = await allRows(options, where([...byName.keys()], from), signal);
      const observations: Observation[] = [];
      for (const row of rows) {
        const chokepoint = byName.get(row.portname);
        if (!chokepoint || startOfDay(row.date) + DAY_MS > asOf || startOfDay(row.date) < from) continue;
        observations.push(...observationsOf(row, chokepoint, asOf));
      }
      return observations.sort((a, b) => compare(a.series, b.series) || compare(a.observedFor, b.observedFor));
    },
  };
}

/** @throws CodedError PORTWATCH_INCOMPLETE when the pages do not come to an end */
async function allRows(options: PortWatchOptions, filter: string, signal: AbortSignal): Promise<readonly PortWatchRow[]> {
  // By passage and day: rows that come twice must not push the next page's start past rows not seen yet. The first stands.
  const rows = new Map<string, PortWatchRow>();
  for (let page = 0; page < PAGES_MAX; page += 1) {
    signal.throwIfAborted();
    const before = rows.size;
    const reply = await readOne(options, filter, before);
    for (const row of reply.rows) if (!rows.has(`${row.portname} ${row.date}`)) rows.set(`${row.portname} ${row.date}`, row);
    if (!reply.more) return [...rows.values()];
    if (rows.size === before) break;
  }
  throw portwatchErrors.PORTWATCH_INCOMPLETE({ detail: `It says that there are more than ${rows.size} rows, and does not give them`, facts: { rows: rows.size } });
}

function readOne(options: PortWatchOptions, filter: string, offset: number): Promise<PortWatchPage> {
  const query = new URLSearchParams({
    where: filter,
    outFields: ['date', 'portname', ...Object.values(PORTWATCH_FIELDS)].join(','),
    // Without an order the service may give a row on two pages and another on none.
    orderByFields: 'date,portname',
    returnGeometry: 'false',
    resultOffset: String(offset),
    resultRecordCount: String(PAGE),
    f: 'json',
  });
  return options.outbound.json(
    { provider: 'portwatch', operation: 'daily_chokepoints', idempotent: true, ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }) },
    { url: `${options.url}${LAYER}?${query}` },
    readPage,
  );
}

/** Names hold no quotation mark; doubled all the same, as SQL wants it. */
function where(names: readonly string[], from: Millis): string {
  const list = names.map((name) => `'${name.replaceAll("'", "''")}'`).join(',');
  return `portname IN (${list}) AND date >= timestamp '${dayOf(from)} 00:00:00'`;
}

function observationsOf(row: PortWatchRow, chokepoint: ChokepointId, asOf: Millis): readonly Observation[] {
  return (Object.entries(PORTWATCH_FIELDS) as [TransitClass, keyof PortWatchRow][]).flatMap(([shipClass, field]) => {
    const value = row[field];
    if (typeof value !== 'number') return [];
    return [{ series: transitSeries(chokepoint, shipClass), observedFor: row.date, knownAt: asOf, value, unit: 'vessels/day', source: NAME, url: PAGE_URL }];
  });
}

const compare = (a: IsoDay, b: IsoDay): number => (a < b ? -1 : a > b ? 1 : 0);
