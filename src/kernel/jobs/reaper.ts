/** Frees the jobs of dead workers. Every process reaps, about once a second. */
import type { Session } from '../database/index.ts';

export interface Reaped {
  readonly worker: string;
  /** Jobs that run again, the one being run and those fetched ahead. */
  readonly jobs: number;
}

export interface Reaper {
  /** One pass. @returns workers found dead in it */
  pass(): Promise<readonly Reaped[]>;
}

/** The lock is free: the session that held it is gone. Held until the end of the transaction, so that one process reaps a worker. */
const IS_DEAD = 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as dead';

/** Jobs whose newer version waits already do not run again. */
const DROP_SUPERSEDED = `delete from graphile_worker._private_jobs where locked_by = $1 and flags ? 'superseded'`;

/**
 * A try that ends with its worker does not count, as with a stop: the job has not failed, and may not have begun. This
 * holds for so many deaths of one job. Later ones count, so that a job that kills its workers becomes a dead letter.
 */
const FREE_DEATHS = 3;

/**
 * `skip locked`: a transaction of the dead worker's process may still be open and hold its job's row (see `fence.ts`);
 * a later pass frees that job, after its transaction has ended either way.
 */
const FREE_JOBS = `
with held as (
  select id, coalesce((flags ->> 'deaths')::int, 0) + 1 as deaths
  from graphile_worker._private_jobs where locked_by = $1 for update skip locked)
update graphile_worker._private_jobs j set locked_at = null, locked_by = null, updated_at = now(),
  attempts = case when deaths <= ${FREE_DEATHS} then greatest(0, attempts - 1) else attempts end,
  flags = coalesce(flags, '{}') || jsonb_build_object('deaths', deaths),
  last_error = case when deaths > ${FREE_DEATHS} and attempts >= max_attempts
    then 'the worker died during the last try, as in ' || deaths - 1 || ' tries before' else last_error end
from held where j.id = held.id`;

const FREE_QUEUES = `update graphile_worker._private_job_queues q set locked_at = null, locked_by = null
  where locked_by = $1 and not exists (select 1 from graphile_worker._private_jobs j where j.job_queue_id = q.id and j.locked_by = $1)`;

const FORGET = `delete from job_workers where id = $1 and not exists (select 1 from graphile_worker._private_jobs where locked_by = $1)`;

/** Workers wake up at once instead of at their next poll. */
const WAKE = `select pg_notify('jobs:insert', json_build_object('r', random(), 'count', $1::int)::text)`;

/** Ends the session of a worker that hangs. Only the backend that holds that worker's lock: its pid may be another's by now. */
const END_SESSION = `
select pg_terminate_backend(l.pid) from job_workers w join pg_locks l
  on l.pid = w.backend_pid and l.locktype = 'advisory' and l.granted and l.objsubid = 1
  and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended(w.id, 0)
where w.id = $1`;

export function createReaper(session: Session, self: string, leaseMs: number): Reaper {
  // After the sleep of a laptop every heartbeat is old for a moment: one must be old twice, a pass apart.
  let staleBefore = new Set<string>();

  return {
    async pass() {
      const { rows } = await session.query<{ id: string; stale: boolean }>(
        `select id, heartbeat_at < now() - $2 * interval '1 millisecond' as stale from job_workers where id <> $1`,
        [self, leaseMs],
      );
      const reaped: Reaped[] = [];
      const stale = new Set<string>();
      for (const worker of rows) {
        if (worker.stale) stale.add(worker.id);
        if (worker.stale && staleBefore.has(worker.id)) await session.query(END_SESSION, [worker.id]);
        const jobs = await reapIfDead(session, worker.id);
        if (jobs !== null) reaped.push({ worker: worker.id, jobs });
      }
      staleBefore = stale;
      return reaped;
    },
  };
}

async function reapIfDead(session: Session, worker: string): Promise<number | null> {
  await session.query('begin');
  try {
    const { rows } = await session.query<{ dead: boolean }>(IS_DEAD, [worker]);
    let freed: number | null = null;
    if (rows[0]!.dead) {
      await session.query(DROP_SUPERSEDED, [worker]);
      freed = (await session.query(FREE_JOBS, [worker])).rowCount;
      await session.query(FREE_QUEUES, [worker]);
      await session.query(FORGET, [worker]);
      if (freed > 0) await session.query(WAKE, [freed]);
    }
    await session.query('commit');
    return freed;
  } catch (e) {
    await session.query('rollback').catch(() => undefined);
    throw e;
  }
}
