/** A Postgres of one test's own that is no child of the desk: stopped and started again on the same address, as a machine of its own would be. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf, makeDataFolder, nativeFolder, prepareFolder, runningPostmaster, spawnServer } from '../../src/kernel/database/embedded-server.ts';
import { waitForEnd } from '../../src/kernel/database/processes.ts';
import { openSession } from '../../src/kernel/database/session.ts';
import { until } from './until.ts';

export interface OwnPostgres extends AsyncDisposable {
  readonly url: string;
  /** Immediate shutdown: every connection is cut, nothing listens any more, and the next start recovers from the log. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function ownPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'bw-own-'));
  const sockets = mkdtempSync(join(tmpdir(), 'bw-s-'));
  const layout = layoutOf(folder);
  const native = nativeFolder();
  prepareFolder(layout);
  await makeDataFolder(native, layout, true);
  const dsn = (database: string): string => `postgres://bellwether@localhost/${database}?host=${encodeURIComponent(sockets)}`;

  const start = async (): Promise<void> => {
    spawnServer(native, layout, sockets, true);
    const answers = async (): Promise<boolean> => {
      try {
        await (await openSession(dsn('postgres'), { applicationName: 'test' })).close();
        return true;
      } catch {
        return false;
      }
    };
    await until(answers, 'Postgres answers', 30_000);
  };
  const stop = async (): Promise<void> => {
    const running = runningPostmaster(layout.data);
    if (!running) return;
    process.kill(running.pid, 'SIGQUIT');
    if (!(await waitForEnd(running.pid, 10_000))) throw new Error(`Postgres ${running.pid} does not stop`);
  };

  await start();
  const admin = await openSession(dsn('postgres'), { applicationName: 'test' });
  await admin.query('create database desk');
  await admin.close();
  return {
    url: dsn('desk'),
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      for (const path of [folder, sockets]) rmSync(path, { recursive: true, force: true });
    },
  };
}
