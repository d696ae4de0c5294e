import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { freshDatabase } from '../../../test/support/database.ts';
import { testJobs, until } from '../../../test/support/jobs.ts';
import { findServer } from '../../../test/support/servers.ts';
import type { JobDefinition } from '../jobs/index.ts';
import { openDatabase } from './database.ts';

const pgbouncer = findServer('pgbouncer');

/** PgBouncer in transaction mode in front of a test database: two server connections for everybody. */
async function bouncer(directUrl: string) {
  const folder = mkdtempSync(join(tmpdir(), 'bw-pgb-'));
  const target = new URL(directUrl);
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${target.searchParams.get('host')} user=bellwether
[pgbouncer]
pool_mode = transaction
default_pool_size = 2
auth_type = any
listen_addr =
unix_socket_dir = ${folder}
listen_port = 6432
`,
  );
  // It refuses root, as Postgres does.
  const args = [join(folder, 'pgbouncer.ini')];
  const child =
    process.getuid?.() === 0
      ? spawn('unshare', ['--user', '--map-user=65534', '--map-group=65534', pgbouncer.path!, ...args], { stdio: 'ignore' })
      : spawn(pgbouncer.path!, args, { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const url = new URL(directUrl);
  url.searchParams.set('host', folder);
  url.searchParams.set('port', '6432');
  const db = openDatabase({ url: url.toString(), directUrl, statementTimeoutMs: 100 });
  await until(() => db.ping().then(() => true, () => false));
  return Object.assign(db, {
    async [Symbol.asyncDispose]() {
      await db.close();
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

test('through PgBouncer in transaction mode: queries, the builder and transactions at once', { skip: pgbouncer.skip }, async () => {
  await using direct = await freshDatabase();
  await using db = await bouncer(direct.directUrl);
  interface Tables {
    t: { id: number; n: number };
  }
  await db.query('create table t (id int primary key, n int)');
  await db.as<Tables>().insertInto('t').values({ id: 1, n: 0 }).execute();
  await Promise.all(
    Array.from({ length: 20 }, () =>
      db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(1)');
        const { n } = await tx.as<Tables>().selectFrom('t').select('n').where('id', '=', 1).executeTakeFirstOrThrow();
        await tx.query('update t set n = $1 where id = $2', [n + 1, 1]);
      }),
    ),
  );
  assert.deepEqual((await db.query('select n from t')).rows, [{ n: 20 }]);
  // A named statement would stay on one of the two server connections and be missing on the other.
  const prepared = await Promise.all(Array.from({ length: 8 }, () => db.query('select name from pg_prepared_statements')));
  assert.deepEqual(prepared.flatMap((p) => p.rows), []);
});

test('through PgBouncer the statement timeout holds in a transaction and is not left behind', { skip: pgbouncer.skip }, async () => {
  await using direct = await freshDatabase();
  await using db = await bouncer(direct.directUrl);
  await assert.rejects(db.transaction((tx) => tx.query('select pg_sleep(10)')), (e) => (e as { code: string }).code === '57014');
  assert.equal((await db.query<{ s: string }>(`select current_setting('statement_timeout') as s`)).rows[0]!.s, '0');
});

test('through PgBouncer a job is enqueued in its transaction, and the worker on the direct DSN runs it', { skip: pgbouncer.skip }, async () => {
  await using direct = await freshDatabase();
  await using db = await bouncer(direct.directUrl);
  await using jobs = testJobs(db);
  const kind: JobDefinition<{ n: number }> = { name: 'test.bounced', payload: z.strictObject({ n: z.number() }) };
  await db.query('create table effects (n int)');
  jobs.queue.handle(kind, async ({ n }, context) => {
    await context.finish(async (tx) => {
      await tx.query('insert into effects values ($1)', [n]);
    });
  });
  await jobs.start();
  await db.transaction(async (tx) => {
    await jobs.queue.enqueue(tx, kind, { n: 1 });
  });
  await until(async () => (await db.query('select from effects')).rowCount === 1);
});
