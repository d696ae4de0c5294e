/** Sweeps the sources and takes in what is handed over: fetch, judge, store, and tell the next stage in the same transaction. */
import type { Database, Transaction } from '../../kernel/database/types.ts';
import { isCodedError } from '../../kernel/errors/index.ts';
import type { EventBus } from '../../kernel/events/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import type { Logger } from '../../kernel/logging/types.ts';
import type { Metrics } from '../../kernel/metrics/types.ts';
import type { DeskEvents } from '../../model/desk-events.ts';
import type { ChokepointId } from '../../model/place.ts';
import { iso, SECOND_MS, type Clock, type Millis } from '../../model/time.ts';
import { errors } from './errors.ts';
import type { RawStatement, SignalSource } from './ports.ts';
import { readStatement, type Refusal } from './read-statement.ts';
import type { Signal } from './signal.ts';
import { expireSignals, getSignal, storeSignals } from './store.ts';
import { recordSweep, type SourceReport } from './sweep-log.ts';

/** What has just been stored, for the stage below. */
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

/** How effects on the database are run: a job passes its fenced transaction. */
export type Transact = <R>(work: (tx: Transaction) => Promise<R>) => Promise<R>;

export interface SweepReport {
  readonly asOf: Millis;
  readonly sources: readonly SourceReport[];
}

export interface SignalsService {
  /**
   * Asks every source once and stores what is new. A source that fails is reported and stops no other.
   * @param cause kept with the report: `replay`, `schedule`, `admin` @throws what the database throws
   */
  sweep(asOf: Millis, cause: string, options?: { readonly signal?: AbortSignal; readonly transact?: Transact }): Promise<SweepReport>;
  /**
   * Takes one statement that somebody handed over.
   * @throws CodedError SIGNAL_FROM_THE_FUTURE
   */
  take(statement: RawStatement, asOf: Millis): Promise<{ readonly signal: Signal; readonly duplicate: boolean }>;
}

type Fetched = { readonly statements: readonly RawStatement[]; readonly failed: null } | { readonly statements: readonly never[]; readonly failed: string };

export function createSignals(deps: SignalsDeps): SignalsService {
  const { db, sources, clock, logger, metrics, events, onStored, fetchTimeoutMs = 60 * SECOND_MS } = deps;
  const detected = metrics.counter('riskcast_signals_detected_total', 'New signals that count, by source', ['source']);

  const inOwnTransaction: Transact = (work) => db.transaction(work);

  async function fetchFrom(source: SignalSource, asOf: Millis, signal: AbortSignal): Promise<Fetched> {
    try {
      // The race is for a source that does not heed its signal.
      return { statements: await Promise.race([source.fetch(asOf, signal), aborted(signal)]), failed: null };
    } catch (error) {
      logger.warn('signal_source_failed', { source: source.name, as_of: iso(asOf), error });
      return { statements: [], failed: isCodedError(error) ? error.code : signal.aborted ? 'SOURCE_TIMEOUT' : 'SOURCE_FAILED' };
    }
  }

  async function store(tx: Transaction, source: string, signals: readonly Signal[], asOf: Millis, cause: string): Promise<readonly Signal[]> {
    const stored = await storeSignals(tx, source, signals);
    await expireSignals(tx, source, asOf);
    const chokepoints = [...new Set(stored.flatMap((s) => (s.subject ? [s.subject.id] : [])))].sort();
    if (chokepoints.length > 0) await onStored(tx, { asOf, cause, source, chokepoints, ids: stored.map((s) => s.id) });
    for (const s of stored) if (s.status === 'live') await events.publish(tx, 'signal.stored', { id: s.id, as_of: iso(asOf), subject: s.subject!.id });
    crashPoint('signals.stored-before-commit');
    const live = stored.filter((s) => s.status === 'live').length;
    if (live > 0) tx.afterCommit(() => detected.inc({ source: metricLabel(source) }, live));
    return stored;
  }

  async function sweepOne(source: SignalSource, fetched: Fetched, asOf: Millis, cause: string, startedAt: Millis, transact: Transact): Promise<SourceReport> {
    const read = fetched.statements.map((statement) => readStatement(statement, asOf));
    const signals = read.filter((r): r is Signal => typeof r !== 'string');
    const refused = read.filter((r): r is Refusal => typeof r === 'string');
    crashPoint('signals.fetched-before-stored');
    const report = await transact(async (tx) => {
      let stored: Signal[] = [];
      // A source may carry statements of several origins; each origin has its own lock and its own record.
      for (const origin of [...new Set(signals.map((s) => s.source))].sort()) {
        stored = stored.concat(await store(tx, origin, signals.filter((s) => s.source === origin), asOf, cause));
      }
      const rejected = tally([...refused, ...stored.flatMap((s) => (s.rejectedBy === null ? [] : [s.rejectedBy]))]);
      const live = stored.filter((s) => s.status === 'live').length;
      const made: SourceReport = { source: source.name, fetched: read.length, new: live, duplicate: signals.length - stored.length, rejected, failed: fetched.failed };
      await recordSweep(tx, { ...made, kind: source.kind, cause, asOf, startedAt, finishedAt: clock.now() });
      return made;
    });
    crashPoint('signals.committed-before-next-source');
    return report;
  }

  return {
    async sweep(asOf, cause, { signal, transact = inOwnTransaction } = {}) {
      const startedAt = clock.now();
      const timeout = AbortSignal.timeout(fetchTimeoutMs);
      const until = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const fetched = await Promise.all(sources.map((source) => fetchFrom(source, asOf, until)));
      const reports: SourceReport[] = [];
      for (const [i, source] of sources.entries()) reports.push(await sweepOne(source, fetched[i]!, asOf, cause, startedAt, transact));
      return { asOf, sources: reports };
    },

    async take(statement, asOf) {
      const signal = readStatement(statement, asOf);
      if (signal === 'look-ahead') throw errors.SIGNAL_FROM_THE_FUTURE({ field: 'observed_at', detail: `It was made at ${iso(statement.knownAt)}, and the desk is at ${iso(asOf)}`, fix: 'Give a time that is not after the desk’s present' });
      if (signal === 'malformed') throw new TypeError('the intake passed on a malformed statement');
      return db.transaction(async (tx) => {
        const [stored] = await store(tx, signal.source, [signal], asOf, 'intake');
        if (stored) return { signal: stored, duplicate: false };
        return { signal: (await newestOf(tx, signal, asOf)) ?? signal, duplicate: true };
      });
    },
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

/** The stored statement that a duplicate repeats: itself, or the newest of its question. */
async function newestOf(tx: Transaction, signal: Signal, asOf: Millis): Promise<Signal | null> {
  const own = await getSignal(tx, signal.id, asOf);
  if (own) return own;
  const { rows } = await tx.query<{ id: string }>('select id from signals where source = $1 and external_id = $2 and known_at <= $3 order by known_at desc, observed_at desc, id desc limit 1', [signal.source, signal.externalId, iso(asOf)]);
  return rows[0] ? getSignal(tx, rows[0].id, asOf) : null;
}

/** External producers name themselves: their names are no label values. */
const metricLabel = (source: string): string => (source.startsWith('external.') ? 'external' : source);

function tally(rules: readonly string[]): readonly { rule: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, count]) => ({ rule, count })).sort((a, b) => (a.rule < b.rule ? -1 : 1));
}
