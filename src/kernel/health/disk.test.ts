import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { smallDisk } from '../../../test/support/small-disk.ts';
import { ManualClock } from '../../model/time.ts';
import { openDatabase } from '../database/index.ts';
import { errors } from '../database/errors.ts';
import { silentLogger } from '../logging/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createHealth, diskCheck, diskProbes, type DiskProbes, type HealthStatus } from './index.ts';

const MB = 1024 * 1024;
const nothing = AbortSignal.timeout(60_000);
const failing =
  (code: string, message = 'failed') =>
  () =>
    Promise.reject(Object.assign(new Error(message), { code }));
const never = () => new Promise<void>(() => undefined);
const good: DiskProbes = {
  freeBytes: async () => 300 * MB,
  writeFile: async () => undefined,
  writeRow: async () => undefined,
};

const check = (probes: Partial<DiskProbes>, freeMinMb = 256) =>
  diskCheck({ folder: '/home/desk', freeMinMb, writeWithinMs: 5 }, { ...good, ...probes }).check(nothing);

test('free space: healthy at the limit, degraded below it with both figures, and no limit at 0', async () => {
  assert.deepEqual(await check({ freeBytes: async () => 256 * MB }), { status: 'healthy', critical: false });
  const low = await check({ freeBytes: async () => 255.9 * MB });
  assert.deepEqual([low.status, low.critical], ['degraded', false]);
  assert.match(low.message!, /^255 MB are free on the disk of \/home\/desk, less than the 256 MB of DISK_FREE_MIN_MB/);
  assert.equal((await check({ freeBytes: async () => 0 }, 0)).status, 'healthy');
});

const failures: readonly (readonly [
  what: string,
  probes: Partial<DiskProbes>,
  status: HealthStatus,
  critical: boolean,
  message: RegExp,
])[] = [
  [
    'a full home folder',
    { writeFile: failing('ENOSPC') },
    'unhealthy',
    false,
    /small file in \/home\/desk failed: no space is left on its disk \(ENOSPC\)\. Free space there/,
  ],
  [
    'a home folder that is read-only',
    { writeFile: failing('EROFS') },
    'unhealthy',
    false,
    /read-only \(EROFS\)\. Mount it for writing/,
  ],
  [
    'a file that cannot be written for another reason',
    { writeFile: failing('EMFILE', 'too many open files') },
    'unhealthy',
    false,
    /too many open files \(EMFILE\)/,
  ],
  ['a file that is never written', { writeFile: never }, 'unhealthy', false, /it did not end within 5 ms/],
  [
    'a full disk of Postgres',
    { writeRow: failing('53100') },
    'unhealthy',
    true,
    /row to Postgres failed: the disk of Postgres is full \(53100\)\. Nothing can be stored\. Free space/,
  ],
  [
    'a row that is slow to be written, for the first time,',
    { writeRow: never },
    'degraded',
    false,
    /row to Postgres is slow: it did not end within 5 ms/,
  ],
  ['both', { writeRow: failing('53100'), writeFile: failing('ENOSPC') }, 'unhealthy', true, /53100.*ENOSPC/],
  [
    'a Postgres that cannot be reached',
    { writeRow: () => Promise.reject(errors.DATABASE_UNAVAILABLE()) },
    'healthy',
    false,
    /was not tried: it cannot be reached \(see database\)/,
  ],
];
for (const [what, probes, status, critical, message] of failures) {
  test(`${what} is ${status}${critical ? ', and critical' : ''}`, async () => {
    const result = await check(probes);
    assert.deepEqual([result.status, result.critical], [status, critical]);
    assert.match(result.message!, message);
  });
}

test('a write that hangs is not started a second time, and its end makes the component healthy again', async () => {
  let started = 0;
  let end = (): void => undefined;
  const disk = diskCheck(
    { folder: '/home/desk', freeMinMb: 0, writeWithinMs: 5 },
    {
      ...good,
      writeFile: () => {
        started += 1;
        return new Promise((resolve) => (end = resolve));
      },
    },
  );
  assert.equal((await disk.check(nothing)).status, 'unhealthy');
  assert.equal((await disk.check(nothing)).status, 'unhealthy');
  assert.equal(started, 1);
  end();
  await new Promise((resolve) => setImmediate(resolve));
  const again = disk.check(nothing);
  end();
  assert.deepEqual([started, (await again).status], [2, 'healthy']);
});

test('a failed write to Postgres makes the whole unhealthy, a failed file only degrades it', async () => {
  const health = createHealth({
    clock: new ManualClock('2026-03-01T00:00:00Z'),
    logger: silentLogger,
    metrics: createMetrics({ processDefaults: false }),
  });
  let probes: Partial<DiskProbes> = {};
  health.register(
    diskCheck(
      { folder: '/home/desk', freeMinMb: 256 },
      {
        freeBytes: good.freeBytes,
        writeFile: (folder) => (probes.writeFile ?? good.writeFile)(folder),
        writeRow: () => (probes.writeRow ?? good.writeRow)(),
      },
    ),
  );
  const overall = async (next: Partial<DiskProbes>): Promise<readonly unknown[]> => {
    probes = next;
    await health.refresh('disk');
    return [health.overall(), health.states()[0]!.critical];
  };
  assert.deepEqual(await overall({ writeFile: failing('ENOSPC') }), ['degraded', false]);
  assert.deepEqual(await overall({ writeRow: failing('25006') }), ['unhealthy', true]);
  assert.deepEqual(await overall({}), ['healthy', false]);
});

test('a real database: the row is written again and again, and a read-only one is found', async () => {
  await using db = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'bw-disk-'));
  const options = { folder, freeMinMb: 0 };
  const disk = diskCheck(options, diskProbes(db));
  assert.deepEqual(await disk.check(nothing), { status: 'healthy', critical: false });
  assert.deepEqual(await disk.check(nothing), { status: 'healthy', critical: false });
  assert.equal((await db.query('select from disk_probe')).rowCount, 1);
  assert.deepEqual(await readdir(folder), [], 'the file is removed');

  const url = new URL(db.url);
  url.searchParams.set('options', '-c default_transaction_read_only=on');
  const readOnly = openDatabase({ url: url.toString(), max: 1 });
  const result = await diskCheck(options, diskProbes(readOnly)).check(nothing);
  await readOnly.close();
  rmSync(folder, { recursive: true });
  assert.deepEqual([result.status, result.critical], ['unhealthy', true]);
  assert.match(result.message!, /the database is read-only \(25006\).*default_transaction_read_only/);
});

test('a real disk: degraded below the limit, unhealthy when it is full, healthy once it is freed', async (t) => {
  const disk = smallDisk(1);
  if (typeof disk === 'string') return t.skip(disk);
  t.after(() => disk.unmount());
  await using db = await freshDatabase();
  const health = createHealth({
    clock: new ManualClock('2026-03-01T00:00:00Z'),
    logger: silentLogger,
    metrics: createMetrics({ processDefaults: false }),
  });
  health.register(diskCheck({ folder: disk.folder, freeMinMb: 0 }, diskProbes(db)));
  const now = async (): Promise<readonly unknown[]> => {
    await health.refresh('disk');
    return [health.overall(), health.states()[0]!.status, health.states()[0]!.message];
  };
  assert.deepEqual(await now(), ['healthy', 'healthy', null]);
  assert.equal(
    (await diskCheck({ folder: disk.folder, freeMinMb: 2 }, diskProbes(db)).check(nothing)).status,
    'degraded',
  );

  const ballast = join(disk.folder, 'ballast');
  assert.throws(() => writeFileSync(ballast, Buffer.alloc(2 * MB)), { code: 'ENOSPC' });
  const [overall, status, message] = await now();
  assert.deepEqual([overall, status], ['degraded', 'unhealthy']);
  assert.match(String(message), /no space is left on its disk \(ENOSPC\)/);

  rmSync(ballast);
  assert.deepEqual(await now(), ['healthy', 'healthy', null]);
});

test('a row that is slow twice in a row has failed, and one in time begins the count anew', async () => {
  let end = (): void => undefined;
  const writeRow = (): Promise<void> => new Promise((resolve) => (end = resolve));
  const disk = diskCheck({ folder: '/home/desk', freeMinMb: 0, writeWithinMs: 5 }, { ...good, writeRow });
  const look = async () => {
    const { status, critical } = await disk.check(nothing);
    return [status, critical];
  };
  assert.deepEqual([await look(), await look()], [['degraded', false], ['unhealthy', true]]);
  end();
  await new Promise((resolve) => setImmediate(resolve));
  const inTime = look();
  end();
  assert.deepEqual([await inTime, await look()], [['healthy', false], ['degraded', false]]);
});
