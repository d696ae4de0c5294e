import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSession, startEmbedded } from '../kernel/database/index.ts';
import { isCodedError } from '../kernel/errors/index.ts';
import { EVENTS_SESSION } from '../kernel/events/index.ts';
import { openBeside } from './store.ts';

const code = (wanted: string) => (e: unknown) => isCodedError(e) && e.code === wanted;

test('a command finds the database of the desk that runs, and leaves its Postgres running', async () => {
  const home = mkdtempSync(join(tmpdir(), 'bw-beside-'));
  assert.equal(await openBeside(home), null, 'nobody owns the folder');
  const postgres = await startEmbedded(join(home, 'postgres'), { durable: false });
  try {
    await assert.rejects(openBeside(home), code('UNAVAILABLE'), 'the desk is still starting');
    const admin = await openSession(postgres.url, { applicationName: 'test' });
    await admin.query('create database bellwether_replay');
    await admin.close();
    for (const [mode, name] of [
      ['replay', 'bellwether_replay'],
      ['live', 'bellwether'],
    ] as const) {
      const desk = await openSession(postgres.url.replace('/bellwether?', `/${name}?`), {
        applicationName: EVENTS_SESSION,
      });
      const beside = await openBeside(home);
      assert.equal(beside?.mode, mode);
      assert.deepEqual((await beside.db.query('select current_database() as name')).rows, [{ name }]);
      await beside.db.close();
      assert.equal((await desk.query('select 1')).rowCount, 1);
      await desk.close();
    }
  } finally {
    await postgres.stop();
  }
  assert.equal(await openBeside(home), null, 'an orderly stop forgets the owner');
  writeFileSync(join(home, 'postgres/owner.json'), '{"pid":1');
  assert.equal(await openBeside(home), null, 'a file that was cut short names nobody');
  rmSync(home, { recursive: true, force: true });
});
