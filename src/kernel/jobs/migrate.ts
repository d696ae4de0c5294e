/** The queue's own tables, and the fence in them. Run with the house's migrations, before any worker starts. */
import { runMigrations } from 'graphile-worker';
import { openSession } from '../database/index.ts';
import { quietLogger } from './library-logger.ts';

/**
 * graphile-worker completes a job by deleting it by id alone. A worker that was thought dead (stopped for longer than its
 * lease) would so delete a job that by now waits with a newer payload or runs elsewhere, and leave that one's serial queue
 * locked. This trigger skips the delete when the connection is a worker's and the row is not that worker's. Its condition
 * is evaluated without calling the function, so a regular delete pays about a microsecond.
 * A connection without the setting (an operator's, `finish` of a job) is not concerned.
 */
const FENCE = `
create or replace function graphile_worker.bellwether_fence() returns trigger language plpgsql as $$
begin
  return null;
end $$;
create or replace trigger bellwether_fence before delete on graphile_worker._private_jobs for each row
  when (coalesce(current_setting('bellwether.worker', true), '') <> ''
    and old.locked_by is distinct from current_setting('bellwether.worker', true))
  execute function graphile_worker.bellwether_fence();`;

/** @param url the direct DSN; safe to run by several processes at once, and again @throws CodedError DATABASE_UNAVAILABLE */
export async function migrateJobs(url: string): Promise<void> {
  const session = await openSession(url, { applicationName: 'bellwether jobs migration' });
  try {
    // Ended by closing: 'bwjb' in ASCII.
    await session.query('select pg_advisory_lock($1)', [0x62_77_6a_62]);
    await runMigrations({ connectionString: url, logger: quietLogger() });
    await session.query(FENCE);
  } finally {
    await session.close();
  }
}
