import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { systemClock } from '../../model/time.ts';
import { startWhatsAppTwin } from '../../venues/whatsapp/index.ts';
import { ACCOUNT, assemble, request, runDue, serve, until } from './test-support/world.ts';

const CHILD = join(import.meta.dirname, 'test-support/child.ts');

/** A process that kills itself at the named point. */
function child(crashAt: string, env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [CHILD], { env: { ...process.env, ...env, BELLWETHER_CRASH_AT: crashAt }, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Wall time here: two processes cannot share a clock moved by hand. The window is short, and nothing asserts a duration. */
const RECONCILE_MS = 1_500;
const DELAYS = { sent: 20, delivered: 60, read: 120 };

async function scene(): Promise<{ readonly folder: string; readonly twin: Awaited<ReturnType<typeof startWhatsAppTwin>>; end(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'bw-crash-'));
  const twin = await startWhatsAppTwin({ ...ACCOUNT, journalPath: join(folder, 'phone.ndjson'), delaysMs: DELAYS });
  return { folder, twin, end: async () => (await twin.close(), rmSync(folder, { recursive: true })) };
}

for (const [point, acceptedBefore] of [['alerts.stored-before-call', 0], ['alerts.accepted-before-stored', 1], ['alerts.stored-before-done', 1]] as const) {
  test(`killed at ${point}: after a restart the phone has the message once, and the alert is read`, async () => {
    await using db = await freshDatabase();
    const { twin, end } = await scene();
    const parts = assemble(db, systemClock, twin.url, { reconcileMs: RECONCILE_MS });
    const { alertId } = await db.transaction((tx) => parts.alerts.request(tx, request()));
    const dying = child(point, { MODE: 'send', TEST_URL: db.url, TWIN_URL: twin.url, ALERT_ID: alertId });
    const [, signal] = (await once(dying, 'exit')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL', 'the process died at the point');
    assert.equal(twin.messages().length, acceptedBefore);
    const status = async (): Promise<unknown> => (await db.query<{ status: string }>('select status from alerts')).rows[0]!.status;
    assert.equal(await status(), point === 'alerts.stored-before-done' ? 'sent' : 'sending');

    const server = await serve(parts.alerts);
    twin.callback(`${server.url}/webhooks/whatsapp`);
    await until('read', async () => {
      await runDue(db, parts.alerts, parts.queue);
      return (await status()) === 'read';
    });
    await runDue(db, parts.alerts, parts.queue);
    assert.equal(twin.messages().length, 1);
    await server.close();
    await end();
  });
}

for (const point of ['alerts.webhook-before-stored', 'alerts.webhook-stored-before-reply#2']) {
  test(`killed at ${point}: the webhook comes again and is applied once`, async () => {
    await using db = await freshDatabase();
    const { twin, end } = await scene();
    const parts = assemble(db, systemClock, twin.url);
    await db.transaction((tx) => parts.alerts.request(tx, request()));
    await runDue(db, parts.alerts, parts.queue);
    const dying = child(point, { MODE: 'serve', TEST_URL: db.url, TWIN_URL: twin.url });
    const [line] = (await once(dying.stdout!, 'data')) as [Buffer];
    const gone = once(dying, 'exit');
    twin.callback(`${line.toString().trim()}/webhooks/whatsapp`);
    assert.equal(((await gone) as [number | null, string | null])[1], 'SIGKILL');
    const server = await serve(parts.alerts);
    twin.callback(`${server.url}/webhooks/whatsapp`);
    await until('all webhooks answered', () => twin.pendingWebhooks() === 0, 20_000);
    const { rows } = await db.query<{ status: string; events: bigint }>("select a.status, (select count(*) from alert_events) as events from alerts a");
    assert.deepEqual(rows, [{ status: 'read', events: 3n }]);
    await server.close();
    await end();
  });
}
