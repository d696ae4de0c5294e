/** A home folder on a disk that fills up: the running desk says so at /health, and again when there is room. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask } from '../support/ask.ts';
import { startDesk, until } from '../support/desk.ts';
import { ownPostgres } from '../support/own-postgres.ts';
import { smallDisk } from '../support/small-disk.ts';

const MB = 1024 * 1024;

test('/health turns when the disk is full, and turns back when it is freed', { timeout: 180_000 }, async (t) => {
  const disk = smallDisk(4);
  if (typeof disk === 'string') return t.skip(disk);
  t.after(() => disk.unmount());
  await using postgres = await ownPostgres();
  await using desk = await startDesk({
    home: disk.folder,
    args: ['--seconds-per-day', '3600'],
    env: { DATABASE_URL: postgres.url, DISK_FREE_MIN_MB: '1' },
  });
  const health = async (): Promise<readonly unknown[]> => {
    const { status, json } = await ask(`${desk.url}/health`);
    const components = json['components'] as Record<string, { status: string }>;
    return [status, json['status'], components['disk']?.status];
  };
  const becomes = (...wanted: readonly unknown[]): Promise<void> =>
    until(async () => JSON.stringify(await health()) === JSON.stringify(wanted), {
      ended: desk.ended,
      output: desk.output,
      what: wanted.join(' '),
    });

  await becomes(200, 'healthy', 'healthy');
  const ballast = join(disk.folder, 'ballast');
  assert.throws(() => writeFileSync(ballast, Buffer.alloc(5 * MB)), { code: 'ENOSPC' });
  await becomes(200, 'degraded', 'unhealthy');
  rmSync(ballast);
  await becomes(200, 'healthy', 'healthy');
});
