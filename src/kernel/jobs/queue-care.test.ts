import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { freshDatabase } from '../../../test/support/database.ts';
import { testJobs, until } from '../../../test/support/jobs.ts';
import { testMetrics } from '../../../test/support/test-metrics.ts';
import { ManualClock, MINUTE_MS } from '../../model/time.ts';
import { isCodedError } from '../errors/index.ts';
import { nextRun } from './cron.ts';
import { errors } from './errors.ts';
import type { JobDefinition } from './types.ts';

const once: JobDefinition<{ n: number }> = { name: 'test.once', payload: z.strictObject({ n: z.number() }), maxAttempts: 1 };
const often: JobDefinition<{ n: number }> = { name: 'test.often', payload: z.strictObject({ n: z.number() }) };
const every: JobDefinition<Record<string, never>> = { name: 'test.every', payload: z.strictObject({}) };
const code = (wanted: string) => (e: unknown) => isCodedError(e) && e.code === wanted;

test('a job that has used its tries is a dead letter with its reason, and runs again when sent again', async () => {
  await using db = await freshDatabase();
  const metrics = testMetrics();
  await using jobs = testJobs(db, { metrics });
  let broken = true;
  const seen: number[] = [];
  jobs.queue.handle(once, async ({ n }) => {
    if (broken) throw new Error(`no luck with ${n}`);
    seen.push(n);
  });
  await jobs.start();
  const id = await jobs.queue.enqueue(db, once, { n: 1 });
  await jobs.queue.enqueue(db, once, { n: 2 });
  await until(async () => (await jobs.deadLetters.count()) === 2);
  const letters = await jobs.deadLetters.list({ task: once.name });
  assert.deepEqual(letters.map((l) => [l.task, l.attempts, l.error, l.payload]).sort(), [
    ['test.once', 1, 'no luck with 1', { n: 1 }],
    ['test.once', 1, 'no luck with 2', { n: 2 }],
  ]);
  assert.equal(await metrics.value('job_runs_total', { task: once.name, outcome: 'dead' }), 2);
  broken = false;
  await jobs.deadLetters.requeue(id);
  await until(() => seen.length === 1);
  assert.equal(await jobs.deadLetters.requeueAll(once.name), 1);
  await until(() => seen.length === 2);
  assert.deepEqual(seen, [1, 2]);
  assert.equal(await jobs.deadLetters.count(), 0);
  await assert.rejects(jobs.deadLetters.requeue(id), code('DEAD_LETTER_UNKNOWN'));
  await assert.rejects(jobs.deadLetters.requeue("1'; drop"), code('DEAD_LETTER_UNKNOWN'));
});

test('a failed try is repeated later, with its number, and counted', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  const attempts: number[] = [];
  jobs.queue.handle(often, async (_, context) => {
    attempts.push(context.attempt);
    if (context.attempt === 1) throw new Error('not yet');
  });
  await jobs.start();
  const id = await jobs.queue.enqueue(db, often, { n: 1 });
  await until(async () => (await db.query('select from graphile_worker._private_jobs where attempts = 1 and locked_by is null and run_at > now() + interval \'1 second\'')).rowCount === 1);
  // The backoff of the first failure is 2.7 s: the test does not wait for it.
  await db.query('update graphile_worker._private_jobs set run_at = now() where id = $1', [id]);
  await until(async () => (await jobs.queue.pending(db, [often.name])) === 0);
  assert.deepEqual(attempts, [1, 2]);
});

test('a stored payload that the handler does not take, or a hopeless job, is dead at once', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  let runs = 0;
  jobs.queue.handle(often, async () => {
    runs += 1;
    throw errors.JOB_HOPELESS({ detail: 'the shipment was deleted' });
  });
  await jobs.start();
  await db.query(`select graphile_worker.add_job($1, '{"p": {"n": "one"}}', max_attempts => 8)`, [often.name]);
  await until(async () => (await jobs.deadLetters.count()) === 1);
  assert.match((await jobs.deadLetters.list())[0]!.error!, /payload\.n/);
  assert.equal(runs, 0);
  await jobs.queue.enqueue(db, often, { n: 1 });
  await until(async () => (await jobs.deadLetters.count()) === 2);
  assert.equal(runs, 1);
});

test('a running job overtaken by a newer one of its key is no dead letter when it fails', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  const gate = Promise.withResolvers<void>();
  const seen: number[] = [];
  jobs.queue.handle(often, async ({ n }) => {
    seen.push(n);
    if (n === 1) await gate.promise.then(() => Promise.reject(new Error('too late')));
  });
  await jobs.start();
  await jobs.queue.enqueue(db, often, { n: 1 }, { key: 'k' });
  await until(() => seen.length === 1);
  await jobs.queue.enqueue(db, often, { n: 2 }, { key: 'k' });
  await until(() => seen.length === 2);
  gate.resolve();
  await until(async () => (await jobs.queue.pending(db, [often.name])) === 0);
  assert.equal(await jobs.deadLetters.count(), 0);
  assert.deepEqual(seen, [1, 2]);
});

test('a stop waits for what runs; at its deadline it gives the job back without counting the try', async () => {
  await using db = await freshDatabase();
  const jobs = testJobs(db);
  let aborted = false;
  let started = 0;
  jobs.queue.handle(often, async ({ n }, context) => {
    started += 1;
    if (n === 1) return;
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
    aborted = true;
    await assert.rejects(context.transaction(async () => undefined), code('JOB_FENCED'));
  });
  await jobs.start();
  await jobs.queue.enqueue(db, often, { n: 2 });
  await until(() => started === 1);
  await jobs.stop(AbortSignal.timeout(50));
  await until(() => aborted);
  const { rows } = await db.query('select attempts, locked_by from graphile_worker._private_jobs');
  assert.deepEqual(rows, [{ attempts: 0, locked_by: null }]);
  assert.equal((await jobs.workers()).workers.length, 0);
});

test('workers() tells who works, what waits and for how long', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  const gate = Promise.withResolvers<void>();
  jobs.queue.handle(often, () => gate.promise);
  await jobs.start();
  await jobs.queue.enqueue(db, often, { n: 1 });
  await jobs.queue.enqueue(db, once, { n: 1 });
  await until(async () => (await jobs.workers()).workers[0]?.running === 1);
  const state = await jobs.workers();
  assert.equal(state.workers.length, 1);
  assert.equal(state.workers[0]!.pid, process.pid);
  assert.equal(state.workers[0]!.this_process, true);
  assert.deepEqual(state.queue.map((q) => [q.task, q.waiting, q.running, q.dead]), [
    ['test.often', 0, 1, 0],
    ['test.once', 1, 0, 0],
  ]);
  assert.ok(state.oldest_job_age_seconds > 0);
  gate.resolve();
});

test('a schedule runs once a slot over all workers, and missed slots become one', async () => {
  await using db = await freshDatabase();
  const clock = new ManualClock('2026-03-01T10:00:30Z');
  await using one = testJobs(db, { clock });
  await using two = testJobs(db, { clock });
  let runs = 0;
  for (const jobs of [one, two]) {
    jobs.queue.handle(every, async () => void runs++);
    jobs.queue.schedule('*/5 * * * *', every);
    await jobs.start();
  }
  assert.equal((await one.scheduled())[0]!.next_run_at, '2026-03-01T10:05:00.000Z');
  clock.set('2026-03-01T10:05:01Z');
  await until(async () => runs === 1 && (await one.scheduled())[0]!.last_outcome === 'succeeded');
  clock.advance(62 * MINUTE_MS);
  await until(async () => runs === 2 && (await one.scheduled())[0]!.last_started_at === '2026-03-01T11:07:01.000Z');
  // The end of a job is written in batches, a moment after it ran.
  await until(async () => (await db.query(`select from graphile_worker._private_jobs`)).rows.length === 0);
  const [schedule] = await two.scheduled();
  assert.equal(schedule!.last_slot_at, '2026-03-01T10:10:00.000Z');
  assert.equal(schedule!.next_run_at, '2026-03-01T11:10:00.000Z');
});

test('cron times are in UTC, and those that cannot be read or never come are refused', () => {
  const at = Date.UTC(2026, 1, 27, 23, 59, 30);
  const next = (cron: string) => new Date(nextRun(cron, at)).toISOString();
  assert.equal(next('* * * * *'), '2026-02-28T00:00:00.000Z');
  assert.equal(next('30 6 * * 1'), '2026-03-02T06:30:00.000Z');
  assert.equal(next('0 0 29 2 *'), '2028-02-29T00:00:00.000Z');
  assert.equal(next('15,45 8-10 1 * *'), '2026-03-01T08:15:00.000Z');
  for (const cron of ['* * * *', '61 * * * *', 'daily', '0 0 30 2 *']) assert.throws(() => nextRun(cron, at), code('JOB_SCHEDULE_INVALID'), cron);
});
