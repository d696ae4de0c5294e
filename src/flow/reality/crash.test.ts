import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import type { Database } from '../../kernel/database/types.ts';

const CHILD = join(import.meta.dirname, 'test-support/sweep-once.ts');

async function sweepOnce(url: string, crashAt = ''): Promise<string | number | null> {
  const child = spawn(process.execPath, [CHILD], { env: { ...process.env, TEST_URL: url, BELLWETHER_CRASH_AT: crashAt }, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? code;
}

/** Everything that is stored and handed over, without what tells one run from another. */
async function stored(db: Database): Promise<unknown> {
  const all = async (query: string) => (await db.query(query)).rows;
  return {
    signals: await all('select id, status from signals order by id'),
    retold: await all('select id, signal_id from signal_corroborations order by id'),
    bands: await all('select band_key, signal_id from signal_bands order by 1, 2'),
    sweeps: await all('select stage, source, stored, duplicate from source_sweeps where stored > 0 order by 1, 2'),
    observations: await all('select series, observed_for::text, value from observations order by 1, 2'),
    alarms: await all('select id from alarms order by id'),
    states: await all('select id, status from chokepoint_states order by id'),
    handed: await all('select what from handed order by what'),
  };
}

const POINTS = [
  'signals.fetched-before-stored',
  'signals.stored-before-commit',
  'signals.committed-before-next-source',
  'signals.stored-before-commit#2',
  'signals.stored-before-commit#3',
  'reality.fetched-before-stored',
  'reality.stored-before-commit',
  'reality.committed-before-next-source',
  'reality.assessed-before-commit',
];

test('killed anywhere in a sweep and run again, nothing is lost and nothing doubled', async (t) => {
  await using clean = await freshDatabase();
  await clean.query('create table handed (what text not null)');
  assert.equal(await sweepOnce(clean.url), 0);
  const whole = (await stored(clean)) as { handed: unknown[]; alarms: unknown[]; retold: unknown[]; sweeps: unknown[] };
  assert.deepEqual([whole.handed.length, whole.alarms.length, whole.retold.length, whole.sweeps.length], [3, 1, 1, 4]);
  for (const point of POINTS) {
    await t.test(point, async () => {
      await using db = await freshDatabase();
      await db.query('create table handed (what text not null)');
      assert.equal(await sweepOnce(db.url, point), 'SIGKILL', 'it died at the point');
      assert.equal(await sweepOnce(db.url), 0);
      assert.deepEqual(await stored(db), whole);
    });
  }
});
