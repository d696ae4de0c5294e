import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { until } from '../../../test/support/until.ts';
import { isCodedError } from '../errors/index.ts';
import { openDatabase } from './database.ts';
import { openSession } from './session.ts';
import type { Database } from './types.ts';

const unavailable = (e: unknown) => isCodedError(e) && e.code === 'DATABASE_UNAVAILABLE' && e.status === 503 && e.occurrence.retryAfterSeconds! > 0;

/** Ends every other connection to this database, as a restart of Postgres does. */
async function cutAll(db: Database): Promise<void> {
  const session = await openSession(db.directUrl, { applicationName: 'test' });
  await session.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()');
  await session.close();
}

test('a transaction commits whole or not at all, and runs what follows the commit', async () => {
  await using db = await freshDatabase();
  await db.query('create table t (n bigint)');
  let committed = 0;
  await db.transaction(async (tx) => {
    await tx.query('insert into t values ($1)', [9_007_199_254_740_993n]);
    tx.afterCommit(() => void committed++);
  });
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('insert into t values (2)');
      tx.afterCommit(() => void committed++);
      throw new Error('stop');
    }),
    /stop/,
  );
  const { rows } = await db.query<{ n: bigint }>('select n from t');
  assert.deepEqual(rows, [{ n: 9_007_199_254_740_993n }]);
  assert.equal(committed, 1);
});

test('what fails after the commit does not run the transaction again', async () => {
  await using db = await freshDatabase();
  await db.query('create table t (n int)');
  const late = Object.assign(new Error('late'), { code: '40001' });
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('insert into t values (1)');
      tx.afterCommit(() => Promise.reject(late));
    }),
    /late/,
  );
  assert.equal((await db.query('select from t')).rowCount, 1);
});

test('transactions that Postgres refuses to serialise are run again until none is lost', async () => {
  await using db = await freshDatabase({ max: 8 });
  await db.query('create table counter as select 0 as n');
  let tries = 0;
  await Promise.all(
    Array.from({ length: 8 }, () =>
      db.transaction(
        async (tx) => {
          tries += 1;
          const { rows } = await tx.query<{ n: number }>('select n from counter');
          await tx.query('update counter set n = $1', [rows[0]!.n + 1]);
        },
        { isolation: 'serializable', retries: 50 },
      ),
    ),
  );
  assert.deepEqual((await db.query('select n from counter')).rows, [{ n: 8 }]);
  assert.ok(tries > 8, 'eight at once must collide');
});

test('a deadlock is resolved by running its victim again; without retries its error is the one of Postgres', async () => {
  await using db = await freshDatabase();
  await db.query('create table t as select g as id, 0 as n from generate_series(1, 2) g');
  const both = async (retries: number) => {
    const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const cross = (mine: 0 | 1) =>
      db.transaction(
        async (tx) => {
          await tx.query('update t set n = n + 1 where id = $1', [mine + 1]);
          met[mine].resolve();
          await met[mine === 0 ? 1 : 0].promise;
          await tx.query('update t set n = n + 1 where id = $1', [2 - mine]);
        },
        { retries },
      );
    return Promise.allSettled([cross(0), cross(1)]);
  };
  const once = await both(0);
  assert.deepEqual(once.map((o) => o.status).sort(), ['fulfilled', 'rejected']);
  assert.equal((once.find((o) => o.status === 'rejected')!.reason as { code: string }).code, '40P01');
  assert.deepEqual((await both(4)).map((o) => o.status), ['fulfilled', 'fulfilled']);
  assert.deepEqual((await db.query('select n from t order by id')).rows, [{ n: 3 }, { n: 3 }]);
});

test('a lost connection is DATABASE_UNAVAILABLE for plain SQL and for the builder, and the pool recovers by itself', async () => {
  await using db = await freshDatabase();
  await db.query('create table t (n int)');
  interface Tables {
    t: { n: number };
  }
  const slow = db.query('select pg_sleep(60)');
  const built = db.transaction(async (tx) => {
    await tx.query('select 1');
    await cutAll(db);
    await tx.as<Tables>().insertInto('t').values({ n: 1 }).execute();
  });
  await Promise.all([assert.rejects(slow, unavailable), assert.rejects(built, unavailable)]);
  // Every connection was cut: each is noticed in its own moment, and one that is handed out before that fails once more.
  await until(() => db.as<Tables>().selectFrom('t').selectAll().execute().then((rows) => rows.length === 0, () => false), 'the pool recovers');
});

test('a connection cut while its transaction is idle ends the transaction, not the process', async () => {
  await using db = await freshDatabase();
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('create table gone (n int)');
      await cutAll(db);
      await new Promise((resolve) => setImmediate(resolve));
      return 'committed';
    }),
    (e) => unavailable(e) && isCodedError(e) && e.occurrence.facts?.['commit_unknown'] === true,
  );
  assert.deepEqual((await db.query(`select to_regclass('gone') as t`)).rows, [{ t: null }]);
});

test('more requests than connections wait, then are told to come back', async () => {
  await using db = await freshDatabase({ max: 1, acquireTimeoutMs: 50 });
  const release = Promise.withResolvers<void>();
  const busy = db.transaction(async (tx) => {
    await tx.query('select 1');
    await release.promise;
  });
  await assert.rejects(db.query('select 1'), unavailable);
  assert.deepEqual(db.poolState(), { active: 1, idle: 0, waiting: 0, max: 1 });
  release.resolve();
  await busy;
  await db.query('select 1');
});

test('statements and idle transactions are cut off at their limits', async () => {
  await using db = await freshDatabase({ statementTimeoutMs: 50, idleTransactionTimeoutMs: 50 });
  await assert.rejects(db.query('select pg_sleep(10)'), (e) => (e as { code: string }).code === '57014');
  const idle = db.transaction(async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    const watcher = await openSession(db.directUrl, { applicationName: 'test' });
    while ((await watcher.query('select from pg_stat_activity where pid = $1', [rows[0]!.pid])).rowCount > 0);
    await watcher.close();
    await tx.query('select 1');
  });
  await assert.rejects(idle, unavailable);
});

test('a ping gives up with its signal when Postgres takes the connection and says nothing', async () => {
  await using good = await freshDatabase();
  assert.ok((await good.ping(AbortSignal.timeout(5_000))) >= 0);
  const sockets = new Set<Socket>();
  const mute = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => mute.once('listening', resolve));
  const { port } = mute.address() as { port: number };
  const db = openDatabase({ url: `postgres://x@127.0.0.1:${port}/x`, acquireTimeoutMs: 60_000 });
  await assert.rejects(db.ping(AbortSignal.timeout(30)), unavailable);
  await assert.rejects(db.ping(AbortSignal.abort()), unavailable);
  for (const socket of sockets) socket.destroy();
  mute.close();
  await db.close();
});

test('a server that is not there is DATABASE_UNAVAILABLE', async () => {
  const db = openDatabase({ url: 'postgres://x@127.0.0.1:1/x' });
  await assert.rejects(db.query('select 1'), unavailable);
  await db.close();
  await assert.rejects(openSession('postgres://x@127.0.0.1:1/x', { applicationName: 'test' }), unavailable);
});
