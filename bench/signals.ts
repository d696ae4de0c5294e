/**
 * Intake of signals: distinct statements through the sweep of the service into the embedded Postgres with durability on: into empty tables,
 * and beside 100,000 rows. Forecasts are the goal; reports, which are also held against each other, are shown beside them.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSignals, type RawStatement } from '../src/flow/signals/index.ts';
import { migrateUp, openDatabase, readMigrations, startEmbedded, type Database } from '../src/kernel/database/index.ts';
import { createEventBus } from '../src/kernel/events/index.ts';
import { silentLogger } from '../src/kernel/logging/types.ts';
import type { DeskEvents } from '../src/model/desk-events.ts';
import { DAY_MS, MINUTE_MS, parseInstant, systemClock, type Millis } from '../src/model/time.ts';
import { testMetrics } from '../test/support/test-metrics.ts';
import type { BenchResult } from './types.ts';

const A_SWEEP = 5_000;
const MEASURED = 6;
const WARM_UP = 1;
const THERE = 100_000;
const GOAL = 5_000;
const NOW = parseInstant('2026-02-10T00:00:00Z');

export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bw-bench-'));
  const postgres = await startEmbedded(folder);
  try {
    const db = openDatabase({ url: postgres.url, statementTimeoutMs: 60_000 });
    await migrateUp(db, readMigrations(join(import.meta.dirname, '../migrations')));
    const cpu = () => cpuSeconds(postgres.pid);
    const sweep = sweeper(db);
    let next = 0;
    const forecasts = (at: Millis) => Array.from({ length: A_SWEEP }, () => forecast(next++, at));
    const reports = (at: Millis) => Array.from({ length: A_SWEEP }, () => report(next++, at));

    const empty = await measure(sweep, cpu, forecasts, NOW);
    while ((await count(db)) < THERE) await sweep(forecasts(NOW), NOW);
    await db.query('vacuum analyze signals');
    const full = await measure(sweep, cpu, forecasts, NOW + DAY_MS);
    const told = await measure(sweep, cpu, reports, NOW + DAY_MS);
    const again = forecasts(NOW + DAY_MS);
    await sweep(again, NOW + DAY_MS);
    const repeated = await measure(sweep, cpu, () => again, NOW + DAY_MS, 0);
    await db.close();
    const result = (name: string, figures: Figures, goal = `≥ ${GOAL.toLocaleString('en-US')} a second, stored`): BenchResult => ({
      name,
      unit: 'signals/s',
      ours: figures.perSecond,
      peers: [],
      goal,
      met: goal === 'none' || figures.perSecond >= GOAL,
      note: `sweeps of ${A_SWEEP.toLocaleString('en-US')}, median of ${MEASURED}; CPU a signal ${figures.cpuMicros} µs here and ${figures.serverMicros} µs in Postgres`,
    });
    return [
      result('signal intake: forecasts into empty tables', empty),
      result('signal intake: forecasts beside 100,000 rows', full),
      result('signal intake: reports beside 100,000 rows', told, 'none'),
      result('signal intake: forecasts that repeat', repeated, 'none'),
    ];
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Figures {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly serverMicros: number;
}

type Sweep = (statements: readonly RawStatement[], asOf: Millis) => Promise<number>;

function sweeper(db: Database): Sweep {
  let given: readonly RawStatement[] = [];
  const signals = createSignals({
    db,
    sources: [{ name: 'bench', kind: 'twin', fetch: async () => given }],
    clock: systemClock,
    logger: silentLogger,
    metrics: testMetrics(),
    events: createEventBus<DeskEvents>({ url: db.directUrl, logger: silentLogger }),
    onStored: async () => undefined,
  });
  return async (statements, asOf) => {
    given = statements;
    const [report] = (await signals.sweep(asOf, 'bench')).sources;
    if (report!.failed !== null || report!.rejected.length > 0) throw new Error(JSON.stringify(report));
    return report!.new;
  };
}

/** @param expected of each sweep, how many are to be stored */
async function measure(sweep: Sweep, serverCpu: () => number, make: (at: Millis) => readonly RawStatement[], asOf: Millis, expected = A_SWEEP): Promise<Figures> {
  const walls: number[] = [];
  const cpus: number[] = [];
  const servers: number[] = [];
  for (let i = -WARM_UP; i < MEASURED; i++) {
    const statements = make(asOf - MINUTE_MS);
    const server = serverCpu();
    const cpu = process.cpuUsage();
    const from = performance.now();
    const stored = await sweep(statements, asOf);
    const wall = performance.now() - from;
    if (stored !== expected) throw new Error(`${stored} of ${expected} were stored`);
    if (i < 0) continue;
    const used = process.cpuUsage(cpu);
    walls.push(wall);
    cpus.push(used.user + used.system);
    servers.push((serverCpu() - server) * 1e6);
  }
  return { perSecond: Math.round((A_SWEEP / median(walls)) * 1_000), cpuMicros: Math.round(median(cpus) / A_SWEEP), serverMicros: Math.round(median(servers) / A_SWEEP) };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const count = async (db: Database): Promise<number> => Number((await db.query<{ n: string }>('select count(*) as n from signals')).rows[0]!.n);

/** User and system time of a process and its children, in seconds; the clock ticks at 100 Hz. 0 where there is no /proc. */
function cpuSeconds(parent: number): number {
  try {
    let ticks = 0;
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const fields = statOf(id);
      if (fields && (Number(id) === parent || Number(fields[1]) === parent)) ticks += Number(fields[11]) + Number(fields[12]);
    }
    return ticks / 100;
  } catch {
    return 0;
  }
}

/** The fields after the name: state, parent, … */
function statOf(id: string): readonly string[] | null {
  try {
    return readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  } catch {
    // It ended between the listing and the look.
    return null;
  }
}

const PASSAGES = ['Strait of Hormuz', 'Suez Canal', 'Panama Canal', 'Bab el-Mandeb'];

const forecast = (n: number, observedAt: Millis): RawStatement => ({
  externalId: `question-${n}`,
  source: 'bench',
  url: `https://example.org/questions/${n}`,
  question: `Will the ${PASSAGES[n % PASSAGES.length]} be closed to ships of fleet ${n} by June 30, 2026?`,
  probability: 0.01 + (n % 97) / 100,
  horizonEnd: parseInstant('2026-06-30T23:59:00Z'),
  liquidityUsd: 10_000 + n,
  volumeUsd: null,
  closed: false,
  observedAt,
  knownAt: observedAt,
  raw: JSON.stringify({ id: n, price: (n % 97) / 100, question: `fleet ${n}` }),
});

const WORDS = ['tanker', 'patrol', 'captain', 'insurer', 'convoy', 'mine', 'crew', 'port', 'pilot', 'queue', 'strike', 'escort', 'cargo', 'owner', 'anchor', 'drone'];
/** Headlines with hardly a pair of words in common: each is a story. */
const report = (n: number, observedAt: Millis): RawStatement => ({
  kind: 'report',
  externalId: `item-${n}`,
  source: 'bench',
  url: `https://paper-${n % 50}.example/${n}`,
  question: `${PASSAGES[n % PASSAGES.length]}: ${[0, 4, 8, 12].map((shift) => `${WORDS[(n >> shift) & 15]}${n + shift}`).join(' ')} ${WORDS[(n * 7) & 15]} waits`,
  probability: null,
  horizonEnd: null,
  liquidityUsd: null,
  volumeUsd: null,
  closed: false,
  observedAt,
  knownAt: observedAt,
  raw: `<item>${n}</item>`,
});

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await run(), null, 2));
