/** Durable jobs: the hand-over between stages. A job is inserted in the transaction of the row that caused it. */
import type { ZodType } from 'zod';
import type { Executor, Transaction } from '../database/types.ts';
import type { Logger } from '../logging/types.ts';

/** A kind of job: its name and the shape of its payload. Declared by the stage that does the work, in its `jobs.ts`. */
export interface JobDefinition<P> {
  /** `stage.verb`, as in `decisions.evaluate`. */
  readonly name: string;
  readonly payload: ZodType<P>;
  /**
   * Tries in all, the first included. Default 8, backing off exp(attempt) seconds. Then it is a dead letter. A try that
   * ends with its worker's death or stop does not count; the fourth death of one job and those after it do.
   */
  readonly maxAttempts?: number;
  /** Lower runs first; default 0. Cancels and emergency stops take −100. */
  readonly priority?: number;
  /**
   * Jobs that share a serial queue run one at a time, in the order in which they were enqueued (by the wall clock of
   * their statements). A kind that is ever to be in one must name its usual queue here.
   */
  readonly serialQueue?: string;
}

export interface JobContext {
  readonly id: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Aborted when the worker must stop. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /**
   * A transaction that commits only while this worker still holds the job: one that was thought dead, and whose job
   * another now runs, is rolled back. All effects of a job on the database go through here or through `finish`.
   * A kill between the commit and the job's completion runs the job again: make the writes idempotent, or use `finish`.
   * @throws CodedError JOB_FENCED
   */
  transaction<R>(work: (tx: Transaction) => Promise<R>): Promise<R>;
  /**
   * The job's last transaction: its effects and the job's completion commit together, so they happen exactly once.
   * @throws CodedError JOB_FENCED
   */
  finish<R>(work: (tx: Transaction) => Promise<R>): Promise<R>;
}

export type JobHandler<P> = (payload: P, context: JobContext) => Promise<void>;

export interface EnqueueOptions {
  /** One pending job a key: a second enqueue replaces payload and time of a pending one (`mode: 'replace'`, default) or leaves it (`'keep'`). */
  readonly key?: string;
  readonly mode?: 'replace' | 'keep';
  /** Not before this wall-clock time. */
  readonly runAt?: Date;
  readonly priority?: number;
  /** Another serial queue than the definition's, such as one for each customer. */
  readonly serialQueue?: string;
  /** The job begins a trace of its own instead of going on with the current one: for a chain that never ends. */
  readonly newTrace?: boolean;
}

export interface JobQueue {
  /** @returns the job's id @throws CodedError VALIDATION_FAILED when the payload is not of the definition's shape */
  enqueue<P>(on: Executor, job: JobDefinition<P>, payload: P, options?: EnqueueOptions): Promise<string>;
  /** Many of one kind in one statement. */
  enqueueMany<P>(on: Executor, job: JobDefinition<P>, payloads: readonly P[], options?: Omit<EnqueueOptions, 'key'>): Promise<void>;
  /** Says who does the work. Before the worker starts; once a definition. */
  handle<P>(job: JobDefinition<P>, handler: JobHandler<P>): void;
  /** A job at fixed times (five cron fields, UTC), once over all workers, with no payload. */
  schedule(cron: string, job: JobDefinition<Record<string, never>>): void;
  /**
   * Takes back what has not started. What runs goes on: a caller that needs it ended enqueues its own work behind it on the same serial queue.
   * @returns how many
   */
  cancelPending(on: Executor, jobs: readonly string[]): Promise<number>;
  /** How many jobs of these kinds are waiting or running (dead letters excluded). */
  pending(on: Executor, jobs: readonly { readonly name: string }[] | readonly string[]): Promise<number>;
}
