/** The SQL of the pool's versions, and which of them the desk goes by. */
import type { Executor, Transaction } from '../../kernel/database/types.ts';
import { deterministicId, type Json } from '../../model/ids.ts';
import { iso, type Millis } from '../../model/time.ts';
import { reliabilityOf as declaredReliability } from '../signals/index.ts';
import type { VersionedPooling } from './forecasts.ts';
import type { InUse, Period, Trial } from './learning/trial.ts';

/** What is shipped: a = 1 and the declared reliabilities. */
export const DECLARED = 'declared-1';

export interface PoolingVersion extends Trial {
  readonly version: string;
  readonly asOf: Millis;
  /** Events in the record when it was tried. */
  readonly events: number;
}

/** What the risk reader goes by at a time. */
export interface PoolingInUse extends VersionedPooling {
  readonly use: InUse;
  /** The end of the training period; null: nothing was learnt. */
  readonly learntUntil: Millis | null;
  /** In plain words; null: nothing has been tried yet. */
  readonly why: string | null;
}

/** Once a trial, however often its job runs: the same record tried at the same time is the same version. */
export async function insertVersion(tx: Transaction, trial: Trial, asOf: Millis, events: number): Promise<void> {
  const { extremizing, reliability, train, test, improvement90 } = trial;
  const version = deterministicId('pool', iso(asOf), extremizing, reliability, train as unknown as Json, test as unknown as Json);
  await tx.query(
    `insert into pooling_versions (version, as_of, extremizing, reliability, train, test, events, brier_raw, brier_pooled, brier_in_use, improvement_low, improvement_high, adopted, use_after, why)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict do nothing`,
    [version, iso(asOf), extremizing, JSON.stringify(reliability), JSON.stringify(train), JSON.stringify(test), events, trial.brierRaw, trial.brierPooled, trial.brierInUse, improvement90?.[0] ?? null, improvement90?.[1] ?? null, trial.adopted, trial.useAfter, trial.why],
  );
}

interface VersionRow {
  version: string;
  as_of: Date;
  extremizing: number;
  reliability: Record<string, number>;
  train: Period;
  test: Period;
  events: number;
  brier_raw: number;
  brier_pooled: number;
  brier_in_use: number;
  improvement_low: number | null;
  improvement_high: number | null;
  adopted: boolean;
  use_after: InUse;
  why: string;
}

/** Trials up to `asOf`, oldest first. */
export async function poolingVersions(on: Executor, asOf: Millis): Promise<readonly PoolingVersion[]> {
  const { rows } = await on.query<VersionRow>('select * from pooling_versions where as_of <= $1 order by as_of, seq', [iso(asOf)]);
  return rows.map((r) => ({
    version: r.version,
    asOf: r.as_of.getTime(),
    extremizing: r.extremizing,
    reliability: r.reliability,
    train: r.train,
    test: r.test,
    events: r.events,
    brierRaw: r.brier_raw,
    brierPooled: r.brier_pooled,
    brierInUse: r.brier_in_use,
    improvement90: r.improvement_low === null || r.improvement_high === null ? null : [r.improvement_low, r.improvement_high],
    adopted: r.adopted,
    useAfter: r.use_after,
    why: r.why,
  }));
}

/**
 * What the desk goes by at a time: the parameters of the last version adopted by then, and whether the last trial left the pool on.
 * Before the first: what is shipped.
 * @param versions oldest first
 */
export function inUseAt(versions: readonly PoolingVersion[], at: Millis): PoolingInUse {
  const tried = versions.filter((v) => v.asOf <= at);
  const adopted = tried.findLast((v) => v.adopted);
  const last = tried.at(-1);
  return {
    version: adopted?.version ?? DECLARED,
    extremizing: adopted?.extremizing ?? 1,
    reliabilityOf: (source) => (adopted && Object.hasOwn(adopted.reliability, source) ? adopted.reliability[source]! : declaredReliability(source)),
    use: last?.useAfter ?? 'pooled',
    learntUntil: adopted?.train.to ?? null,
    why: last?.why ?? null,
  };
}

export const poolingInUse = async (on: Executor, asOf: Millis): Promise<PoolingInUse> => inUseAt(await poolingVersions(on, asOf), asOf);
