/**
 * Plays a scenario through the stages' own services, one look a day, as a replay does, but without its job queue: a year in seconds.
 * No look-ahead: every source answers by the look's `as_of`, and every read is of what was known by then.
 */
import type { DecisionService } from '../../flow/decisions/index.ts';
import type { RealityService } from '../../flow/reality/index.ts';
import type { RecordService } from '../../flow/record/index.ts';
import type { SignalsService } from '../../flow/signals/index.ts';
import type { Database, Transaction } from '../../kernel/database/types.ts';
import { addDays, daysBetween, type IsoDay, type Millis } from '../../model/time.ts';
import { lookAt } from '../replay/index.ts';

export interface WalkDeps {
  readonly db: Database;
  readonly signals: Pick<SignalsService, 'sweep'>;
  readonly reality: Pick<RealityService, 'sweep'>;
  readonly decisions: Pick<DecisionService, 'evaluate'>;
  /** What was answered is scored, and the pool learns from it, as in a replay. */
  readonly record: Pick<RecordService, 'score'>;
  /** Writes down who ships what, before the first look. */
  prepare(tx: Transaction): Promise<unknown>;
}

export interface WalkOptions {
  /** After each look: the day that is done, from 1. */
  readonly onDay?: (day: number, days: number, asOf: Millis) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/** Days played, both ends included. */
export const daysOf = (played: { readonly from: IsoDay; readonly to: IsoDay }): number => daysBetween(played.from, played.to) + 1;

/**
 * The database is empty of other scenarios when this begins, and holds the whole story when it ends.
 * @returns looks taken @throws what the database throws; the signal's reason when it ends the walk
 */
export async function walk(deps: WalkDeps, played: { readonly from: IsoDay; readonly to: IsoDay }, options: WalkOptions = {}): Promise<number> {
  const days = daysOf(played);
  await deps.db.transaction((tx) => deps.prepare(tx));
  for (let day = 1; day <= days; day++) {
    options.signal?.throwIfAborted();
    const asOf = lookAt(addDays(played.from, day - 1));
    await look(deps, asOf, options.signal);
    await options.onDay?.(day, days, asOf);
  }
  return days;
}

/**
 * One round, as `desk/rounds` enqueues it. What new signals or a changed passage ask for besides (an assessment, decisions of the passages
 * touched) is left out: it carries the same time and comes after both sweeps, so the evaluation below has seen all of it, and an evaluation
 * repeated with the same time and facts stores nothing. `test/e2e/backtest.test.ts` compares the story with a replay's.
 */
async function look(deps: WalkDeps, asOf: Millis, signal: AbortSignal | undefined): Promise<void> {
  const options = signal ? { signal } : {};
  await deps.signals.sweep(asOf, 'backtest', options);
  await deps.reality.sweep(asOf, 'backtest', options);
  await deps.db.transaction((tx) => deps.decisions.evaluate(tx, { asOf, cause: 'clock', chokepoints: null, shipmentIds: null }));
  await deps.db.transaction((tx) => deps.record.score(tx, asOf));
}
