import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testJobs } from '../../../test/support/jobs.ts';
import { iso, parseInstant, systemClock } from '../../model/time.ts';
import { startWhatsAppTwin } from '../../venues/whatsapp/index.ts';
import { sweepAlerts } from './jobs.ts';
import { ACCOUNT, assemble, request, serve, until } from './test-support/world.ts';

test('on the durable queue: paced, held and refused alerts all arrive once, and no job stays behind', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  const folder = mkdtempSync(join(tmpdir(), 'bw-jobs-'));
  const twin = await startWhatsAppTwin({ ...ACCOUNT, journalPath: join(folder, 'phone.ndjson'), delaysMs: { sent: 5, delivered: 10, read: 20 } });
  const { alerts } = assemble(db, systemClock, twin.url, { pairIntervalMs: 100, backoffBaseMs: 100, reconcileMs: 500 }, { jobs: jobs.queue });
  const server = await serve(alerts);
  twin.callback(`${server.url}/webhooks/whatsapp`);
  twin.script.set({ refuse: [130_429, 131_056] });
  twin.faults.set([{ kind: 'dropped_socket', when: 'after', times: 1, path: '/v23.0' }]);
  alerts.handleJobs(jobs.queue);
  await jobs.start();

  const asOf = parseInstant('2026-03-02T18:30:00Z'); // 01:30 in Ho Chi Minh City
  const night = { quietHours: { from: '22:00', to: '07:00' }, asOf, deadline: null };
  for (let i = 0; i < 6; i++) {
    // One transaction each, as decisions come; the last two sleep until the desk's morning.
    await db.transaction((tx) => alerts.request(tx, request({ decisionId: `d${i}`, eventKey: `e${i}`, ...(i < 4 ? {} : night) })));
  }
  const statuses = async (): Promise<readonly string[]> => (await db.query<{ status: string }>('select status from alerts order by decision_id')).rows.map((row) => row.status);
  await until('four read', async () => (await statuses()).slice(0, 4).every((s) => s === 'read'), 20_000);
  assert.deepEqual((await statuses()).slice(4), ['queued', 'queued']);
  await jobs.queue.enqueue(db, sweepAlerts, { as_of: iso(parseInstant('2026-03-03T00:00:00Z')) });
  await until('six read', async () => (await statuses()).every((s) => s === 'read'), 20_000);
  assert.equal(new Set(twin.messages().map((m) => m.opaque?.split(':')[0])).size, 6);
  assert.equal(twin.messages().length, 6);
  await until('no job left', async () => (await jobs.queue.pending(db, ['alerts.send', 'alerts.sweep'])) === 0);
  await server.close();
  await twin.close();
  rmSync(folder, { recursive: true });
});
