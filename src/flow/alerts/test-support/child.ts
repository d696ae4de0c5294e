/** The stage in a process of its own, for tests that kill it: `MODE=send` runs one send, `MODE=watch` one look at what is unread, `MODE=serve` takes webhooks and prints its address. */
import { openDatabase } from '../../../kernel/database/index.ts';
import { silentLogger } from '../../../kernel/logging/types.ts';
import { systemClock } from '../../../model/time.ts';
import { fileChannel } from './channels.ts';
import { assemble, serve } from './world.ts';

const env = (name: string): string => process.env[name] ?? '';
const db = openDatabase({ url: env('TEST_URL'), max: 2 });
const ahead = Number(env('CLOCK_AHEAD_MS') || '0');
const others = env('MAIL_FILE') === '' ? [] : [fileChannel('email', env('MAIL_FILE'))];
const { alerts } = assemble(db, { now: () => systemClock.now() + ahead }, env('TWIN_URL'), {}, { others });

if (env('MODE') === 'send') {
  await alerts.send(env('ALERT_ID'), 0, { transaction: (work) => db.transaction(work), logger: silentLogger });
  await db.close();
} else if (env('MODE') === 'watch') {
  await alerts.watch((work) => db.transaction(work));
  await db.close();
} else {
  const { url } = await serve(alerts);
  process.stdout.write(`${url}\n`);
}
