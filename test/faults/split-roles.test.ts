/** Roles in processes of their own on one external Postgres: one first round, one admin token, a start that waits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from '../../src/kernel/database/index.ts';
import { deskHome, startDesk, until, type DeskProcess } from '../support/desk.ts';
import { ownPostgres, type OwnPostgres } from '../support/own-postgres.ts';

const NOWHERE = 'http://127.0.0.1:9';
/** A live desk that reaches nobody. */
const VENUES = {
  POLYMARKET_GAMMA_URL: NOWHERE,
  POLYMARKET_CLOB_URL: NOWHERE,
  POLYMARKET_WS_URL: 'ws://127.0.0.1:9',
  GDELT_URL: NOWHERE,
  PORTWATCH_URL: NOWHERE,
  SCFI_URL: NOWHERE,
};

const start = (home: string, postgres: OwnPostgres, role: string): Promise<DeskProcess> =>
  startDesk({ home, args: ['--live', '--role', role], env: { ...VENUES, DATABASE_URL: postgres.url }, wait: false });

const says = (desk: DeskProcess, text: string, limitMs = 60_000): Promise<void> =>
  until(async () => desk.output().includes(text), { ended: desk.ended, output: desk.output, what: text, limitMs });
const READY = '"event":"ready"';
const count = (text: string, part: string): number => text.split(part).length - 1;

test(
  'three workers and two APIs start at once: one round, and one admin token that no worker shows',
  { timeout: 180_000 },
  async () => {
    using folder = deskHome();
    await using postgres = await ownPostgres();
    const desks = await Promise.all(
      ['worker', 'api', 'worker', 'api', 'worker'].map((role) => start(folder.home, postgres, role)),
    );
    try {
      for (const desk of desks) await says(desk, READY);
      const db = openDatabase({ url: postgres.url, max: 1 });
      const rounds = async (): Promise<readonly unknown[]> =>
      (await db.query(`select distinct as_of from source_sweeps where cause = 'start'`)).rows;
    const waiting = `select from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'signals.sweep'`;
    const ended = async (): Promise<boolean> => (await rounds()).length > 0 && (await db.query(waiting)).rowCount === 0;
    await until(ended, { what: 'the end of every sweep of signals', limitMs: 90_000 });
    assert.equal((await rounds()).length, 1, 'one round, whoever started it');
      await db.close();

      const tokens = desks.map(({ output }) => /^\s*bw_[A-Za-z0-9_-]{20,}$/m.test(output()));
      assert.deepEqual(tokens.filter(Boolean), [true], 'one token, on a line of its own');
      for (const worker of [0, 2, 4]) assert.doesNotMatch(desks[worker]!.output(), /bw_[A-Za-z0-9_-]{20,}/);
      const first = desks.find(({ token }) => token !== null)!;
      assert.ok(first.output().indexOf(first.token!) < first.output().indexOf(READY), 'before the end of the start');
    } finally {
      for (const desk of desks) await desk.kill();
    }
  },
);

for (const role of ['worker', 'api'] as const) {
  test(
    `the role ${role}, started while Postgres is away, waits for it and says so once`,
    { timeout: 120_000 },
    async () => {
      using folder = deskHome();
      await using postgres = await ownPostgres();
      await postgres.stop();
      await using desk = await start(folder.home, postgres, role);
      await says(desk, 'database_waiting');
      await postgres.start();
      await says(desk, READY);
      assert.equal(count(desk.output(), 'database_waiting'), 1);
    },
  );
}

test('a stop ends the wait for Postgres, without an error', { timeout: 60_000 }, async () => {
  using folder = deskHome();
  await using postgres = await ownPostgres();
  await postgres.stop();
  await using desk = await start(folder.home, postgres, 'worker');
  await says(desk, 'database_waiting');
  assert.equal(await desk.kill('SIGTERM'), 0);
  assert.doesNotMatch(desk.output(), /\[DATABASE_UNAVAILABLE\]/);
});
