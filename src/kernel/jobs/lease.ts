/**
 * A worker's proof of life: a session of its own that holds an advisory lock under the worker's id.
 *
 * The lock ends with the connection, so Postgres itself tells when a process was killed, at once and without a clock
 * (a row with a timeout would take as long as the timeout, and graphile-worker's own recovery takes four hours). A process
 * that hangs keeps its connection: for that the row in `job_workers` has a heartbeat, and the reaper ends the session of one
 * that has missed it. A worker that has lost its session never takes the same id again: it starts over with a new one, so
 * that whatever it still does under the old id is fenced out.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { openSession, type Session } from '../database/index.ts';

export interface Lease {
  /** What stands in `locked_by` of the jobs that it holds. */
  readonly id: string;
  readonly session: Session;
  /** Aborted once the lock can no longer be relied upon. */
  readonly lost: AbortSignal;
  /** Writes the heartbeat. When Postgres does not take it within the lease, the lease is given up. */
  beat(running: number): Promise<void>;
  /** Ends the session. Jobs that are still locked under its id are for the reaper. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly url: string;
  readonly leaseMs: number;
  readonly tasks: readonly string[];
  readonly concurrency: number;
}

/** @throws CodedError DATABASE_UNAVAILABLE */
export async function takeLease(options: LeaseOptions): Promise<Lease> {
  const id = `bw-${hostname().slice(0, 60)}-${process.pid}-${randomBytes(6).toString('hex')}`;
  const session = await openSession(options.url, { applicationName: 'bellwether jobs lease' });
  try {
    // The lock first: a row whose lock is free is a dead worker's.
    await session.query('select pg_advisory_lock(hashtextextended($1, 0))', [id]);
    await session.query('insert into job_workers (id, host, pid, backend_pid, tasks, concurrency) values ($1, $2, $3, $4, $5, $6)', [
      id,
      hostname(),
      process.pid,
      session.backendPid,
      options.tasks,
      options.concurrency,
    ]);
  } catch (e) {
    session.destroy();
    throw e;
  }
  return {
    id,
    session,
    lost: session.ended,
    beat: (running) => withinLease(session, options.leaseMs, () => session.query('update job_workers set heartbeat_at = now(), running = $2 where id = $1', [id, running])),
    async release() {
      // Only when nothing is left to reap.
      await session
        .query('delete from job_workers where id = $1 and not exists (select 1 from graphile_worker._private_jobs where locked_by = $1)', [id])
        .catch(() => undefined);
      await session.close();
    },
  };
}

/** Cuts the session when the statement does not come back in time: others may have taken the jobs by then. */
async function withinLease(session: Session, leaseMs: number, statement: () => Promise<{ readonly rowCount: number }>): Promise<void> {
  const timer = setTimeout(() => session.destroy(), leaseMs);
  try {
    const { rowCount } = await statement();
    if (rowCount === 0) session.destroy();
  } finally {
    clearTimeout(timer);
  }
}
