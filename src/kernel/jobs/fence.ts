/**
 * Transactions of a job that commit only while its worker holds it.
 *
 * What holds: the job's row is locked and found to be this worker's before the work begins, and stays locked until the
 * commit; the reaper passes over a locked row. So between the check and the commit nobody else can be given the job, and
 * a worker that lost it stores nothing. `transaction` may be followed by a kill before the job is completed: the job then
 * runs again, and its transactions with it. `finish` commits the effects and the job's end together: exactly once.
 */
import { crashPoint } from '../faults/crash-point.ts';
import type { Database, Transaction } from '../database/types.ts';
import { errors } from './errors.ts';

export interface Fence {
  transaction<R>(work: (tx: Transaction) => Promise<R>): Promise<R>;
  finish<R>(work: (tx: Transaction) => Promise<R>): Promise<R>;
  /** Ends a job of a serial queue: see `endSerial`. */
  endSerial(): Promise<void>;
  /** The handler has returned: what it left running stores nothing any more. */
  close(): void;
}

const HOLD = 'select 1 from graphile_worker._private_jobs where id = $1 and locked_by = $2';
const COMPLETE = 'delete from graphile_worker._private_jobs where id = $1 and locked_by = $2';
const FREE_QUEUE = 'update graphile_worker._private_job_queues set locked_by = null, locked_at = null where id = $1 and locked_by = $2';
const END_SERIAL = `with done as (${COMPLETE} returning job_queue_id)
  update graphile_worker._private_job_queues q set locked_by = null, locked_at = null from done where q.id = done.job_queue_id and q.locked_by = $2`;

/** @param queueId the job's serial queue, if it is in one */
export function createFence(db: Database, job: { readonly id: string; readonly queueId: number | null }, worker: string): Fence {
  let closed = false;

  const hold = async (tx: Transaction, mode: 'share' | 'update'): Promise<void> => {
    if (closed) throw errors.JOB_FENCED({ detail: `job ${job.id}: its handler has returned already` });
    const { rowCount } = await tx.query(`${HOLD} for ${mode}`, [job.id, worker]);
    if (rowCount === 0) throw errors.JOB_FENCED({ detail: `job ${job.id} is no longer held by ${worker}` });
  };

  return {
    async transaction(work) {
      const result = await db.transaction(async (tx) => {
        await hold(tx, 'share');
        return work(tx);
      });
      crashPoint('jobs.after-transaction');
      return result;
    },
    async finish(work) {
      const result = await db.transaction(async (tx) => {
        await hold(tx, 'update');
        const done = await work(tx);
        await tx.query(COMPLETE, [job.id, worker]);
        if (job.queueId !== null) await tx.query(FREE_QUEUE, [job.queueId, worker]);
        return done;
      });
      crashPoint('jobs.after-finish');
      return result;
    },
    // graphile-worker records an end only after it has looked for the next job, which it then finds locked: a serial
    // queue would advance by one job a poll (10 jobs/s measured at 200 ms). Ended here, its next job is found at once.
    async endSerial() {
      if (job.queueId !== null) await db.query(END_SERIAL, [job.id, worker]);
    },
    close: () => void (closed = true),
  };
}
