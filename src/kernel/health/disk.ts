/**
 * The component `disk`: free space where the data lives, and whether a small write succeeds there and in Postgres.
 * It runs in the background; `/health` reads the last result.
 * Here: the rule and its words. The writes are in `disk-probes.ts`.
 */
import { isCodedError } from '../errors/index.ts';
import type { ComponentCheck, HealthStatus } from './types.ts';

export interface DiskProbes {
  /** Bytes that this user may still write on the disk of the folder. */
  freeBytes(folder: string): Promise<number>;
  /** Writes a small new file, waits until it is on the disk, and removes it. */
  writeFile(folder: string): Promise<void>;
  /** Commits a write of one row. */
  writeRow(): Promise<void>;
}

export interface DiskOptions {
  /** BELLWETHER_HOME, absolute. */
  readonly folder: string;
  /** Less free space than this is degraded; 0 means no limit. */
  readonly freeMinMb: number;
  /** A write that takes longer has failed. Default 2,500: less than the deadline of a check, which names no write. */
  readonly writeWithinMs?: number;
}

interface Finding {
  readonly status: HealthStatus;
  readonly message: string;
  readonly critical: boolean;
}

const MB = 1024 * 1024;
/** Four small writes a minute: a full disk is seen within a quarter of a minute, and the write-ahead log stays idle. */
const INTERVAL_MS = 15_000;
const WRITE_WITHIN_MS = 2_500;

/**
 * Degraded below the limit. Unhealthy when a write fails; critical when the write to Postgres fails, because then
 * nothing can be stored. A write to Postgres that is slow once is degraded: the pool or the disk may be busy. Slow twice in
 * a row, it has failed. The component `database` reports a Postgres that cannot be reached.
 */
export function diskCheck(
  { folder, freeMinMb, writeWithinMs = WRITE_WITHIN_MS }: DiskOptions,
  probes: DiskProbes,
): ComponentCheck {
  const file = bounded(() => probes.writeFile(folder), writeWithinMs);
  const row = bounded(() => probes.writeRow(), writeWithinMs);
  let wasSlow = false;
  return {
    name: 'disk',
    critical: false,
    intervalMs: INTERVAL_MS,
    async check() {
      const [fileFailure, rowFailure, free] = await Promise.all([
        failureOf(file),
        failureOf(row),
        probes.freeBytes(folder).catch(() => null),
      ]);
      const isSlow = rowFailure instanceof TooSlow;
      const isSlowOnce = isSlow && !wasSlow;
      wasSlow = isSlow;
      const found = [
        rowFailure && (isSlowOnce ? slowFinding(rowFailure) : rowFinding(rowFailure)),
        fileFailure && fileFinding(fileFailure, folder),
        free !== null && !fileFailure && free < freeMinMb * MB ? lowFinding(free, folder, freeMinMb) : null,
      ].filter((finding) => finding !== null);
      const shown = found.map(({ message }) => message).join(' ');
      const status = worst(found);
      return { status, critical: found.some(({ critical }) => critical), ...(shown === '' ? {} : { message: shown }) };
    },
  };
}

const worst = (found: readonly Finding[]): HealthStatus =>
  found.some(({ status }) => status === 'unhealthy')
    ? 'unhealthy'
    : found.some(({ status }) => status === 'degraded')
      ? 'degraded'
      : 'healthy';

/** What went wrong, as an Error; null when the write succeeded. */
async function failureOf(write: () => Promise<void>): Promise<Error | null> {
  try {
    await write();
    return null;
  } catch (e) {
    return e instanceof Error ? e : new Error(String(e));
  }
}

class TooSlow extends Error {}

/** One write at a time: a write that hangs is reported as failed, and no second one is started beside it. */
function bounded(write: () => Promise<void>, withinMs: number): () => Promise<void> {
  let running: Promise<void> | null = null;
  return async () => {
    running ??= write().finally(() => (running = null));
    // Nobody may be waiting any more when it fails late.
    running.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new TooSlow(`it did not end within ${withinMs} ms`)), withinMs);
    });
    await Promise.race([running, late]).finally(() => clearTimeout(timer));
  };
}

const codeOf = (e: Error): string => {
  const { code } = e as { code?: unknown };
  return typeof code === 'string' ? code : '';
};

const FILE_CAUSES: Readonly<Record<string, readonly [why: string, fix: string]>> = Object.freeze({
  ENOSPC: ['no space is left on its disk', 'Free space there, or move BELLWETHER_HOME to a larger disk.'],
  EDQUOT: ['the quota of this user is used up', 'Free space there, or raise the quota.'],
  EROFS: ['its file system is read-only', 'Mount it for writing; after a disk error check the disk first.'],
  EACCES: ['this user may not write there', 'Give the folder to the user that runs the desk.'],
  EPERM: ['this user may not write there', 'Give the folder to the user that runs the desk.'],
  ENOENT: ['the folder is gone', 'Bring it back, or restart the desk, which makes a new one.'],
  EIO: ['the disk reports an error', 'Look at the log of the system, and replace the disk.'],
});

function fileFinding(e: Error, folder: string): Finding {
  const code = codeOf(e);
  const [why, fix] = FILE_CAUSES[code] ?? [e.message, 'Look at the disk of this folder (BELLWETHER_HOME).'];
  return {
    status: 'unhealthy',
    critical: false,
    message: `The write of a small file in ${folder} failed: ${why}${code === '' ? '' : ` (${code})`}. ${fix}`,
  };
}

const ROW_CAUSES: Readonly<Record<string, readonly [why: string, fix: string]>> = Object.freeze({
  '53100': ['the disk of Postgres is full', 'Free space on the disk of Postgres.'],
  '25006': [
    'the database is read-only',
    'Point DATABASE_URL to the primary server, or set default_transaction_read_only to off.',
  ],
  '42501': ['the user of DATABASE_URL may not write', 'Grant it the rights on the tables of this database.'],
  '57014': ['Postgres cancelled the write because it took too long', 'Look at the load and the disk of Postgres.'],
  '55P03': ['the row stayed locked', 'Look for long transactions in pg_stat_activity.'],
});

function rowFinding(e: Error): Finding {
  if (isCodedError(e) && e.code === 'DATABASE_UNAVAILABLE')
    return {
      status: 'healthy',
      critical: false,
      message: 'The write to Postgres was not tried: it cannot be reached (see database).',
    };
  const code = codeOf(e);
  const [why, fix] = ROW_CAUSES[code] ?? [e.message, 'Look at the log and the disk of Postgres.'];
  const cause = `${why}${code === '' ? '' : ` (${code})`}`;
  return {
    status: 'unhealthy',
    critical: true,
    message: `The write of one row to Postgres failed: ${cause}. Nothing can be stored. ${fix}`,
  };
}

const slowFinding = (e: Error): Finding => ({
  status: 'degraded',
  critical: false,
  message: `The write of one row to Postgres is slow: ${e.message}. Look at the load and the disk of Postgres.`,
});

function lowFinding(free: number, folder: string, freeMinMb: number): Finding {
  return {
    status: 'degraded',
    critical: false,
    message:
      `${Math.floor(free / MB)} MB are free on the disk of ${folder}, ` +
      `less than the ${freeMinMb} MB of DISK_FREE_MIN_MB. Free space there before writes fail.`,
  };
}
