/**
 * Weighing a book of 10,000 shipments against 1,000 live signals, on real Postgres over the real stages: all of it with nothing moved,
 * all of it with everything moved, and after one changed signal. Shipments, shippers and questions are invented; ways by sea are computed.
 */
import { freshDatabase } from '../test/support/database.ts';
import { testMetrics } from '../test/support/test-metrics.ts';
import { riskReader, seaPlanner } from '../src/app/readers.ts';
import { createDecisions, type Evaluation } from '../src/flow/decisions/index.ts';
import { createSeaRouter } from '../src/flow/reality/index.ts';
import { upsertCustomersAndShipments, type Customer, type RoutePlanner, type Shipment } from '../src/flow/shipping/index.ts';
import { createSignals, type RawStatement } from '../src/flow/signals/index.ts';
import type { Database } from '../src/kernel/database/types.ts';
import { silentLogger } from '../src/kernel/logging/types.ts';
import { usd } from '../src/model/money.ts';
import type { ChokepointId } from '../src/model/place.ts';
import { DAY_MS, HOUR_MS, ManualClock, parseInstant } from '../src/model/time.ts';
import type { BenchResult } from './types.ts';

const NOW = parseInstant('2026-02-14T12:00:00Z');
const noEvents = { publish: async () => undefined, subscribe: () => () => undefined, subscribeAll: () => () => undefined };

/** Port pairs and how many of the shipments take each: by Suez, into the Gulf, by Panama, into the Black Sea. */
const LANES: readonly (readonly [from: string, to: string, shipments: number])[] = [
  ['CNSHA', 'NLRTM', 2_000], ['SGSIN', 'DEHAM', 1_000], ['INNSA', 'GBFXT', 1_000], ['CNNGB', 'ITGOA', 1_000],
  ['CNSHA', 'AEJEA', 1_500], ['SGSIN', 'SADMM', 800], ['INNSA', 'KWSWK', 700],
  ['CNSHA', 'USNYC', 1_000], ['KRPUS', 'USSAV', 980],
  ['GRPIR', 'ROCND', 20],
];

/** Questions on each passage: a thousand in all. */
const QUESTIONS: readonly (readonly [ChokepointId, string, number])[] = [
  ['bab_el_mandeb', 'Will ships be attacked in the Red Sea', 350], ['hormuz', 'Will the US strike Iran', 250], ['hormuz', 'Will Iran close the Strait of Hormuz', 150],
  ['suez', 'Will the Suez Canal be blocked', 120], ['panama', 'Will the Panama Canal be blocked', 120], ['bosphorus', 'Will the Bosphorus be closed', 10],
];

const CLASSES = ['general', 'time_sensitive', 'perishable'] as const;
const BOXES = ['20GP', '40GP', '40HC', '45HC'] as const;

function shipments(): readonly (Shipment & { knownAt: number })[] {
  const all: (Shipment & { knownAt: number })[] = [];
  for (const [from, to, count] of LANES) {
    for (let i = 0; i < count; i++) {
      const n = all.length;
      const etd = NOW + ((i % 40) - 3) * DAY_MS + (i % 24) * HOUR_MS;
      all.push({
        id: `shp_${String(n).padStart(5, '0')}`, reference: `BW-${n}`, customerId: `cus_${n % 50}`, from, to, etd, eta: etd + 30 * DAY_MS, cargoValueMicros: usd(50_000 + ((n * 7_919) % 4_000_000)),
        containers: 1 + (n % 40), containerType: BOXES[n % BOXES.length]!, goodsClass: CLASSES[n % CLASSES.length]!, carrier: 'MAEU', vessel: null, bookingReference: `BK-${n}`,
        status: 'booked', penalty: { perDayMicros: usd((n % 9) * 500), freeDays: n % 5, capMicros: usd((n % 9) * 20_000) }, knownAt: NOW - 5 * DAY_MS,
      });
    }
  }
  return all;
}

const customers = (): readonly Customer[] =>
  Array.from({ length: 50 }, (_, i): Customer => ({ id: `cus_${i}`, name: `Shipper ${i}`, language: 'en', timezone: 'UTC', contacts: [{ channel: 'whatsapp', address: `+4477009${String(i).padStart(5, '0')}` }], quietHours: null, riskTolerance: 'balanced', minExposureMicros: usd(100_000), minProbability: 0.02 }));

interface Questions {
  /** Probability of each, by its place; a bench moves them. */
  readonly at: number;
  readonly lift: number;
  /** Only the questions on this passage move; null: all. */
  readonly only: ChokepointId | null;
  /** How many questions of it move. */
  readonly count: number;
}

/** The newest statement of a thousand questions. */
function statements({ at, lift, only, count }: Questions): readonly RawStatement[] {
  const all: RawStatement[] = [];
  for (const [passage, question, n] of QUESTIONS) {
    for (let i = 0; i < n; i++) {
      const moves = lift !== 0 && (only === null || only === passage) && i < count;
      if (lift !== 0 && !moves) continue;
      const horizon = NOW + (20 + (i % 120)) * DAY_MS;
      const probability = Math.min(0.97, 0.04 + (0.3 * (i % 17)) / 17 + (moves ? lift : 0));
      const day = new Date(horizon).toISOString().slice(0, 10);
      all.push({
        externalId: `${passage}-${question.length}-${i}`, source: 'polymarket', url: `https://polymarket.test/${passage}/${i}`, question: `${question} by ${day} (${i})?`, probability, horizonEnd: horizon,
        liquidityUsd: 20_000 + i, volumeUsd: null, closed: false, observedAt: at, knownAt: at, raw: `${passage} ${i} ${probability}`,
      });
    }
  }
  return all;
}

async function world(db: Database, planner: RoutePlanner) {
  const clock = new ManualClock('2026-02-14T12:00:00Z');
  let next: readonly RawStatement[] = [];
  const signals = createSignals({ db, clock, logger: silentLogger, metrics: testMetrics(), events: noEvents, onStored: async () => undefined, sources: [{ name: 'polymarket', kind: 'twin', fetch: async () => next }] });
  const decisions = createDecisions({ db, clock, metrics: testMetrics(), events: noEvents, risks: riskReader(), planner, freight: null, audit: async () => undefined, onDecision: async () => undefined });
  return {
    async hear(q: Questions): Promise<void> {
      next = statements(q);
      await signals.sweep(q.at, 'bench');
    },
    weigh: (asOf: number, chokepoints: readonly ChokepointId[] | null) => db.transaction((tx) => decisions.evaluate(tx, { asOf, cause: 'bench', chokepoints, shipmentIds: null })),
  };
}

interface Timed extends Evaluation {
  readonly ms: number;
}

async function timed(run: () => Promise<Evaluation>): Promise<Timed> {
  const from = performance.now();
  const done = await run();
  return { ...done, ms: performance.now() - from };
}

/** The middle of an odd number of runs by their time. */
async function median(times: number, run: () => Promise<Evaluation>): Promise<Timed> {
  const all: Timed[] = [];
  for (let i = 0; i < times; i++) all.push(await timed(run));
  return all.toSorted((a, b) => a.ms - b.ms)[(times - 1) / 2]!;
}

const counts = (t: Timed): string => `${t.assessed.toLocaleString('en-US')} pairs of shipment and passage weighed, ${t.made.length.toLocaleString('en-US')} decisions stored`;

export async function run(): Promise<BenchResult[]> {
  await using db = await freshDatabase();
  const planner = seaPlanner(createSeaRouter());
  await db.transaction((tx) => upsertCustomersAndShipments(tx, { customers: customers(), shipments: shipments() }, planner));
  const w = await world(db, planner);
  const quiet = { lift: 0, only: null, count: 0 };
  await w.hear({ ...quiet, at: NOW - 2 * HOUR_MS });
  await db.query('analyze');
  const first = await timed(() => w.weigh(NOW, null));
  await db.query('analyze');
  const still = await median(5, () => w.weigh(NOW + HOUR_MS, null));
  await w.hear({ at: NOW + HOUR_MS, lift: 0.01, only: 'bosphorus', count: 1 });
  const few = await median(5, () => w.weigh(NOW + 2 * HOUR_MS, ['bosphorus']));
  await w.hear({ at: NOW + 2 * HOUR_MS, lift: 0.01, only: 'bab_el_mandeb', count: 1 });
  const many = await median(5, () => w.weigh(NOW + 3 * HOUR_MS, ['bab_el_mandeb']));
  await w.hear({ at: NOW + 3 * HOUR_MS, lift: 0.55, only: null, count: 1_000 });
  const moved = await timed(() => w.weigh(NOW + 4 * HOUR_MS, null));
  const goal = '10,000 shipments against 1,000 live signals in ≤ 2 s';
  return [
    { name: 'decisions: all recomputed, nothing moved', unit: 's', ours: still.ms / 1_000, peers: [], goal, met: still.ms <= 2_000, note: `${counts(still)}; median of 5` },
    { name: 'decisions: all recomputed, everything moved and stored', unit: 's', ours: moved.ms / 1_000, peers: [], goal, met: moved.ms <= 2_000, note: `${counts(moved)}, ${moved.superseded.toLocaleString('en-US')} superseded` },
    { name: 'decisions: first ones of a new book', unit: 's', ours: first.ms / 1_000, peers: [], goal: 'none', met: true, note: counts(first) },
    { name: 'decisions: one changed signal, few shipments at its passage', unit: 'ms', ours: few.ms, peers: [], goal: '≤ 100 ms', met: few.ms <= 100, note: `${counts(few)}; median of 5` },
    { name: 'decisions: one changed signal, its passage on the way of half the book', unit: 'ms', ours: many.ms, peers: [], goal: '≤ 100 ms', met: many.ms <= 100, note: `${counts(many)}; median of 5` },
  ];
}
