/** Sweeps the sources of observations, raises alarms and follows the state of each passage. */
import type { Database, Transaction } from '../../kernel/database/types.ts';
import { isCodedError } from '../../kernel/errors/index.ts';
import type { EventBus } from '../../kernel/events/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import type { Logger } from '../../kernel/logging/types.ts';
import type { Metrics } from '../../kernel/metrics/types.ts';
import type { DeskEvents } from '../../model/desk-events.ts';
import { iso, SECOND_MS, type Clock, type Millis } from '../../model/time.ts';
import { REALITY_RULES_VERSION } from './charts/monitors.ts';
import { chokepointStates } from './chokepoint-state.ts';
import type { Observation, ObservationSource } from './ports.ts';
import { refusalOf } from './read-observation.ts';
import { logStates, type StateChange } from './state-log.ts';
import { askSince, storeAlarms, storeObservations, type Alarm } from './store.ts';
import { recordSweep, type ObservationReport } from './sweep-log.ts';

/** Passages whose state has changed, for the stage below. */
export interface ChangedStates {
  readonly asOf: Millis;
  readonly cause: string;
  /** Never empty. */
  readonly changes: readonly StateChange[];
  readonly alarms: readonly Alarm[];
}

export interface RealityDeps {
  readonly db: Database;
  readonly sources: readonly ObservationSource[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly events: EventBus<DeskEvents>;
  /** Runs in the transaction of the states: what it enqueues is there if and only if they are. */
  readonly onChanged: (tx: Transaction, changed: ChangedStates) => Promise<void>;
  /** A source that has not answered by then has failed. Default 60,000. */
  readonly fetchTimeoutMs?: number;
}

/** How effects on the database are run: a job passes its fenced transaction. */
export type Transact = <R>(work: (tx: Transaction) => Promise<R>) => Promise<R>;

export interface RealityOptions {
  readonly signal?: AbortSignal;
  readonly transact?: Transact;
}

export interface RealityService {
  /**
   * Asks every source once, stores what is new, then assesses. A source that fails is reported and stops no other.
   * @param cause kept with the report: `replay`, `schedule`, `admin` @throws what the database throws
   */
  sweep(asOf: Millis, cause: string, options?: RealityOptions): Promise<readonly ObservationReport[]>;
  /** Alarms and states alone, from what is stored: after new signals, say. */
  assess(asOf: Millis, cause: string, options?: Pick<RealityOptions, 'transact'>): Promise<readonly StateChange[]>;
}

type Fetched = { readonly observations: readonly Observation[]; readonly failed: string | null };

export function createReality(deps: RealityDeps): RealityService {
  const { db, sources, clock, logger, metrics, events, onChanged, fetchTimeoutMs = 60 * SECOND_MS } = deps;
  const alarmsRaised = metrics.counter('riskcast_reality_alarms_total', 'Alarms of the control charts, by passage', ['chokepoint']);
  const inOwnTransaction: Transact = (work) => db.transaction(work);

  async function fetchFrom(source: ObservationSource, asOf: Millis, signal: AbortSignal): Promise<Fetched> {
    const since = await askSince(db, source.name, asOf);
    try {
      // The race is for a source that does not heed its signal.
      return { observations: await Promise.race([source.fetch(asOf, since, signal), aborted(signal)]), failed: null };
    } catch (error) {
      logger.warn('observation_source_failed', { source: source.name, as_of: iso(asOf), error });
      return { observations: [], failed: isCodedError(error) ? error.code : signal.aborted ? 'SOURCE_TIMEOUT' : 'SOURCE_FAILED' };
    }
  }

  async function storeOne(source: ObservationSource, fetched: Fetched, asOf: Millis, cause: string, startedAt: Millis, transact: Transact): Promise<ObservationReport> {
    const refusals = fetched.observations.map((o) => refusalOf(o, asOf));
    const sound = fetched.observations.filter((_, i) => refusals[i] === null);
    crashPoint('reality.fetched-before-stored');
    const report = await transact(async (tx) => {
      const stored = await storeObservations(tx, sound, asOf);
      const count = [...stored.values()].reduce((a, b) => a + b, 0);
      const made: ObservationReport = { source: source.name, fetched: fetched.observations.length, new: count, duplicate: sound.length - count, rejected: tally(refusals), failed: fetched.failed };
      for (const [series, added] of stored) await events.publish(tx, 'observation.stored', { series, as_of: iso(asOf), count: added });
      await recordSweep(tx, { ...made, kind: source.kind, cause, asOf, startedAt, finishedAt: clock.now() });
      crashPoint('reality.stored-before-commit');
      return made;
    });
    crashPoint('reality.committed-before-assessed');
    return report;
  }

  async function assess(asOf: Millis, cause: string, { transact = inOwnTransaction }: Pick<RealityOptions, 'transact'> = {}): Promise<readonly StateChange[]> {
    return transact(async (tx) => {
      const states = await chokepointStates(tx, asOf);
      const alarms = await storeAlarms(tx, states.flatMap((s) => s.alarms), REALITY_RULES_VERSION, asOf);
      const changes = await logStates(tx, states);
      if (changes.length > 0) await onChanged(tx, { asOf, cause, changes, alarms });
      crashPoint('reality.assessed-before-commit');
      tx.afterCommit(() => {
        for (const alarm of alarms) alarmsRaised.inc({ chokepoint: alarm.chokepoint });
        if (changes.length > 0) logger.info('chokepoints_changed', { as_of: iso(asOf), cause, changes });
      });
      return changes;
    });
  }

  return {
    assess,
    async sweep(asOf, cause, { signal, transact = inOwnTransaction } = {}) {
      const startedAt = clock.now();
      const timeout = AbortSignal.timeout(fetchTimeoutMs);
      const until = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const fetched = await Promise.all(sources.map((source) => fetchFrom(source, asOf, until)));
      const reports: ObservationReport[] = [];
      for (const [i, source] of sources.entries()) reports.push(await storeOne(source, fetched[i]!, asOf, cause, startedAt, transact));
      await assess(asOf, cause, { transact });
      return reports;
    },
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

function tally(rules: readonly (string | null)[]): readonly { rule: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const rule of rules) if (rule !== null) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, count]) => ({ rule, count })).sort((a, b) => (a.rule < b.rule ? -1 : 1));
}
