/** Jobs that have used up their tries: kept until a person sends them again. */
import { iso } from '../../model/time.ts';
import type { Database } from '../database/index.ts';
import { errors } from './errors.ts';

export interface DeadLetter {
  readonly id: string;
  readonly task: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly error: string | null;
  /** ISO instants. */
  readonly created_at: string;
  readonly failed_at: string;
}

export interface DeadLetters {
  /** Newest failure first. @param page `limit` default 20, at most 100; `task` only of this kind */
  list(page?: { readonly task?: string; readonly limit?: number }): Promise<readonly DeadLetter[]>;
  count(): Promise<number>;
  /** Runs again, with all its tries. @throws CodedError DEAD_LETTER_UNKNOWN */
  requeue(id: string): Promise<void>;
  /** @returns how many */
  requeueAll(task: string): Promise<number>;
}

const IS_DEAD = `j.locked_at is null and j.attempts >= j.max_attempts and not coalesce(j.flags ? 'superseded', false)`;

/** A failure moves `run_at` to its own time plus the backoff; the reaper writes `updated_at`. */
const FAILED_AT = `greatest(j.updated_at, j.run_at - exp(least(j.attempts, 10)) * interval '1 second')`;

interface Row {
  readonly id: string;
  readonly task: string;
  readonly payload: { readonly p?: unknown } | null;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly created_at: Date;
  readonly failed_at: Date;
}

export function createDeadLetters(db: Database): DeadLetters {
  const requeue = async (where: string, value: string): Promise<number> => {
    const { rowCount } = await db.query(
      `with again as (
         update graphile_worker._private_jobs j
           set attempts = 0, run_at = now(), updated_at = now(), flags = flags - 'deaths'
         from graphile_worker._private_tasks t where t.id = j.task_id and ${IS_DEAD} and ${where} returning j.id)
       select pg_notify('jobs:insert', json_build_object('r', random(), 'count', 1)::text) from again`,
      [value],
    );
    return rowCount;
  };

  return {
    async list({ task, limit = 20 } = {}) {
      const { rows } = await db.query<Row>(
        `select j.id::text as id, t.identifier as task, j.payload, j.attempts, j.last_error, j.created_at, ${FAILED_AT} as failed_at
         from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
         where ${IS_DEAD} and ($1::text is null or t.identifier = $1) order by failed_at desc, j.id desc limit $2`,
        [task ?? null, Math.min(limit, 100)],
      );
      return rows.map((row) => ({
        id: row.id,
        task: row.task,
        payload: row.payload?.p ?? null,
        attempts: row.attempts,
        error: row.last_error,
        created_at: iso(row.created_at.getTime()),
        failed_at: iso(row.failed_at.getTime()),
      }));
    },
    async count() {
      const { rows } = await db.query<{ n: number }>(`select count(*)::int as n from graphile_worker._private_jobs j where ${IS_DEAD}`);
      return rows[0]!.n;
    },
    async requeue(id) {
      if (!/^\d{1,18}$/.test(id) || (await requeue('j.id = $1', id)) === 0) {
        throw errors.DEAD_LETTER_UNKNOWN({ detail: `no dead letter has the id ${JSON.stringify(id)}`, field: 'id', fix: 'It may have been sent again already: list the dead letters' });
      }
    },
    requeueAll: (task) => requeue('t.identifier = $1', task),
  };
}
