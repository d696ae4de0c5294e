/** Puts jobs into the queue, in the transaction of whoever calls. */
import type { Executor } from '../database/types.ts';
import { errors } from './errors.ts';
import { sealPayload } from './payload.ts';
import type { TraceContext } from './trace-context.ts';
import type { EnqueueOptions, JobDefinition } from './types.ts';

export const DEFAULT_MAX_ATTEMPTS = 8;

/**
 * In a serial queue the order is that of `run_at`: the time of the statement instead of that of the transaction, so that
 * two jobs of one transaction keep their order.
 */
const runAtSql = (given: string, serial: string): string => `coalesce(${given}, case when ${serial} is null then null else clock_timestamp() end)`;

const ADD = `select id::text as id from graphile_worker.add_job(
  identifier => $1::text, payload => $2::json, queue_name => $3::text, run_at => ${runAtSql('$4::timestamptz', '$3::text')},
  max_attempts => $5::int, job_key => $6::text, priority => $7::int, job_key_mode => 'replace')`;

/**
 * A running job whose key is taken over by a newer one is not tried again when it fails (graphile-worker sets its attempts
 * to the limit). The mark tells it from a dead letter.
 */
const SUPERSEDE = `update graphile_worker._private_jobs set flags = coalesce(flags, '{}') || '{"superseded": true}'
  where key = $1 and locked_at is not null`;

/** The lock keeps the pending one from starting before this transaction ends: so it will see what this transaction wrote. */
const PENDING_WITH_KEY = `select id::text as id from graphile_worker._private_jobs where key = $1 and is_available for update`;
const WAKE = `select pg_notify('jobs:insert', json_build_object('r', random(), 'count', 1)::text)`;

export async function enqueue<P>(trace: TraceContext, on: Executor, job: JobDefinition<P>, payload: P, options: EnqueueOptions = {}): Promise<string> {
  const sealed = sealPayload(job, payload, options.newTrace ? null : trace.current());
  const { key } = options;
  if (key !== undefined) {
    if (options.mode === 'keep') {
      const { rows } = await on.query<{ id: string }>(PENDING_WITH_KEY, [key]);
      if (rows[0]) {
        // A worker that looked while the row was locked passed it over: look again once this has committed.
        await on.query(WAKE);
        return rows[0].id;
      }
    }
    await on.query(SUPERSEDE, [key]);
  }
  const { rows } = await on.query<{ id: string }>(ADD, [
    job.name,
    sealed,
    serialQueueOf(job, options),
    options.runAt ?? null,
    job.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    key ?? null,
    options.priority ?? job.priority ?? 0,
  ]);
  return rows[0]!.id;
}

const ADD_MANY = `select count(*) from graphile_worker.add_jobs(array(
  select row($1, item.value, $3, ${runAtSql('$4::timestamptz', '$3::text')} + case when $3::text is null then interval '0' else item.n * interval '1 microsecond' end,
    $5, null, $6, null)::graphile_worker.job_spec
  from json_array_elements($2::json) with ordinality as item(value, n) order by item.n))`;

/** Rows a statement: 10,000 small jobs are 1 MB of JSON. */
const MANY = 10_000;

export async function enqueueMany<P>(
  trace: TraceContext,
  on: Executor,
  job: JobDefinition<P>,
  payloads: readonly P[],
  options: Omit<EnqueueOptions, 'key'> = {},
): Promise<void> {
  const traceparent = trace.current();
  const sealed = payloads.map((payload) => sealPayload(job, payload, traceparent));
  for (let at = 0; at < sealed.length; at += MANY) {
    await on.query(ADD_MANY, [
      job.name,
      `[${sealed.slice(at, at + MANY).join(',')}]`,
      serialQueueOf(job, options),
      options.runAt ?? null,
      job.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      options.priority ?? job.priority ?? 0,
    ]);
  }
}

/** @throws CodedError JOB_SERIAL_UNDECLARED: only kinds that declare a serial queue run where serial order holds */
function serialQueueOf<P>(job: JobDefinition<P>, options: Omit<EnqueueOptions, 'key'>): string | null {
  if (options.serialQueue !== undefined && job.serialQueue === undefined) {
    throw errors.JOB_SERIAL_UNDECLARED({ detail: `${job.name} got the serial queue ${options.serialQueue}`, fix: `Give the definition of ${job.name} a serialQueue` });
  }
  return options.serialQueue ?? job.serialQueue ?? null;
}

/** How many jobs of these kinds wait or run; dead letters are not counted. */
export async function pending(on: Executor, names: readonly string[]): Promise<number> {
  const { rows } = await on.query<{ n: number }>(
    `select count(*)::int as n from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
     where t.identifier = any($1::text[]) and (j.is_available or j.locked_at is not null)`,
    [names],
  );
  return rows[0]!.n;
}

/** A running one is left: its queue is freed by its end, and would stay locked without it. */
export async function cancelPending(on: Executor, names: readonly string[]): Promise<number> {
  const { rowCount } = await on.query(
    `delete from graphile_worker._private_jobs where locked_at is null
      and task_id in (select id from graphile_worker._private_tasks where identifier = any($1::text[]))`,
    [names],
  );
  return rowCount;
}
