/** Asks every source of a stage once, all at the same time, under one deadline; stores and reports each by itself. */
import type { Database, Transaction } from '../database/types.ts';
import { isCodedError } from '../errors/index.ts';
import { crashPoint } from '../faults/crash-point.ts';
import type { Logger } from '../logging/types.ts';
import { iso, SECOND_MS, type Clock, type Millis } from '../../model/time.ts';
import { recordSweep } from './sweep-log.ts';
import type { RuleCount, SourceReport, Stored, SweepOptions, SweptSource, Transact } from './types.ts';

export interface SweeperDeps {
  /** Whose sweeps these are: it names the rows of the record and the points at which a test can kill the process. */
  readonly stage: string;
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A source that has not answered by then has failed. Default 60,000. */
  readonly fetchTimeoutMs?: number;
}

export interface Sweep<Item> extends SweepOptions {
  readonly asOf: Millis;
  /** Kept with the record: `replay`, `schedule`, `admin`. */
  readonly cause: string;
  readonly sources: readonly SweptSource<Item>[];
  /** Runs in the transaction that also records the sweep: both are there or neither is. @throws what ends the whole sweep: the database's errors, not the source's */
  readonly store: (tx: Transaction, source: SweptSource<Item>, items: readonly Item[]) => Promise<Stored>;
}

/**
 * A source that fails or hangs is reported, with the code of its error, and stops no other; its answer is no items, which are stored like any.
 * @throws the reason of the sweep's own signal when that ends it before anything is stored
 * @returns the reports in the order of the sources; the stores run in that order too, one after the other
 */
export function createSweeper({ stage, db, clock, logger, fetchTimeoutMs = 60 * SECOND_MS }: SweeperDeps): <Item>(sweep: Sweep<Item>) => Promise<readonly SourceReport[]> {
  const inOwnTransaction: Transact = (work) => db.transaction(work);

  async function fetchFrom<Item>(source: SweptSource<Item>, asOf: Millis, signal: AbortSignal): Promise<{ readonly items: readonly Item[]; readonly failed: string | null }> {
    try {
      // The race is for a source that does not heed its signal.
      return { items: await Promise.race([source.fetch(asOf, signal), aborted(signal)]), failed: null };
    } catch (error) {
      logger.warn('source_failed', { stage, source: source.name, as_of: iso(asOf), error });
      return { items: [], failed: isCodedError(error) ? error.code : signal.aborted ? 'SOURCE_TIMEOUT' : 'SOURCE_FAILED' };
    }
  }

  return async ({ sources, asOf, cause, store, signal, transact = inOwnTransaction }) => {
    const startedAt = clock.now();
    const timeout = AbortSignal.timeout(fetchTimeoutMs);
    const until = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const fetched = await Promise.all(sources.map((source) => fetchFrom(source, asOf, until)));
    // Who stops us has not failed to answer: nothing is held against the sources, and the job is done again.
    signal?.throwIfAborted();
    const reports: SourceReport[] = [];
    for (const [i, source] of sources.entries()) {
      const { items, failed } = fetched[i]!;
      crashPoint(`${stage}.fetched-before-stored`);
      const report = await transact(async (tx) => {
        const made: SourceReport = { source: source.name, fetched: items.length, ...(await store(tx, source, items)), failed };
        await recordSweep(tx, { ...made, stage, kind: source.kind, cause, asOf, startedAt, finishedAt: clock.now() });
        crashPoint(`${stage}.stored-before-commit`);
        return made;
      });
      crashPoint(`${stage}.committed-before-next-source`);
      reports.push(report);
    }
    return reports;
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

/** How often each rule is named, in order of the rules' names; null counts as none. */
export function tally(rules: readonly (string | null)[]): readonly RuleCount[] {
  const counts = new Map<string, number>();
  for (const rule of rules) if (rule !== null) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, count]) => ({ rule, count })).sort((a, b) => (a.rule < b.rule ? -1 : 1));
}
