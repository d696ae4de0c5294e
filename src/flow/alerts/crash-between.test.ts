/** Kills between two deliveries of one alert: whatever dies where, the second contact gets the message, and gets it once. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { HOUR_MS, MINUTE_MS, systemClock } from '../../model/time.ts';
import { startWhatsAppTwin } from '../../venues/whatsapp/index.ts';
import { fileChannel, MAIL, PHONE } from './test-support/channels.ts';
import { ACCOUNT, assemble, request, runDue, until } from './test-support/world.ts';

const CHILD = join(import.meta.dirname, 'test-support/child.ts');
/** Beyond the time to be read. */
const AHEAD_MS = 5 * HOUR_MS;
/** After the child that died ahead of its time: its jobs are overdue by then. */
const LATER_MS = AHEAD_MS + 5 * MINUTE_MS;

async function scene(db: Awaited<ReturnType<typeof freshDatabase>>) {
  const folder = mkdtempSync(join(tmpdir(), 'bw-between-'));
  const mailFile = join(folder, 'mail.txt');
  const twin = await startWhatsAppTwin({ ...ACCOUNT, journalPath: join(folder, 'phone.ndjson'), delaysMs: { sent: 20, delivered: 60, read: 120 } });
  let ahead = 0;
  const parts = assemble(db, { now: () => systemClock.now() + ahead }, twin.url, { reconcileMs: 500 }, { others: [fileChannel('email', mailFile)] });
  return {
    twin,
    ...parts,
    mails: (): readonly string[] => (existsSync(mailFile) ? readFileSync(mailFile, 'utf8').trim().split('\n') : []),
    later: () => void (ahead = LATER_MS),
    /** What a desk does in a minute: lost jobs, unread alerts, and the jobs that are due. */
    async minute() {
      await db.transaction((tx) => parts.alerts.recover(tx));
      await parts.alerts.watch((work) => db.transaction(work));
      await runDue(db, parts.alerts, parts.queue);
    },
    /** A process that dies at the point. */
    async dies(at: string, env: Readonly<Record<string, string>>) {
      const child = spawn(process.execPath, [CHILD], { env: { ...process.env, TEST_URL: db.url, TWIN_URL: twin.url, MAIL_FILE: mailFile, ...env, BELLWETHER_CRASH_AT: at }, stdio: ['ignore', 'pipe', 'inherit'] });
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      assert.equal(signal, 'SIGKILL', `the process died at ${at}`);
    },
    statuses: async (): Promise<readonly string[]> => (await db.query<{ status: string }>('select status from alert_deliveries order by position')).rows.map((row) => row.status),
    async [Symbol.asyncDispose]() {
      await twin.close();
      rmSync(folder, { recursive: true });
    },
  };
}

for (const [point, left] of [
  ['alerts.failed-before-next-contact', ['sending', 'planned']],
  ['alerts.next-contact-before-commit', ['sending', 'planned']],
  ['alerts.stored-before-done', ['failed', 'queued']],
] as const) {
  test(`WhatsApp refuses for good, killed at ${point}: the e-mail goes out once`, async () => {
    await using db = await freshDatabase();
    await using s = await scene(db);
    s.twin.script.set({ refuse: [131_026, 131_026] });
    const { alertId } = await db.transaction((tx) => s.alerts.request(tx, request({ contacts: [PHONE, MAIL] })));
    await s.dies(point, { MODE: 'send', ALERT_ID: alertId });
    assert.deepEqual([await s.statuses(), s.mails().length], [[...left], 0]);
    s.later();
    await until('told by e-mail', async () => {
      await s.minute();
      return (await s.statuses())[1] === 'sent';
    });
    await s.minute();
    assert.deepEqual([await s.statuses(), s.mails().length, s.twin.messages().length], [['failed', 'sent'], 1, 0]);
  });
}

for (const [point, next] of [['alerts.next-contact-before-commit', 'planned'], ['alerts.next-contact-committed', 'queued']] as const) {
  test(`unread, killed at ${point}: the next contact is tried once`, async () => {
    await using db = await freshDatabase();
    await using s = await scene(db);
    const { alertId } = await db.transaction((tx) => s.alerts.request(tx, request({ contacts: [PHONE, MAIL] })));
    await runDue(db, s.alerts, s.queue);
    assert.deepEqual(await s.statuses(), ['sent', 'planned']);
    await s.dies(point, { MODE: 'watch', CLOCK_AHEAD_MS: String(AHEAD_MS) });
    assert.deepEqual([await s.statuses(), s.mails().length], [['sent', next], 0]);
    s.later();
    await until('told by e-mail', async () => {
      await s.minute();
      // A second run behind the first finds nothing to do.
      await s.minute();
      return (await s.statuses())[1] === 'sent';
    });
    assert.deepEqual(s.mails().map((opaque) => opaque.split(':')[0]), [alertId]);
    assert.equal(s.twin.messages().length, 1);
  });
}

test('killed after the e-mail left and before that was stored: it is not proved by anything, and goes out once more after its window, never silently', async () => {
  await using db = await freshDatabase();
  await using s = await scene(db);
  const { alertId } = await db.transaction((tx) => s.alerts.request(tx, request({ contacts: [MAIL] })));
  await s.dies('alerts.accepted-before-stored', { MODE: 'send', ALERT_ID: alertId });
  assert.deepEqual([await s.statuses(), s.mails().length], [['sending'], 1]);
  s.later();
  await s.minute();
  assert.deepEqual([await s.statuses(), s.mails().length], [['sent'], 2]);
  const { rows } = await db.query('select n, outcome from alert_attempts order by n');
  assert.deepEqual(rows, [{ n: 1, outcome: 'lost' }, { n: 2, outcome: 'accepted' }]);
});
