import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { testJobs, until } from '../../../test/support/jobs.ts';
import { migrateUp, openDatabase, readMigrations, startEmbedded } from '../database/index.ts';
import { isCodedError } from '../errors/index.ts';
import { migrateJobs } from './migrate.ts';
import type { JobDefinition } from './types.ts';

const store: JobDefinition<{ n: number }> = { name: 'test.store', payload: z.strictObject({ n: z.number() }) };

test('a Postgres that is killed under load loses no job and doubles no effect, and the worker goes on by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bw-outage-'));
  const postgres = await startEmbedded(folder);
  const db = openDatabase({ url: postgres.url, acquireTimeoutMs: 500 });
  await migrateUp(db, readMigrations(join(import.meta.dirname, '../../../migrations')));
  await migrateJobs(postgres.url);
  await db.query('create table effects (n int)');
  const jobs = testJobs(db);
  jobs.queue.handle(store, async ({ n }, context) => {
    await context.finish(async (tx) => {
      await tx.query('insert into effects values ($1)', [n]);
    });
  });
  await jobs.start();
  const accepted: number[] = [];
  let refused = 0;
  for (let n = 0; n < 200; n++) {
    if (n === 50 || n === 120) process.kill(postgres.pid, 'SIGKILL');
    try {
      await jobs.queue.enqueue(db, store, { n });
      accepted.push(n);
    } catch (e) {
      assert.ok(isCodedError(e) && e.code === 'DATABASE_UNAVAILABLE', String(e));
      refused += 1;
      await until(() => db.ping().then(() => true, () => false));
    }
  }
  assert.ok(refused > 0);
  await until(() => jobs.queue.pending(db, [store]).then((left) => left === 0, () => false), 60_000);
  const { rows } = await db.query<{ n: number; times: number }>('select n, count(*)::int as times from effects group by n order by n');
  assert.deepEqual(rows.filter((row) => row.times !== 1), []);
  // One that was refused may have been committed all the same: the connection was lost before the answer.
  const stored = new Set(rows.map((row) => row.n));
  assert.deepEqual(accepted.filter((n) => !stored.has(n)), []);
  await jobs.stop(AbortSignal.timeout(5_000));
  await db.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});
