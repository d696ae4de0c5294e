import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { DAY_MS, HOUR_MS, ManualClock } from '../../model/time.ts';
import { migrateDown, migrateUp, readMigrations, type Migration } from '../database/index.ts';
import { common } from '../errors/index.ts';
import { silentLogger } from '../logging/types.ts';
import { createSweeper, forgetSweeps, purgeSweeps, sourceStates, tally, type SweptSource } from './index.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const source = (name: string, fetch: SweptSource<number>['fetch']): SweptSource<number> => ({ name, kind: 'twin', fetch });
const counting = async (_tx: unknown, _source: unknown, items: readonly number[]) => ({ new: items.length, duplicate: 0, rejected: [] });

test('every source is asked at once, stored in order, and reported; the one that fails or hangs stops no other', async () => {
  await using db = await freshDatabase();
  const sweep = createSweeper({ stage: 'test', db, clock: new ManualClock(NOW), logger: silentLogger, fetchTimeoutMs: 100 });
  const stored: string[] = [];
  let begun = 0;
  const sources = [
    source('slow', async (_asOf, signal) => (begun++, new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))))),
    source('deaf', () => (begun++, new Promise(() => undefined))),
    source('coded', async () => (begun++, Promise.reject(common.UNAVAILABLE()))),
    source('rude', () => { begun++; throw new TypeError('at once'); }),
    source('good', async () => (begun++, [1, 2])),
  ];
  const reports = await sweep({ asOf: NOW, cause: 'test', sources, store: async (tx, from, items) => { stored.push(from.name); return counting(tx, from, items); } });
  assert.equal(begun, 5);
  assert.deepEqual(stored, sources.map((s) => s.name));
  assert.deepEqual(reports.map((r) => [r.source, r.fetched, r.failed]), [['slow', 0, 'SOURCE_TIMEOUT'], ['deaf', 0, 'SOURCE_TIMEOUT'], ['coded', 0, 'UNAVAILABLE'], ['rude', 0, 'SOURCE_FAILED'], ['good', 2, null]]);
});

test('a stop is no failure of a source: the sweep ends, and nothing is recorded', async () => {
  await using db = await freshDatabase();
  const sweep = createSweeper({ stage: 'test', db, clock: new ManualClock(NOW), logger: silentLogger });
  const stop = new AbortController();
  const sources = [source('deaf', () => (stop.abort(new Error('the desk stops')), new Promise(() => undefined)))];
  await assert.rejects(sweep({ asOf: NOW, cause: 'test', sources, store: counting, signal: stop.signal }), /the desk stops/);
  assert.deepEqual(await sourceStates(db), []);
});

test('what is stored and what is recorded are one transaction', async () => {
  await using db = await freshDatabase();
  await db.query('create table kept (n integer)');
  const sweep = createSweeper({ stage: 'test', db, clock: new ManualClock(NOW), logger: silentLogger });
  const sources = [source('first', async () => [1]), source('second', async () => [2])];
  const store = async (tx: Parameters<Parameters<typeof sweep<number>>[0]['store']>[0], from: SweptSource<number>, items: readonly number[]) => {
    await tx.query('insert into kept select unnest($1::int[])', [items]);
    if (from.name === 'second') throw new Error('disk is full');
    return counting(tx, from, items);
  };
  await assert.rejects(sweep({ asOf: NOW, cause: 'test', sources, store }), /disk is full/);
  assert.deepEqual((await db.query('select n from kept')).rows, [{ n: 1 }]);
  assert.deepEqual((await sourceStates(db)).map((s) => s.source), ['first']);
});

test('states: the newest sweep decides on health, by stage, and a stage forgets its own alone', async () => {
  await using db = await freshDatabase();
  const clock = new ManualClock(NOW);
  let broken = false;
  const flaky = source('same-name', async () => (broken ? Promise.reject(common.UNAVAILABLE()) : [1]));
  const run = (stage: string) => createSweeper({ stage, db, clock, logger: silentLogger })({ asOf: NOW, cause: 'test', sources: [flaky], store: counting });
  await run('a');
  clock.advance(HOUR_MS);
  broken = true;
  await run('a');
  broken = false;
  await run('b');
  assert.deepEqual(await sourceStates(db), [
    { stage: 'a', source: 'same-name', lastSuccessAt: NOW, lastFailure: { at: NOW + HOUR_MS, code: 'UNAVAILABLE' }, healthy: false },
    { stage: 'b', source: 'same-name', lastSuccessAt: NOW + HOUR_MS, lastFailure: null, healthy: true },
  ]);
  await db.transaction((tx) => forgetSweeps(tx, 'a'));
  assert.deepEqual((await sourceStates(db)).map((s) => s.stage), ['b']);
});

test('old sweeps are removed, and how each source stands is still told', async () => {
  await using db = await freshDatabase();
  const clock = new ManualClock(NOW);
  let broken = false;
  const sources = [source('flaky', async () => (broken ? Promise.reject(common.UNAVAILABLE()) : [1])), source('sound', async () => [1])];
  const sweep = createSweeper({ stage: 'test', db, clock, logger: silentLogger });
  for (broken of [false, true, false, true]) {
    await sweep({ asOf: clock.now(), cause: 'test', sources, store: counting });
    clock.advance(HOUR_MS);
  }
  const before = await sourceStates(db);
  const purge = (now: number) => db.transaction((tx) => purgeSweeps(tx, now));
  assert.equal(await purge(NOW + 90 * DAY_MS), 0, 'of ninety days nothing');
  assert.equal(await purge(NOW + 90 * DAY_MS + 1), 2, 'the first of each, an hour later than the next');
  assert.equal(await purge(NOW + 1_000 * DAY_MS), 3);
  assert.equal(await purge(NOW + 1_000 * DAY_MS), 0);
  assert.deepEqual(await sourceStates(db), before);
});

test('tallies are by rule, in order of the rules', () => {
  assert.deepEqual(tally(['b', null, 'a', 'b']), [{ rule: 'a', count: 1 }, { rule: 'b', count: 2 }]);
});

test('the sweeps of both stages are carried over, down and up again', async () => {
  await using db = await freshDatabase();
  const migrations = readMigrations(join(import.meta.dirname, '../../../migrations'));
  for (const stage of ['signals', 'reality']) {
    await createSweeper({ stage, db, clock: new ManualClock(NOW), logger: silentLogger })({ asOf: NOW, cause: 'test', sources: [source(`${stage}-one`, async () => [1, 2, 3])], store: counting });
  }
  const before = await sourceStates(db);
  let undone: Migration | null;
  do undone = await migrateDown(db, migrations);
  while (undone && undone.name !== 'source_sweeps');
  assert.deepEqual((await db.query('select source, stored from signal_sweeps union all select source, stored from reality_sweeps')).rows, [{ source: 'signals-one', stored: 3 }, { source: 'reality-one', stored: 3 }]);
  await migrateUp(db, migrations);
  assert.deepEqual(await sourceStates(db), before);
});
