/** Sweeps the sources of observations, raises alarms and follows the state of each passage. */
import type { Database, Transaction } from '../../kernel/database/types.ts';
import type { EventBus } from '../../kernel/events/types.ts';
import { crashPoint } from '../../kernel/faults/crash-point.ts';
import type { Logger } from '../../kernel/logging/types.ts';
import type { Metrics } from '../../kernel/metrics/types.ts';
import { createSweeper, tally, type SourceReport, type Stored, type SweepOptions, type SweptSource, type Transact } from '../../kernel/sweeps/index.ts';
import type { DeskEvents } from '../../model/desk-events.ts';
import { iso, type Clock, type IsoDay, type Millis } from '../../model/time.ts';
import { REALITY_RULES_VERSION } from './charts/monitors.ts';
import { chokepointStates } from './chokepoint-state.ts';
import type { Observation, ObservationSource } from './ports.ts';
import { refusalOf } from './read-observation.ts';
import { logStates, type StateChange } from './state-log.ts';
import { askSince, STAGE, storeAlarms, storeObservations, type Alarm } from './store.ts';

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

export interface RealityService {
  /**
   * Asks every source once, stores what is new, then assesses. A source that fails is reported and stops no other.
   * @param cause kept with the report: `replay`, `schedule`, `admin` @throws what the database throws
   */
  sweep(asOf: Millis, cause: string, options?: SweepOptions): Promise<readonly SourceReport[]>;
  /** Alarms and states alone, from what is stored: after new signals, say. */
  assess(asOf: Millis, cause: string, options?: Pick<SweepOptions, 'transact'>): Promise<readonly StateChange[]>;
}

export function createReality(deps: RealityDeps): RealityService {
  const { db, sources, logger, metrics, events, onChanged } = deps;
  const alarmsRaised = metrics.counter('riskcast_reality_alarms_total', 'Alarms of the control charts, by passage', ['chokepoint']);
  const sweepSources = createSweeper({ ...deps, stage: STAGE });
  const inOwnTransaction: Transact = (work) => db.transaction(work);

  async function store(tx: Transaction, observations: readonly Observation[], asOf: Millis): Promise<Stored> {
    const refusals = observations.map((o) => refusalOf(o, asOf));
    const sound = observations.filter((_, i) => refusals[i] === null);
    const stored = await storeObservations(tx, sound, asOf);
    for (const [series, added] of stored) await events.publish(tx, 'observation.stored', { series, as_of: iso(asOf), count: added });
    const count = [...stored.values()].reduce((a, b) => a + b, 0);
    return { new: count, duplicate: sound.length - count, rejected: tally(refusals) };
  }

  async function assess(asOf: Millis, cause: string, { transact = inOwnTransaction }: Pick<SweepOptions, 'transact'> = {}): Promise<readonly StateChange[]> {
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
    async sweep(asOf, cause, options = {}) {
      const since = new Map<string, IsoDay | null>();
      for (const { name } of sources) since.set(name, await askSince(db, name, asOf));
      const swept = sources.map((source): SweptSource<Observation> => ({ name: source.name, kind: source.kind, fetch: (at, signal) => source.fetch(at, since.get(source.name) ?? null, signal) }));
      const reports = await sweepSources({ ...options, asOf, cause, sources: swept, store: (tx, _source, observations) => store(tx, observations, asOf) });
      await assess(asOf, cause, options);
      return reports;
    },
  };
}
