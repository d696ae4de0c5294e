import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { freshDatabase } from '../../../test/support/database.ts';
import { testJobs, until } from '../../../test/support/jobs.ts';
import { isCodedError } from '../errors/index.ts';
import type { JobDefinition } from './types.ts';

const add: JobDefinition<{ n: number }> = { name: 'test.add', payload: z.strictObject({ n: z.number() }) };
const inOrder: JobDefinition<{ n: number }> = { name: 'test.in-order', payload: z.strictObject({ n: z.number() }), serialQueue: 'orders' };
const code = (wanted: string) => (e: unknown) => isCodedError(e) && e.code === wanted;

test('a job enqueued in a transaction runs after its commit, and never when it is rolled back', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  const seen: number[] = [];
  jobs.queue.handle(add, async ({ n }) => void seen.push(n));
  await jobs.start();
  await assert.rejects(
    db.transaction(async (tx) => {
      await jobs.queue.enqueue(tx, add, { n: 1 });
      throw new Error('stop');
    }),
    /stop/,
  );
  await db.transaction(async (tx) => {
    await jobs.queue.enqueue(tx, add, { n: 2 });
    assert.equal(await jobs.queue.pending(tx, [add.name]), 1);
    assert.equal(await jobs.queue.pending(db, [add.name]), 0);
  });
  await until(async () => (await jobs.queue.pending(db, [add.name])) === 0 && seen.length > 0);
  assert.deepEqual(seen, [2]);
});

test('effects stored by finish happen once, together with the end of the job', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  await db.query('create table effects (n int)');
  let runs = 0;
  jobs.queue.handle(add, async ({ n }, context) => {
    runs += 1;
    await context.finish(async (tx) => {
      await tx.query('insert into effects values ($1)', [n]);
    });
    throw new Error('after the end');
  });
  await jobs.start();
  await jobs.queue.enqueue(db, add, { n: 7 });
  await until(async () => runs > 0 && (await jobs.queue.pending(db, [add.name])) === 0);
  const { rows } = await db.query('select n from effects');
  assert.deepEqual(rows, [{ n: 7 }]);
  assert.equal(await jobs.deadLetters.count(), 0);
});

test('a serial queue runs one at a time, in order, even those of one transaction', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db, { serialConcurrency: 4 });
  const seen: number[] = [];
  let atOnce = 0;
  let most = 0;
  jobs.queue.handle(inOrder, async ({ n }) => {
    most = Math.max(most, ++atOnce);
    await db.query('select pg_sleep(0.002)');
    seen.push(n);
    atOnce -= 1;
  });
  await db.transaction(async (tx) => {
    for (let n = 0; n < 20; n++) await jobs.queue.enqueue(tx, inOrder, { n });
  });
  await jobs.queue.enqueueMany(db, inOrder, Array.from({ length: 20 }, (_, i) => ({ n: 20 + i })));
  await jobs.start();
  await until(() => seen.length === 40);
  assert.equal(most, 1);
  assert.deepEqual(seen, Array.from({ length: 40 }, (_, i) => i));
});

test('a kind that declares no serial queue is not given one', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  await assert.rejects(jobs.queue.enqueue(db, add, { n: 1 }, { serialQueue: 'x' }), code('JOB_SERIAL_UNDECLARED'));
});

test('a payload of the wrong shape, or one that JSON cannot carry, is refused and stores nothing', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  const loose: JobDefinition<Record<string, unknown>> = { name: 'test.loose', payload: z.record(z.string(), z.unknown()) };
  await assert.rejects(jobs.queue.enqueue(db, add, { n: 'x' } as unknown as { n: number }), code('VALIDATION_FAILED'));
  for (const value of [1n, new Date(0), Number.NaN, new Map()]) {
    await assert.rejects(jobs.queue.enqueue(db, loose, { deep: [{ value }] }), (e) => isCodedError(e) && e.occurrence.field === 'payload.deep[0].value');
  }
  await assert.rejects(jobs.queue.enqueueMany(db, add, [{ n: 1 }, { n: 'x' } as unknown as { n: number }]), code('VALIDATION_FAILED'));
  assert.equal(await jobs.queue.pending(db, [add, loose]), 0);
});

test('a key: replaced while it waits, kept when asked to, and a new one beside a running one', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db);
  const seen: number[] = [];
  const gate = Promise.withResolvers<void>();
  jobs.queue.handle(add, async ({ n }) => {
    seen.push(n);
    if (n === 3) await gate.promise;
  });
  const first = await jobs.queue.enqueue(db, add, { n: 1 }, { key: 'k' });
  assert.equal(await jobs.queue.enqueue(db, add, { n: 2 }, { key: 'k', mode: 'keep' }), first);
  assert.equal(await jobs.queue.enqueue(db, add, { n: 3 }, { key: 'k' }), first);
  await jobs.start();
  await until(() => seen.length === 1);
  const second = await jobs.queue.enqueue(db, add, { n: 4 }, { key: 'k', mode: 'keep' });
  assert.notEqual(second, first);
  gate.resolve();
  await until(() => seen.length === 2);
  assert.deepEqual(seen, [3, 4]);
});

test('a job carries the trace of who enqueued it', async () => {
  await using db = await freshDatabase();
  const runs: unknown[] = [];
  await using jobs = testJobs(db, {
    traceContext: {
      current: () => '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01',
      run: (traceparent, name, _attributes, fn) => {
        runs.push([traceparent, name]);
        return fn();
      },
    },
  });
  jobs.queue.handle(add, async () => undefined);
  await jobs.start();
  await jobs.queue.enqueue(db, add, { n: 1 });
  await until(() => runs.length === 1);
  assert.deepEqual(runs, [['00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01', 'job test.add']]);
});
