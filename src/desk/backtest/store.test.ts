/** Backtests in their table: what a kill, a failure and a second try leave, and that each can be asked for again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { parseInstant } from '../../model/time.ts';
import { errors } from './errors.ts';
import type { BacktestReport } from './report.ts';
import { findBacktest, markDone, markFailed, markRunning, requestBacktest, type NewBacktest } from './store.ts';

const AT = parseInstant('2026-03-01T00:00:00Z');
const ASKED: NewBacktest = { id: `btr_${'0'.repeat(24)}`, scenario: 'quiet-2025', title: 'Quiet', from: '2025-01-01', to: '2025-01-10', requestedBy: 'user:ann', requestedAt: AT };
const REPORT = { scenario: { days: 10 } } as unknown as BacktestReport;

async function asked() {
  const db = await freshDatabase();
  const request = (working: boolean) => db.transaction((tx) => requestBacktest(tx, ASKED, working));
  assert.equal(await request(false), true);
  return {
    db,
    request,
    running: (days: number) => db.transaction((tx) => markRunning(tx, ASKED.id, days)),
    done: () => db.transaction((tx) => markDone(tx, ASKED.id, REPORT, AT)),
    failed: () => db.transaction((tx) => markFailed(tx, ASKED.id, errors.BACKTEST_FAILED({ detail: 'it broke' }), AT)),
    row: async () => (await findBacktest(db, ASKED.id))!,
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

test('while its job waits or runs it is not asked for twice; when the job died with its worker it can be', async () => {
  await using b = await asked();
  assert.equal(await b.request(true), false);
  await b.running(4);
  assert.equal(await b.request(true), false);
  assert.deepEqual([(await b.row()).status, (await b.row()).daysDone], ['running', 4]);
  assert.equal(await b.request(false), true, 'killed at its last try: nobody works on it, and nobody said that it failed');
  assert.deepEqual([(await b.row()).status, (await b.row()).daysDone], ['queued', 0]);
});

test('what failed can be asked for again, and a dead letter that is put back ends as done', async () => {
  await using b = await asked();
  await b.failed();
  assert.deepEqual((await b.row()).error, { code: 'BACKTEST_FAILED', message: 'The backtest broke off: it broke' });
  assert.equal(await b.request(true), true);
  await b.failed();
  await b.running(2);
  assert.deepEqual([(await b.row()).status, (await b.row()).error], ['running', null]);
  await b.failed();
  await b.done();
  assert.deepEqual([(await b.row()).status, (await b.row()).error, (await b.row()).daysDone], ['done', null, 10]);
  assert.equal(await b.request(false), false, 'the report that there is');
  await b.running(1);
  assert.equal((await b.row()).status, 'done', 'a late word from a walk that was given up');
});
