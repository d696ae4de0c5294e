import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { until } from '../../../test/support/jobs.ts';
import { isCodedError } from '../errors/index.ts';
import { openDatabase } from './database.ts';
import { runningEmbeddedUrl } from './embedded-beside.ts';
import { startEmbedded } from './embedded.ts';
import { isAlive } from './processes.ts';

const SCRIPT = join(import.meta.dirname, '../../../test/support/embedded-owner.ts');
const code = (wanted: string) => (e: unknown) => isCodedError(e) && e.code === wanted;

/** A folder of its own; whatever server still runs on it at the end is killed. */
function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'bw-embedded-'));
  return {
    folder,
    data: join(folder, 'data'),
    [Symbol.dispose]() {
      try {
        process.kill(Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
      } catch {
        // None runs.
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Said {
  readonly pid: number;
  readonly url: string;
  readonly adopted: boolean;
  readonly error?: string;
  readonly fix?: string;
}

async function ownerProcess(folder: string, then = 'stay'): Promise<{ said: Said; pid: number; kill(): Promise<void>; exited: Promise<unknown> }> {
  const child = spawn(process.execPath, [SCRIPT, folder, then], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    said: JSON.parse(line) as Said,
    pid: child.pid!,
    exited,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

test('after kill -9 of its owner the server is adopted with its data; its socket is private, its log a file', async () => {
  using at = scratch();
  const first = await ownerProcess(at.folder);
  const db = openDatabase({ url: first.said.url });
  await db.query('create table kept as select 1 as n');
  await db.close();
  await first.kill();

  const second = await startEmbedded(at.folder, { durable: false });
  assert.equal(second.adopted, true);
  assert.equal(second.pid, first.said.pid);
  const again = openDatabase({ url: second.url });
  assert.deepEqual((await again.query('select n from kept')).rows, [{ n: 1 }]);
  assert.deepEqual((await again.query(`select current_setting('fsync') as f`)).rows, [{ f: 'off' }]);
  await again.close();
  const sockets = new URL(second.url).searchParams.get('host')!;
  assert.equal(statSync(sockets).mode & 0o777, 0o700);
  assert.match(readFileSync(join(at.folder, 'postgres.log'), 'utf8'), /ready to accept connections/);
  await second.stop();
  assert.equal(isAlive(first.said.pid), false);
  assert.equal(existsSync(sockets), false);
});

test('durability is Postgres’ own by default', async () => {
  using at = scratch();
  const postgres = await startEmbedded(at.folder);
  const db = openDatabase({ url: postgres.url });
  const { rows } = await db.query(`select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses') order by name`);
  assert.deepEqual(rows.map((r) => r['setting']), ['on', 'on', '', 'on']);
  await db.close();
  await postgres.stop();
});

test('a second owner is refused and told whom to stop, also while the server hangs', async () => {
  using at = scratch();
  const first = await ownerProcess(at.folder);
  const refused = (e: unknown) => isCodedError(e) && e.code === 'DATABASE_FOLDER_IN_USE' && e.occurrence.fix!.includes(`kill ${first.pid}`);
  await assert.rejects(startEmbedded(at.folder), refused);
  process.kill(first.said.pid, 'SIGSTOP');
  await assert.rejects(startEmbedded(at.folder), refused);
  process.kill(first.said.pid, 'SIGCONT');
  // Without the file that names the owner the lock alone refuses, and names it too.
  rmSync(join(at.folder, 'owner.json'));
  await assert.rejects(startEmbedded(at.folder), refused);
  assert.equal(isAlive(first.said.pid), true);
  await first.kill();
});

test('beside an owner its server is found by its socket; files of the owner are not touched', async () => {
  using at = scratch();
  assert.equal(runningEmbeddedUrl(at.folder), null);
  const first = await ownerProcess(at.folder);
  assert.equal(runningEmbeddedUrl(at.folder), first.said.url);
  const db = openDatabase({ url: first.said.url, max: 1 });
  assert.equal((await db.query('select 1')).rowCount, 1);
  await db.close();
  // As while the owner starts a server that has died: the file is the owner's to remove.
  const file = join(at.data, 'postmaster.pid');
  const kept = readFileSync(file, 'utf8');
  writeFileSync(file, kept.replace(/^\d+/, '999999999'));
  assert.throws(() => runningEmbeddedUrl(at.folder), code('DATABASE_UNAVAILABLE'));
  assert.equal(existsSync(file), true);
  writeFileSync(file, kept);
  await first.kill();
  assert.equal(runningEmbeddedUrl(at.folder), null, 'an orphan is for the next start to adopt');
  assert.equal(isAlive(first.said.pid), true);
});

test('of two that start at once on a new folder one is the owner', async () => {
  using at = scratch();
  const both = await Promise.all([ownerProcess(at.folder), ownerProcess(at.folder)]);
  assert.deepEqual(both.map(({ said }) => said.error ?? 'owner').sort(), ['DATABASE_FOLDER_IN_USE', 'owner']);
  for (const { kill } of both) await kill();
});

test('an orphan that does not answer is stopped and replaced', async () => {
  using at = scratch();
  const first = await ownerProcess(at.folder);
  process.kill(first.said.pid, 'SIGSTOP');
  await first.kill();
  const second = await startEmbedded(at.folder, { durable: false });
  assert.equal(second.adopted, false);
  assert.equal(isAlive(first.said.pid), false);
  await second.stop();
});

test('an interrupted set-up, and the pid file of another machine’s life, are recovered from', async () => {
  using at = scratch();
  mkdirSync(join(at.folder, 'data.new-999999/base'), { recursive: true });
  mkdirSync(join(at.data, 'base'), { recursive: true });
  const first = await startEmbedded(at.folder, { durable: false });
  await first.stop();
  assert.deepEqual(readdirSync(at.folder).filter((name) => name.startsWith('data.new')), []);
  // This test's own pid is no server's.
  writeFileSync(join(at.data, 'postmaster.pid'), `${process.pid}\n${at.data}\n1\n5432\n/tmp/none\n\n`);
  const second = await startEmbedded(at.folder, { durable: false });
  assert.equal(second.adopted, false);
  await second.stop();
});

test('a folder of another major version is refused', async () => {
  using at = scratch();
  mkdirSync(at.data, { recursive: true });
  writeFileSync(join(at.data, 'PG_VERSION'), '13\n');
  await assert.rejects(startEmbedded(at.folder), (e) => code('DATABASE_VERSION_MISMATCH')(e) && /Postgres 13/.test((e as Error).message));
});

test('a server that dies is started again on the same socket, and the pool goes on', async () => {
  using at = scratch();
  const postgres = await startEmbedded(at.folder);
  const lost: number[] = [];
  postgres.onExit(({ pid }) => lost.push(pid));
  const db = openDatabase({ url: postgres.url, acquireTimeoutMs: 500 });
  await db.query('create table t as select 1 as n');
  const before = postgres.pid;
  process.kill(before, 'SIGKILL');
  await until(async () => {
    try {
      return (await db.query('select n from t')).rowCount === 1 && postgres.pid !== before;
    } catch (e) {
      assert.ok(code('DATABASE_UNAVAILABLE')(e), String(e));
      return false;
    }
  });
  assert.deepEqual(lost, [before]);
  await postgres.restart();
  assert.equal((await db.query('select n from t')).rowCount, 1);
  await db.close();
  await postgres.stop();
});

test('the server alone does not keep its owner’s process running', async () => {
  using at = scratch();
  const owner = await ownerProcess(at.folder, '');
  await owner.exited;
  assert.equal(isAlive(owner.said.pid), true);
});

test('a stop is waited for though nothing else keeps the process running', async () => {
  using at = scratch();
  const owner = await ownerProcess(at.folder, 'stop');
  assert.deepEqual(await owner.exited, [0, null]);
  assert.equal(isAlive(owner.said.pid), false);
});
