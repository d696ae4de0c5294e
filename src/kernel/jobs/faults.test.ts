import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { held, heldOnce } from '../../../test/support/job-worker.ts';
import { testJobs, until } from '../../../test/support/jobs.ts';
import { openSession } from '../database/index.ts';
import { isCodedError } from '../errors/index.ts';

const SCRIPT = join(import.meta.dirname, '../../../test/support/job-worker.ts');

/** A worker in another process. Killed at the end of the test, whatever happens. */
function workerProcess(url: string, leaseMs = 60_000, crashAt?: string) {
  const child = spawn(process.execPath, [SCRIPT, url, String(leaseMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...(crashAt ? { BELLWETHER_CRASH_AT: crashAt } : {}) },
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, 'exit');
  return {
    says: (what: string | RegExp) => until(() => (typeof what === 'string' ? said.includes(what) : what.test(said))),
    said: () => said,
    go: () => child.stdin.write('go\n'),
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const withEffects = async () => {
  const db = await freshDatabase();
  await db.query('create table effects (job text, pid int)');
  return db;
};
type Effects = { readonly pid: number };

test('the job of a killed worker runs again elsewhere, and its effect is stored once', async () => {
  await using db = await withEffects();
  await using worker = workerProcess(db.url);
  await worker.says('started');
  const id = await testJobs(db).queue.enqueue(db, held, { act: 'finish' });
  await worker.says(`running ${id}`);

  await using jobs = testJobs(db, { leaseMs: 60_000 });
  const attempts: number[] = [];
  jobs.queue.handle(held, async (_, context) => {
    attempts.push(context.attempt);
    await context.finish(async (tx) => {
      await tx.query('insert into effects (job, pid) values ($1, $2)', [context.id, process.pid]);
    });
  });
  await jobs.start();
  worker.signal('SIGKILL');
  await until(async () => attempts.length > 0 && (await jobs.queue.pending(db, [held.name])) === 0);
  assert.deepEqual(attempts, [1], 'the try that ended with its worker does not count');
  assert.deepEqual((await db.query<Effects>('select pid from effects')).rows, [{ pid: process.pid }]);
  // The lease is far longer than this test: the death was seen by the free lock, not by the clock.
  await until(async () => (await jobs.workers()).workers.length === 1);
});

/** Kills `times` workers, one after another, each while it runs the job. */
async function killWorkers(db: Awaited<ReturnType<typeof freshDatabase>>, id: string, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await using worker = workerProcess(db.url);
    await worker.says(`running ${id}`);
    worker.signal('SIGKILL');
    await worker.exited;
  }
}

test('a job of one try that lost its worker runs again, and is no dead letter', async () => {
  await using db = await withEffects();
  const id = await testJobs(db).queue.enqueue(db, heldOnce, { act: 'finish' });
  await killWorkers(db, id, 1);
  await using jobs = testJobs(db);
  jobs.queue.handle(heldOnce, (_, context) =>
    context.finish(async (tx) => {
      await tx.query('insert into effects (job, pid) values ($1, $2)', [context.id, process.pid]);
    }),
  );
  await jobs.start();
  await until(async () => (await db.query('select from effects')).rowCount === 1);
  assert.equal(await jobs.deadLetters.count(), 0);
});

test('a job that kills its workers is a dead letter after the fourth; sent again, it has all its tries', async () => {
  await using db = await withEffects();
  await using jobs = testJobs(db);
  const id = await jobs.queue.enqueue(db, heldOnce, { act: 'nothing' });
  await killWorkers(db, id, 4);
  // Takes no job of this kind, but reaps.
  await jobs.start();
  await until(async () => (await jobs.deadLetters.count()) === 1);
  assert.match((await jobs.deadLetters.list())[0]!.error!, /the worker died during the last try, as in 3 tries before/);

  await jobs.deadLetters.requeue(id);
  await killWorkers(db, id, 1);
  const free = 'select from graphile_worker._private_jobs where locked_by is null';
  await until(async () => (await db.query(free)).rowCount === 1);
  assert.equal(await jobs.deadLetters.count(), 0);
});

for (const [point, effects] of [
  ['jobs.before-run', 1],
  ['jobs.after-finish', 1],
] as const) {
  test(`killed at ${point}: the effect of finish is stored once`, async () => {
    await using db = await withEffects();
    await using worker = workerProcess(db.url, 60_000, point);
    await worker.says('started');
    await using jobs = testJobs(db);
    const id = await jobs.queue.enqueue(db, held, { act: 'finish' });
    if (point !== 'jobs.before-run') {
      await worker.says(`running ${id}`);
      worker.go();
    }
    await worker.exited;
    jobs.queue.handle(held, async (_, context) => {
      await context.finish(async (tx) => {
        await tx.query('insert into effects (job, pid) values ($1, $2)', [context.id, process.pid]);
      });
    });
    await jobs.start();
    await until(async () => (await jobs.queue.pending(db, [held.name])) === 0);
    assert.equal((await db.query('select from effects')).rowCount, effects);
  });
}

test('a worker stopped past its lease loses the job to another, and stores nothing once it goes on', async () => {
  await using db = await withEffects();
  await using worker = workerProcess(db.url);
  await worker.says('started');
  await using jobs = testJobs(db, { leaseMs: 500 });
  const id = await jobs.queue.enqueue(db, held, { act: 'transaction' });
  await worker.says(`running ${id}`);
  worker.signal('SIGSTOP');

  let runs = 0;
  const gate = Promise.withResolvers<void>();
  jobs.queue.handle(held, async (_, context) => {
    runs += 1;
    await context.transaction(async (tx) => {
      await tx.query('insert into effects (job, pid) values ($1, $2)', [context.id, process.pid]);
    });
    await gate.promise;
  });
  await jobs.start();
  await until(() => runs === 1);
  worker.signal('SIGCONT');
  worker.go();
  await worker.says(`JOB_FENCED ${id}`);
  // Its failure was not written over the run of the one that holds the job now.
  assert.equal(await jobs.queue.pending(db, [held.name]), 1);
  gate.resolve();
  await until(async () => (await jobs.queue.pending(db, [held.name])) === 0);
  assert.equal(runs, 1);
  assert.deepEqual((await db.query<Effects>('select pid from effects')).rows, [{ pid: process.pid }]);
});

test('the late completion of a worker that lost its job does not delete the job', async () => {
  await using db = await withEffects();
  await using worker = workerProcess(db.url);
  await worker.says('started');
  await using jobs = testJobs(db, { leaseMs: 500 });
  const id = await jobs.queue.enqueue(db, held, { act: 'nothing' }, { key: 'k' });
  await worker.says(`running ${id}`);
  worker.signal('SIGSTOP');

  // A worker that does not take this kind of job, but reaps.
  await jobs.start();
  await until(async () => (await db.query('select 1 from graphile_worker._private_jobs where locked_by is null')).rowCount === 1);
  await jobs.queue.enqueue(db, held, { act: 'finish' }, { key: 'k' });
  worker.signal('SIGCONT');
  worker.go();
  await worker.says(`ended ${id}`);
  // It takes a new lease, and the newer payload, and does that.
  await worker.says(new RegExp(`running ${id}[^]*running ${id}`));
  worker.go();
  await until(async () => (await jobs.queue.pending(db, [held.name])) === 0);
  assert.equal((await db.query('select from effects')).rowCount, 1);
});

test('a worker outlives the loss of every connection, and takes up its jobs again', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  const seen = new Map<string, number>();
  jobs.queue.handle(held, async (_, context) => {
    seen.set(context.id, (seen.get(context.id) ?? 0) + 1);
    if (seen.size === 1) await cutAll(db);
  });
  await jobs.start();
  const before = (await jobs.workers()).workers[0]!.id;
  await jobs.queue.enqueue(db, held, { act: 'nothing' });
  await until(() =>
    despiteCuts(async () => {
      const { workers } = await jobs.workers();
      return workers.length === 1 && workers[0]!.id !== before;
    }),
  );
  for (let i = 0; i < 5; i++) {
    await until(() => despiteCuts(async () => Boolean(await jobs.queue.enqueue(db, held, { act: 'nothing' }))));
    // The first job, run again, may cut at the same moment, and this cut with the rest.
    await despiteCuts(() => cutAll(db).then(() => true));
  }
  await until(() => despiteCuts(async () => seen.size >= 6 && (await jobs.queue.pending(db, [held.name])) === 0));
});

/** A statement on a connection that was cut is told so, and may be repeated here. */
async function despiteCuts(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (e) {
    assert.ok(isCodedError(e) && e.code === 'DATABASE_UNAVAILABLE', String(e));
    return false;
  }
}

/** Ends every other connection to this database, as a restart of Postgres does. */
async function cutAll(db: Awaited<ReturnType<typeof freshDatabase>>): Promise<void> {
  const session = await openSession(db.url, { applicationName: 'test' });
  await session.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()');
  await session.close();
}
