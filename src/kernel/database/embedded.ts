/** Real Postgres from npm's binaries as a child process, reached over a private Unix socket. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { forgetOwner, refuseLiveOwner, takeOwnership } from './embedded-owner.ts';
import { checkVersion, layoutOf, makeDataFolder, nativeFolder, prepareFolder, removeLeftovers, runningPostmaster, spawnServer, tailOf, type Layout, type Postmaster } from './embedded-server.ts';
import { errors } from './errors.ts';
import { isAlive, stopPostmaster } from './processes.ts';
import { openSession, type Session } from './session.ts';

export interface EmbeddedPostgres {
  /** DSN of the database `bellwether` over the socket; the same for as long as this handle lives. */
  readonly url: string;
  /** Of the server that runs now. */
  readonly pid: number;
  /** True when it was found running: the last owner was killed. */
  readonly adopted: boolean;
  /** Told each time the server was found gone; it is started again by itself. */
  onExit(listener: (lost: { readonly pid: number }) => void): void;
  /** Stops the server and starts it on the same socket. */
  restart(): Promise<void>;
  /** Fast shutdown, immediate after 15 s; waits for the end. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** False, for tests alone, forgoes what survives a crash of the machine. Default true. */
  readonly durable?: boolean;
}

interface Running extends Postmaster {
  readonly owner: Session;
  readonly adopted: boolean;
}

/**
 * @param folder where the data lives, such as `.bellwether/postgres`; made when absent
 * @throws CodedError DATABASE_FOLDER_IN_USE, DATABASE_VERSION_MISMATCH, DATABASE_EMBEDDED_FAILED
 */
export async function startEmbedded(folder: string, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const durable = options.durable ?? true;
  const layout = layoutOf(resolve(folder));
  prepareFolder(layout);
  refuseLiveOwner(layout.owner, layout.folder);
  const first = await begin(layout, durable);
  removeLeftovers(layout);
  return keep(layout, durable, first);
}

/** Keeps the server running until it is stopped. */
function keep(layout: Layout, durable: boolean, first: Running): EmbeddedPostgres {
  const { sockets, adopted } = first;
  const listeners: ((lost: { readonly pid: number }) => void)[] = [];
  let running = first;
  // Counts up with each intended start or stop, so that a watch of before knows that it is over.
  let turn = 0;

  const watch = (): void => {
    const mine = turn;
    const { owner, pid } = running;
    owner.ended.addEventListener('abort', () => void (mine === turn ? recover(mine, pid) : undefined), { once: true });
  };

  async function recover(mine: number, pid: number): Promise<void> {
    const wanted = (): boolean => mine === turn;
    let told = false;
    const tell = (): void => {
      if (!told) for (const listener of listeners) listener({ pid });
      told = true;
    };
    for (let wait = 100; wanted(); wait = Math.min(wait * 2, 2_000)) {
      // The connection ends before the process has: it may be gone at the next look only.
      if (!isAlive(pid)) tell();
      try {
        const next = await begin(layout, durable, sockets, false);
        if (!wanted()) return void next.owner.close();
        if (next.pid !== pid) tell();
        running = next;
        return watch();
      } catch {
        // It is shutting down, recovering, or hangs: only a start of the house decides to stop a server.
        await sleep(wait, undefined, { ref: false });
      }
    }
  }

  async function halt(): Promise<void> {
    turn += 1;
    const { pid, owner } = running;
    await owner.close();
    // The watch may have been starting another one at this moment.
    await stopPostmaster(runningPostmaster(layout.data)?.pid ?? pid);
  }

  watch();
  return {
    url: dsn(sockets, 'bellwether'),
    adopted,
    get pid() {
      return running.pid;
    },
    onExit: (listener) => void listeners.push(listener),
    async restart() {
      await halt();
      running = await begin(layout, durable, sockets);
      watch();
    },
    async stop() {
      await halt();
      forgetOwner(layout.owner);
      rmSync(sockets, { recursive: true, force: true });
    },
  };
}

const TRANSIENT = new Set(['DATABASE_EMBEDDED_FAILED', 'DATABASE_UNAVAILABLE']);

/** Adopts the server of the folder or starts one, and owns it. */
async function begin(layout: Layout, durable: boolean, sockets?: string, mayStop = true): Promise<Running> {
  let made: string | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      const found = await adopt(layout, mayStop);
      const server = found ?? (await launch(layout, durable, sockets ?? (made ??= privateSocketFolder())));
      if (made !== undefined && made !== server.sockets) rmSync(made, { recursive: true, force: true });
      const owner = await takeOwnership(dsn(server.sockets, 'postgres'), layout.owner, layout.folder);
      await createDatabase(owner);
      owner.unref();
      return { ...server, owner, adopted: found !== null };
    } catch (e) {
      // Two that start at once launch one server: the other finds it at its next look. And the processes of a server
      // that was killed take a moment to end, during which Postgres refuses to start another.
      if (attempt === 4 || !TRANSIENT.has((e as { code?: string }).code ?? '')) {
        if (made !== undefined) rmSync(made, { recursive: true, force: true });
        throw e;
      }
      await sleep(250 * attempt);
    }
  }
}

/** @returns the server that runs on the folder and answers; one that does not answer is stopped when `mayStop` */
async function adopt(layout: Layout, mayStop: boolean): Promise<Postmaster | null> {
  const found = runningPostmaster(layout.data);
  if (!found) return null;
  for (let tries = 0; tries < 20; tries++) {
    try {
      const session = await openSession(dsn(found.sockets, 'postgres'), { applicationName: 'bellwether start', connectTimeoutMs: 3_000 });
      await session.close();
      return found;
    } catch (e) {
      // "The database system is starting up": it is at work and answers soon. A hang is answered by nothing.
      if (!String((e as Error).cause).includes('starting up')) break;
      await sleep(250);
    }
  }
  if (!mayStop) throw errors.DATABASE_UNAVAILABLE({ detail: `Postgres (process ${found.pid}) runs but does not answer`, retryAfterSeconds: 5 });
  await stopPostmaster(found.pid, 5_000, 3_000);
  return null;
}

const STARTUP_MS_MAX = 120_000;

async function launch(layout: Layout, durable: boolean, sockets: string): Promise<Postmaster> {
  const native = nativeFolder();
  if (existsSync(join(layout.data, 'PG_VERSION'))) checkVersion(native, layout.data);
  else await makeDataFolder(native, layout, durable);
  const child = spawnServer(native, layout, sockets, durable);
  // Recovery after a crash of the machine may take its time.
  for (const end = performance.now() + STARTUP_MS_MAX; ; ) {
    if (child.pid === undefined || hasEnded(child)) throw errors.DATABASE_EMBEDDED_FAILED({ detail: `Postgres ended as it started:\n${tailOf(layout.log)}`, fix: `See ${layout.log}` });
    if (existsSync(join(sockets, '.s.PGSQL.5432'))) {
      try {
        await (await openSession(dsn(sockets, 'postgres'), { applicationName: 'bellwether start' })).close();
        return { pid: child.pid, sockets };
      } catch (e) {
        if (performance.now() > end) throw errors.DATABASE_EMBEDDED_FAILED({ detail: `Postgres does not answer after ${STARTUP_MS_MAX / 1_000} s`, fix: `See ${layout.log}`, cause: e });
      }
    }
    await sleep(20);
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function createDatabase(owner: Session): Promise<void> {
  const { rowCount } = await owner.query("select 1 from pg_database where datname = 'bellwether'");
  if (rowCount === 0) await owner.query('create database bellwether');
}

/** A Unix socket's path has at most 107 bytes on Linux and 103 on macOS, whose temporary folders are long. */
const SOCKET_PATH_MAX = 103;

/** Readable by this user alone: whoever reaches the socket is the database's owner. */
function privateSocketFolder(): string {
  const fits = (folder: string): boolean => Buffer.byteLength(join(folder, 'bw-XXXXXX/.s.PGSQL.5432')) <= SOCKET_PATH_MAX;
  return mkdtempSync(join(fits(tmpdir()) ? tmpdir() : '/tmp', 'bw-'));
}

/** DSN of a database of the server whose socket is in this folder. */
export function dsn(sockets: string, database: string): string {
  return `postgres://bellwether@localhost/${database}?host=${encodeURIComponent(sockets)}`;
}
