/** A process that sweeps signals and reality once over the database at TEST_URL and hands over into the table `handed`: for tests that kill it. */
import { openDatabase } from '../../../kernel/database/index.ts';
import type { Transaction } from '../../../kernel/database/types.ts';
import { silentLogger } from '../../../kernel/logging/types.ts';
import { createMetrics } from '../../../kernel/metrics/index.ts';
import { addDays, ManualClock, startOfDay } from '../../../model/time.ts';
import { createSignals, type RawStatement } from '../../signals/index.ts';
import { createReality } from '../service.ts';
import { calm, observation, playing } from './desk.ts';

const NOW = startOfDay('2026-02-10');
const db = openDatabase({ url: process.env['TEST_URL']!, max: 2 });
const bus = { publish: async () => undefined, subscribe: () => () => undefined, subscribeAll: () => () => undefined };
const shared = { db, clock: new ManualClock(NOW), logger: silentLogger, metrics: createMetrics({ processDefaults: false }), events: bus };
const handOver = async (tx: Transaction, what: string): Promise<void> => void (await tx.query('insert into handed (what) values ($1)', [what]));

const observedAt = startOfDay('2026-02-09');
const strikes = (source: string): RawStatement => ({
  externalId: 'strikes',
  source,
  url: 'https://polymarket.com/event/us-strikes-iran-by',
  question: 'US strikes Iran by June 30, 2026?',
  probability: 0.525,
  horizonEnd: startOfDay('2026-06-30'),
  liquidityUsd: 80_000,
  volumeUsd: null,
  closed: false,
  observedAt,
  knownAt: observedAt,
  raw: '{}',
});
const market = (name: string) => ({ name, kind: 'twin' as const, fetch: async () => [strikes(name)] });
const told = (paper: string): RawStatement => ({
  kind: 'report',
  externalId: `${paper}/1`,
  source: 'rss',
  url: `https://${paper}.example/1`,
  question: 'Tankers turn back before the Strait of Hormuz',
  probability: null,
  horizonEnd: null,
  liquidityUsd: null,
  volumeUsd: null,
  closed: false,
  observedAt,
  knownAt: observedAt,
  raw: paper,
});
const papers = { name: 'papers', kind: 'twin' as const, fetch: async () => [told('a'), told('b')] };
const signals = createSignals({ ...shared, sources: [market('polymarket'), market('manifold'), papers], onStored: (tx, { source }) => handOver(tx, source) });
const collapse = Array.from({ length: 6 }, (_, i) => observation(addDays('2026-01-28', i), 2));
const reality = createReality({
  ...shared,
  sources: [playing('portwatch', [...calm('2025-09-01', 149), ...collapse])],
  onChanged: (tx, { changes }) => handOver(tx, changes.map((c) => `${c.chokepoint} ${c.to}`).join()),
});
await signals.sweep(NOW, 'test');
await reality.sweep(NOW, 'test');
await db.close();
