/** The stage in a process of its own, for tests that kill it: `MODE=send` runs one send, `MODE=serve` takes webhooks and prints its address. */
import { openDatabase } from '../../../kernel/database/index.ts';
import { silentLogger } from '../../../kernel/logging/types.ts';
import { systemClock } from '../../../model/time.ts';
import { assemble, serve } from './world.ts';

const env = (name: string): string => process.env[name] ?? '';
const db = openDatabase({ url: env('TEST_URL'), max: 2 });
const { alerts } = assemble(db, systemClock, env('TWIN_URL'));

if (env('MODE') === 'send') {
  await alerts.send(env('ALERT_ID'), 0, { transaction: (work) => db.transaction(work), logger: silentLogger });
  await db.close();
} else {
  const { url } = await serve(alerts);
  process.stdout.write(`${url}\n`);
}
