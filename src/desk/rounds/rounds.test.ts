import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testJobs, until } from '../../../test/support/jobs.ts';
import { sweepAlerts } from '../../flow/alerts/index.ts';
import { signalsSweep } from '../../flow/signals/index.ts';
import type { Database } from '../../kernel/database/index.ts';
import { ManualClock, MINUTE_MS, SECOND_MS } from '../../model/time.ts';
import { deskRound, enqueueFirstRound, ROUND_JOBS, scheduleRounds } from './index.ts';

const NOW = Date.parse('2026-03-01T10:00:00Z');
const { queue } = testJobs({} as Database);

const start = (db: Database, at: number): Promise<boolean> => db.transaction((tx) => enqueueFirstRound(queue, tx, at));
const sweeps = (db: Database): Promise<number> => queue.pending(db, [signalsSweep]);
/** As if every job of the rounds so far had ended. */
const endRounds = (db: Database): Promise<number> => queue.cancelPending(db, [...ROUND_JOBS, sweepAlerts.name]);

test('of ten processes that start at once, one enqueues the round', async () => {
  await using db = await freshDatabase({ max: 10 });
  const enqueued = await Promise.all(Array.from({ length: 10 }, () => start(db, NOW)));
  assert.deepEqual(enqueued.toSorted(), [...Array.from({ length: 9 }, () => false), true]);
  assert.equal(await sweeps(db), 1);
});

test('a start enqueues none for a minute after the last round, and none while a round waits', async () => {
  await using db = await freshDatabase();
  assert.equal(await start(db, NOW), true);
  await endRounds(db);
  assert.equal(await start(db, NOW + MINUTE_MS - SECOND_MS), false, 'the last round is less than a minute old');
  assert.equal(await start(db, NOW + MINUTE_MS), true);
  assert.equal(await start(db, NOW + 10 * MINUTE_MS), false, 'the last round still waits');
  await endRounds(db);
  assert.equal(await start(db, NOW + 10 * MINUTE_MS), true);
});

test('the round of the schedule counts too, also while its own job waits', async () => {
  await using db = await freshDatabase();
  await using jobs = testJobs(db, { clock: new ManualClock(NOW) });
  scheduleRounds(jobs.queue, new ManualClock(NOW));
  await jobs.queue.enqueue(db, deskRound, {});
  assert.equal(await start(db, NOW), false, 'the job of the schedule waits');
  await jobs.start();
  await until(async () => (await sweeps(db)) === 1 && (await jobs.queue.pending(db, [deskRound])) === 0);
  await endRounds(db);
  assert.equal(await start(db, NOW + 30 * SECOND_MS), false, 'the round of the schedule is less than a minute old');
  assert.equal(await start(db, NOW + MINUTE_MS), true);
});
