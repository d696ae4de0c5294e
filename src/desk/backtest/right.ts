/** The right that a backtest needs: it walks in a database of its own beside the desk's. */
import type { Executor } from '../../kernel/database/types.ts';
import { errors } from './errors.ts';

/** @throws CodedError BACKTEST_NOT_POSSIBLE when the user of this connection may not create a database */
export async function assertMayBacktest(on: Executor): Promise<void> {
  const { rows } = await on.query<{ name: string; may: boolean }>(
    'select rolname as name, rolcreatedb or rolsuper as may from pg_roles where rolname = current_user',
  );
  const user = rows[0];
  if (user?.may) return;
  const name = user?.name ?? 'of DATABASE_URL';
  throw errors.BACKTEST_NOT_POSSIBLE({
    detail: `A backtest walks in a database of its own, and the Postgres user ${name} may not create one`,
    fix: `As a superuser: alter role "${name}" createdb. Or run it from the command line: bellwether backtest NAME`,
  });
}
