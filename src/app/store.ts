/** Opens the truth: Postgres from outside or from npm, one database for recorded and one for live work, migrated. */
import { join } from 'node:path';
import { setTimeout as wallDelay } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { claimPurpose } from '../desk/replay/index.ts';
import {
  migrateUp,
  openDatabase,
  readMigrations,
  runningEmbeddedUrl,
  startEmbedded,
  type Database,
  type EmbeddedPostgres,
} from '../kernel/database/index.ts';
import { common } from '../kernel/errors/index.ts';
import { EVENTS_SESSION } from '../kernel/events/index.ts';
import { migrateJobs } from '../kernel/jobs/index.ts';
import type { Logger } from '../kernel/logging/types.ts';
import type { Clock } from '../model/time.ts';
import { withFirstConnection } from './first-connection.ts';

export type Mode = 'replay' | 'live';

export interface Store {
  readonly db: Database;
  readonly embedded: EmbeddedPostgres | null;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly config: Config;
  readonly mode: Mode;
  readonly home: string;
  readonly migrations: string;
  readonly logger: Logger;
  /** For the start of a desk: it waits for a Postgres of another process, and claims the database for its mode. */
  readonly start?: {
    readonly clock: Clock;
    /** Ends the wait. */
    readonly stop: AbortSignal;
  };
}

/**
 * Opens the database and migrates it.
 * @throws CodedError DATABASE_FOLDER_IN_USE, DATABASE_EMBEDDED_FAILED, DATABASE_UNAVAILABLE, MIGRATION_EDITED,
 * MIGRATION_FAILED, REPLAY_PURPOSE_MISMATCH
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { config, logger, start } = options;
  const embedded = config.DATABASE_URL === undefined ? await startEmbedded(join(options.home, 'postgres')) : null;
  try {
    const url = embedded ? await embeddedUrl(embedded.url, options.mode) : config.DATABASE_URL!;
    const db = openDatabase({
      url,
      directUrl: embedded ? url : (config.DATABASE_DIRECT_URL ?? url),
      max: config.DATABASE_POOL_MAX,
    });
    const migrations = readMigrations(options.migrations);
    const prepare = async (): Promise<void> => {
      await migrateUp(db, migrations, (m) => logger.info('migration_applied', { version: m.version, name: m.name }));
      await migrateJobs(db.directUrl);
      if (start) await claimPurpose(db, options.mode);
    };
    try {
      await (embedded || !start ? prepare() : withFirstConnection({ ...start, logger, pause }, prepare));
    } catch (e) {
      await db.close();
      throw e;
    }
    return {
      db,
      embedded,
      async close() {
        await db.close();
        await embedded?.stop();
      },
    };
  } catch (e) {
    await embedded?.stop();
    throw e;
  }
}

export interface RunningStore {
  readonly db: Database;
  /** What the desk that runs does. */
  readonly mode: Mode;
}

/**
 * The database of the desk that runs on this folder, for a command beside it. Closing it leaves the desk alone.
 * @returns null when nobody runs on the folder
 * @throws CodedError UNAVAILABLE while a desk starts, DATABASE_UNAVAILABLE while its Postgres does not answer
 */
export async function openBeside(home: string): Promise<RunningStore | null> {
  const url = runningEmbeddedUrl(join(home, 'postgres'));
  if (url === null) return null;
  const mode = await modeOfRunning(url);
  if (mode === null) {
    throw common.UNAVAILABLE({
      detail: 'A Bellwether process has this folder open, but no desk is ready on it yet',
      fix: 'Repeat in a moment',
      retryAfterSeconds: 5,
    });
  }
  return { db: openDatabase({ url: inDatabase(url, mode), max: 2, applicationName: 'bellwether command' }), mode };
}

/** A running desk listens for events in the database that it works with. */
async function modeOfRunning(url: string): Promise<Mode | null> {
  const admin = openDatabase({ url, max: 1, applicationName: 'bellwether command' });
  try {
    const { rows } = await admin.query<{ datname: string }>(
      'select distinct datname from pg_stat_activity where application_name = $1',
      [EVENTS_SESSION],
    );
    return MODES.find((mode) => rows.some(({ datname }) => datname === DATABASES[mode])) ?? null;
  } finally {
    await admin.close();
  }
}

const MODES = ['live', 'replay'] as const;

/** Wall time: another process has to come up. */
const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  wallDelay(ms, undefined, { signal: stop }).catch(() => undefined);

const DATABASES: Readonly<Record<Mode, string>> = { live: 'bellwether', replay: 'bellwether_replay' };

/** Recorded and live rows never share a database (docs/adr/0003): the embedded server keeps one for each. */
async function embeddedUrl(url: string, mode: Mode): Promise<string> {
  const name = DATABASES[mode];
  const wanted = inDatabase(url, mode);
  if (wanted === url) return url;
  const admin = openDatabase({ url, max: 1 });
  try {
    const { rows } = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (rows.length === 0) await admin.query(`create database ${name}`);
  } finally {
    await admin.close();
  }
  return wanted;
}

function inDatabase(url: string, mode: Mode): string {
  const wanted = new URL(url);
  if (wanted.pathname === `/${DATABASES[mode]}`) return url;
  wanted.pathname = `/${DATABASES[mode]}`;
  return wanted.toString();
}
