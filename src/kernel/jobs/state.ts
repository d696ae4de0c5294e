/** What the queue and its workers are doing: for `/health/worker`, the console and the gauges. */
import { iso } from '../../model/time.ts';
import type { Database } from '../database/index.ts';
import type { TaskDepth } from './job-metrics.ts';

export interface WorkerState {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly this_process: boolean;
  readonly started_at: string;
  readonly heartbeat_age_seconds: number;
  readonly running: number;
  readonly concurrency: number;
  readonly tasks: readonly string[];
}

export interface WorkersState {
  readonly workers: readonly WorkerState[];
  readonly queue: readonly TaskDepth[];
  readonly depth: number;
  readonly running: number;
  readonly dead_letters: number;
  readonly oldest_job_age_seconds: number;
}

interface WorkerRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly tasks: string[];
  readonly concurrency: number;
  readonly running: number;
  readonly started_at: Date;
  readonly age: number;
}

export async function workersState(db: Database, self: string | null): Promise<WorkersState> {
  const [{ rows }, queue] = await Promise.all([
    db.query<WorkerRow>('select *, extract(epoch from clock_timestamp() - heartbeat_at)::float8 as age from job_workers order by started_at'),
    queueDepths(db),
  ]);
  const workers = rows.map((row) => ({
    id: row.id,
    host: row.host,
    pid: row.pid,
    this_process: row.id === self,
    started_at: iso(row.started_at.getTime()),
    heartbeat_age_seconds: Math.max(0, Math.round(row.age * 1_000) / 1_000),
    running: row.running,
    concurrency: row.concurrency,
    tasks: row.tasks,
  }));
  const sum = (of: (d: TaskDepth) => number): number => queue.reduce((total, d) => total + of(d), 0);
  return {
    workers,
    queue,
    depth: sum((d) => d.waiting),
    running: sum((d) => d.running),
    dead_letters: sum((d) => d.dead),
    oldest_job_age_seconds: Math.max(0, ...queue.map((d) => d.oldestAgeSeconds)),
  };
}

/** By kind of job, those without any left out. */
export async function queueDepths(db: Database): Promise<readonly TaskDepth[]> {
  const { rows } = await db.query<{ task: string; waiting: number; running: number; dead: number; oldest: number }>(
    `select t.identifier as task,
       count(*) filter (where j.is_available)::int as waiting,
       count(*) filter (where j.locked_at is not null)::int as running,
       count(*) filter (where j.locked_at is null and not j.is_available and not coalesce(j.flags ? 'superseded', false))::int as dead,
       coalesce(extract(epoch from now() - min(j.run_at) filter (where j.is_available and j.run_at <= now())), 0)::float8 as oldest
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     group by 1 order by 1`,
  );
  return rows.map(({ oldest, ...row }) => ({ ...row, oldestAgeSeconds: Math.max(0, oldest) }));
}

/** Running jobs that were overtaken by a newer one of their key and then failed: nobody needs them any more. */
export async function dropSuperseded(db: Database): Promise<void> {
  await db.query(`delete from graphile_worker._private_jobs where flags ? 'superseded' and locked_at is null`);
}
