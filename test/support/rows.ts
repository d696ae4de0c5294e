/** How much is stored, table by table: what a refused request must not change. */
import type { Executor } from '../../src/kernel/database/index.ts';
import { until } from './until.ts';

/** Change by themselves, with time. */
const TICKING = ['job_workers', 'job_schedules'];

/** Rows of every table, waiting jobs included. */
export async function rowCounts(db: Executor): Promise<Readonly<Record<string, number>>> {
  const { rows: tables } = await db.query<{ name: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and (table_schema = 'public' or (table_schema = 'graphile_worker' and table_name = '_private_jobs')) and table_name <> all($1) order by 1`,
    [TICKING],
  );
  const { rows } = await db.query<{ name: string; n: number }>(tables.map(({ name }) => `select '${name}' as name, count(*)::int as n from ${name}`).join(' union all '));
  return Object.fromEntries(rows.map(({ name, n }) => [name.replace(/^public\./, ''), n]));
}

/** Waits until no job is due or running and every alert has come to its end: from then on nothing changes by itself. */
export async function settled(db: Executor): Promise<void> {
  const busy = `select exists (select 1 from graphile_worker._private_jobs where locked_at is not null or (run_at <= now() and attempts < max_attempts))
                    or exists (select 1 from alerts where status not in ('read', 'failed', 'suppressed')) as busy`;
  await until(async () => !(await db.query<{ busy: boolean }>(busy)).rows[0]!.busy, 'the desk stands still', 30_000);
}
