import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { freshDatabase } from '../../../test/support/database.ts';
import { until } from '../../../test/support/until.ts';
import { createEventBus } from '../../kernel/events/index.ts';
import { createJobs, migrateJobs, type JobDefinition } from '../../kernel/jobs/index.ts';
import { silentLogger } from '../../kernel/logging/index.ts';
import { createMetrics } from '../../kernel/metrics/index.ts';
import type { DeskEvents } from '../../model/desk-events.ts';
import { dayOf, iso, systemClock, type Millis } from '../../model/time.ts';
import { claimPurpose, createReplay, lookAt } from './index.ts';

const work: JobDefinition<{ readonly as_of: string }> = { name: 'test.work', payload: z.object({ as_of: z.string() }), serialQueue: 'test' };
const someone = { subject: 'user:test', traceId: '0'.repeat(32) };
const scenario = { name: 'three-days', title: 'Three days', description: '', from: '2026-02-27', to: '2026-03-01', events: [] };

async function desk(secondsPerDay: number) {
  const db = await freshDatabase();
  await migrateJobs(db.directUrl);
  const jobs = createJobs({ db, clock: systemClock, logger: silentLogger, metrics: createMetrics({ processDefaults: false }), pollMs: 50 });
  const told: string[] = [];
  const worked: string[] = [];
  jobs.queue.handle(work, async ({ as_of }) => void worked.push(as_of));
  const replay = createReplay({
    db,
    queue: jobs.queue,
    events: createEventBus<DeskEvents>({ url: db.directUrl, logger: silentLogger }),
    clock: systemClock,
    logger: silentLogger,
    scenario,
    defaultSecondsPerDay: secondsPerDay,
    dayJobs: [work.name],
    dayQueue: 'test',
    sweep: async (tx, asOf: Millis) => void (await jobs.queue.enqueue(tx, work, { as_of: iso(asOf) }, { serialQueue: 'test' })),
    prepare: async () => void told.push('prepare'),
    forget: async () => void told.push('forget'),
  });
  return {
    db, jobs, replay, told, worked,
    async [Symbol.asyncDispose]() {
      await jobs.stop(AbortSignal.timeout(2_000));
      await db[Symbol.asyncDispose]();
    },
  };
}

const days = (worked: readonly string[]): readonly string[] => worked.map((at) => dayOf(Date.parse(at)));

test('plays each day once, in order, and ends on the last', async () => {
  await using d = await desk(0);
  await d.jobs.start();
  await d.replay.resume();
  await until(async () => (await d.replay.current()).status === 'ended', 'the end');
  assert.deepEqual(days(d.worked), ['2026-02-27', '2026-02-28', '2026-03-01']);
  assert.equal((await d.replay.current()).simTime, lookAt('2026-03-01'));
  await assert.rejects(d.replay.command({ action: 'play' }, someone), { code: 'REPLAY_ENDED' });
});

test('a restart forgets what was played and begins with the first day', async () => {
  await using d = await desk(0);
  await d.jobs.start();
  await d.replay.resume();
  await until(async () => (await d.replay.current()).status === 'ended', 'the replay moves on');
  await d.replay.command({ action: 'restart' }, someone);
  await until(async () => d.worked.length === 6 && (await d.replay.current()).status === 'ended', 'the replay moves on');
  assert.deepEqual(d.told, ['prepare', 'forget', 'prepare']);
  assert.deepEqual(days(d.worked).slice(3), days(d.worked).slice(0, 3));
  const { rows } = await d.db.query<{ action: string; actor: string }>('select action, actor from audit_logs');
  assert.deepEqual(rows, [{ action: 'replay.restart', actor: 'user:test' }]);
});

test('a pause holds the day, also over a start; however often one starts, one step waits', async () => {
  await using d = await desk(3_600);
  await d.jobs.start();
  await d.replay.resume();
  await d.replay.resume();
  await d.replay.resume();
  assert.deepEqual(d.told, ['prepare']);
  assert.equal(await d.jobs.queue.pending(d.db, ['replay.advance']), 1);
  await d.replay.command({ action: 'pause' }, someone);
  assert.equal((await d.replay.resume()).status, 'paused');
  // Played on, the next day begins at once, though an hour was to pass.
  await d.replay.command({ action: 'play' }, someone);
  await until(async () => dayOf((await d.replay.current()).simTime) === '2026-02-28', 'the replay moves on');
});

test('a database that is kept for one purpose refuses the other, with the fix', async () => {
  await using db = await freshDatabase();
  await claimPurpose(db, 'replay');
  await claimPurpose(db, 'replay');
  await assert.rejects(claimPurpose(db, 'live'), { code: 'REPLAY_PURPOSE_MISMATCH' });
});
