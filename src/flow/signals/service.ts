/** Sweeps the sources and takes in what is handed over: fetch, judge, store, and tell the next stage in the same transaction. */
import type { Database, Transaction } from '../../kernel/database/types.ts';
import type { EventBus } from '../../kernel/events/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import type { Logger } from '../../kernel/logging/types.ts';
import type { Metrics } from '../../kernel/metrics/types.ts';
import { createSweeper, tally, type SourceReport, type Stored, type SweepOptions } from '../../kernel/sweeps/index.ts';
import type { DeskEvents } from '../../model/desk-events.ts';
import type { ChokepointId } from '../../model/place.ts';
import { iso, type Clock, type Millis } from '../../model/time.ts';
import { errors } from './errors.ts';
import { handedOverLately, rememberHandedOver } from './intake.ts';
import type { RawStatement, SignalSource } from './ports.ts';
import { readStatement, type Refusal } from './read-statement.ts';
import { getSignal } from './reads.ts';
import type { Signal } from './signal.ts';
import { repeatedOf, STAGE, storeSignals, type NewSignals } from './store.ts';
import { firstTellingOf } from './stories.ts';

/** What has just been stored, for the stage below: forecasts only, since reports change no decision. */
export interface StoredSignals {
  readonly asOf: Millis;
  readonly cause: string;
  readonly source: string;
  /** Passages about which something changed: a new price, or a question that closed. Never empty. */
  readonly chokepoints: readonly ChokepointId[];
  readonly ids: readonly string[];
}

export interface SignalsDeps {
  readonly db: Database;
  readonly sources: readonly SignalSource[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly events: EventBus<DeskEvents>;
  /** Runs in the transaction of the rows: what it enqueues is there if and only if they are. */
  readonly onStored: (tx: Transaction, stored: StoredSignals) => Promise<void>;
  /** A source that has not answered by then has failed. Default 60,000. */
  readonly fetchTimeoutMs?: number;
}

export interface SweepReport {
  readonly asOf: Millis;
  readonly sources: readonly SourceReport[];
}

export interface SignalsService {
  /**
   * Asks every source once and stores what is new. A source that fails is reported and stops no other.
   * @param cause kept with the report: `replay`, `schedule`, `admin` @throws what the database throws
   */
  sweep(asOf: Millis, cause: string, options?: SweepOptions): Promise<SweepReport>;
  /**
   * Takes one statement that somebody handed over. A duplicate stores nothing and is answered with the first one's id: the same content from
   * this producer inside five minutes, the same content under the same external id, or a report in nearly the words of another.
   * @param producer the identity that handed it over
   * @throws CodedError SIGNAL_FROM_THE_FUTURE
   */
  take(statement: RawStatement, asOf: Millis, producer: string): Promise<{ readonly signal: Signal; readonly duplicate: boolean }>;
  /**
   * Stores what a source tells between two sweeps, as a sweep would: a price that comes back to an earlier one is another statement.
   * @param from the source's name @throws what the database throws; then nothing is stored
   */
  hear(statements: readonly RawStatement[], asOf: Millis, from: string): Promise<void>;
}

export function createSignals(deps: SignalsDeps): SignalsService {
  const { db, sources, clock, metrics, events, onStored } = deps;
  const sweepSources = createSweeper({ ...deps, stage: STAGE });
  const detected = metrics.counter('riskcast_signals_detected_total', 'New signals that count, by source', ['source']);

  async function store(tx: Transaction, from: string, signals: readonly Signal[], asOf: Millis, cause: string): Promise<NewSignals> {
    const stored = await storeSignals(tx, signals, asOf);
    const forecasts = stored.signals.filter((s) => s.kind === 'event');
    const chokepoints = [...new Set(forecasts.flatMap((s) => (s.subject?.type === 'chokepoint' ? [s.subject.id] : [])))].sort();
    if (chokepoints.length > 0) await onStored(tx, { asOf, cause, source: from, chokepoints, ids: forecasts.map((s) => s.id) });
    const live = stored.signals.filter((s) => s.status === 'live');
    // One event a subject, with its newest: whoever listens reads anew, and a sweep may bring thousands.
    const newest = new Map([...live, ...stored.retold].map((s) => [s.subject!.id, s.id]));
    for (const [subject, id] of newest) await events.publish(tx, 'signal.stored', { id, as_of: iso(asOf), subject });
    if (live.length > 0) tx.afterCommit(() => { for (const [label, count] of counted(live)) detected.inc({ source: label }, count); });
    return stored;
  }

  async function storeSwept(tx: Transaction, from: string, statements: readonly RawStatement[], asOf: Millis, cause: string): Promise<Stored> {
    const read = statements.map((statement) => readStatement(statement, asOf));
    const signals = read.filter((r): r is Signal => typeof r !== 'string');
    const refused = read.filter((r): r is Refusal => typeof r === 'string');
    const stored = (await store(tx, from, signals, asOf, cause)).signals;
    return {
      new: stored.filter((s) => s.status === 'live').length,
      duplicate: signals.length - stored.length,
      rejected: tally([...refused, ...stored.map((s) => s.rejectedBy)]),
    };
  }

  return {
    async sweep(asOf, cause, options = {}) {
      return { asOf, sources: await sweepSources({ ...options, asOf, cause, sources, store: (tx, source, statements) => storeSwept(tx, source.name, statements, asOf, cause) }) };
    },

    async hear(statements, asOf, from) {
      await db.transaction((tx) => storeSwept(tx, from, statements, asOf, 'stream'));
    },

    async take(statement, asOf, producer) {
      const signal = readStatement(statement, asOf);
      if (signal === 'look-ahead') throw errors.SIGNAL_FROM_THE_FUTURE({ field: 'observed_at', detail: `It was made at ${iso(statement.knownAt)}, and the desk is at ${iso(asOf)}`, fix: 'Give a time that is not after the desk’s present' });
      if (signal === 'malformed') throw new TypeError('the intake passed on a malformed statement');
      return db.transaction(async (tx) => {
        const now = clock.now();
        const before = (await repeatedOf(tx, signal)) ?? (await handedOverLately(tx, producer, signal, now));
        if (before !== null) return { signal: (await getSignal(tx, before, asOf)) ?? signal, duplicate: true };
        const [stored] = (await store(tx, signal.source, [signal], asOf, 'intake')).signals;
        // What was not stored by itself is corroboration of another, or has been stored by a request at the same time.
        const first = stored?.id ?? (await firstTellingOf(tx, signal)) ?? (await repeatedOf(tx, signal)) ?? signal.id;
        await rememberHandedOver(tx, producer, signal, first, now);
        crashPoint('signals.taken-before-commit');
        return stored ? { signal: stored, duplicate: false } : { signal: (await getSignal(tx, first, asOf)) ?? signal, duplicate: true };
      });
    },
  };
}

/** How many came from whom. External producers name themselves: their names are no label values. */
function counted(signals: readonly Signal[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { source } of signals) {
    const label = source.startsWith('external.') ? 'external' : source;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}
