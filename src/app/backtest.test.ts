/** Backtests over the API for a Postgres user who may not create a database. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { freshDatabase } from '../../test/support/database.ts';
import { testHttp } from '../../test/support/http.ts';
import { testJobs, until } from '../../test/support/jobs.ts';
import { backtestRoutes, backtestRun, handleBacktestJobs } from '../desk/backtest/index.ts';
import { openDatabase, type Database } from '../kernel/database/index.ts';
import { errorCatalogue } from '../kernel/errors/index.ts';
import { systemClock } from '../model/time.ts';
import { SCENARIOS } from '../cli/paths.ts';
import { backtestBeside, scratchName } from './backtest.ts';
import { shippedScenario } from './scenarios.ts';

const load = (name: string) => shippedScenario(name, SCENARIOS);

interface Failed {
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string };
}

/** The same database, seen by a user with every right but CREATEDB. */
async function withoutCreateDb() {
  const owner = await freshDatabase();
  const role = `desk_${randomBytes(6).toString('hex')}`;
  const { rows } = await owner.query<{ name: string }>('select current_user as name');
  await owner.query(`create role ${role} nocreatedb in role "${rows[0]!.name}"`);
  const url = new URL(owner.url);
  url.searchParams.set('options', `-c role=${role}`);
  const db = openDatabase({ url: url.toString() });
  return {
    owner,
    db,
    role,
    async [Symbol.asyncDispose]() {
      await db.close();
      await owner.query(`drop role ${role}`);
      await owner[Symbol.asyncDispose]();
    },
  };
}

async function api(db: Database) {
  const { queue } = testJobs(db);
  const http = await testHttp({
    db,
    auth: {
      byToken: async () => ({ subject: 'user:ann', role: 'operator', scopes: [] }),
      bySignature: async () => Promise.reject(new Error('unsigned')),
    },
  });
  backtestRoutes({ db, queue, clock: systemClock, load })(http.app);
  await http.start();
  const headers = { authorization: 'Bearer ann', 'content-type': 'application/json' };
  const body = JSON.stringify({ scenario: 'quiet-2025' });
  return { http, post: () => http.ask('/api/v1/backtests', { method: 'POST', headers, body }) };
}

test('without CREATEDB the request is refused with what to grant, and nothing is stored', async () => {
  await using user = await withoutCreateDb();
  const { http, post } = await api(user.db);
  await using _ = http;
  const refused = await post();
  assert.deepEqual([refused.status, refused.json['code']], [409, 'BACKTEST_NOT_POSSIBLE'], refused.text);
  assert.match(String(refused.json['fix']), new RegExp(`alter role "${user.role}" createdb`));
  assert.equal((await user.owner.query('select from backtests')).rowCount, 0);

  await user.owner.query(`alter role ${user.role} createdb`);
  assert.equal((await post()).status, 202, 'granted while the desk runs');
});

test('a job that is refused by Postgres says so in its row, at its first try', async () => {
  await using user = await withoutCreateDb();
  // Asked for while the right was there.
  const { http, post } = await api(user.owner);
  await using _ = http;
  const { id } = (await post()).json as { id: string };

  await using jobs = testJobs(user.db);
  handleBacktestJobs(jobs.queue, {
    clock: systemClock,
    load,
    run: (run, scenario, walk) =>
      backtestBeside(user.db, scratchName(user.db, run), scenario, { migrations: 'none', ...walk }),
  });
  await jobs.start();
  await until(async () => (await jobs.deadLetters.count()) === 1);
  const { rows } = await user.owner.query<Failed>('select status, error from backtests where id = $1', [id]);
  assert.deepEqual([rows[0]!.status, rows[0]!.error.code], ['failed', 'BACKTEST_NOT_POSSIBLE']);
  assert.match(rows[0]!.error.message, /createdb/);
  const [letter] = await jobs.deadLetters.list({ task: backtestRun.name });
  assert.match(letter!.error!, /may not create one/);
});

test('a defect in the walk is told by a code of the catalogue, without its words', async () => {
  await using db = await freshDatabase();
  const { http, post } = await api(db);
  await using _ = http;
  const { id } = (await post()).json as { id: string };
  await db.query('update graphile_worker._private_jobs set max_attempts = 1');
  await using jobs = testJobs(db);
  handleBacktestJobs(jobs.queue, { clock: systemClock, load, run: () => Promise.reject(new Error('the inside')) });
  await jobs.start();
  const failed = async () =>
    (await db.query<Failed>('select status, error from backtests where id = $1', [id])).rows[0]!;
  await until(async () => (await failed()).status === 'failed');
  const { code, message } = (await failed()).error;
  assert.ok(
    errorCatalogue().some(([known]) => known === code),
    code,
  );
  assert.doesNotMatch(message, /the inside/);
});
