/** The desk's database for commands that open it: `DATABASE_URL`, or the embedded one, also beside a running desk. */
import { createBase } from '../app/kernel.ts';
import { openBeside, openStore, type Mode } from '../app/store.ts';
import { readConfig, type Config } from '../config.ts';
import { createAuth, type Auth } from '../kernel/auth/index.ts';
import { openDatabase, type Database } from '../kernel/database/index.ts';
import { systemClock } from '../model/time.ts';
import type { CommandContext } from './command.ts';
import { errors } from './errors.ts';
import { envFile, homeFolder, MIGRATIONS } from './paths.ts';

export const modeOption = {
  live: {
    type: 'boolean',
    about: "the live database of the embedded server instead of the replay's; a running desk decides by itself",
  },
} as const;

export interface OpenedDatabase {
  readonly db: Database;
  readonly config: Config;
  /** Whether a desk runs on it. Null when that cannot be told (`DATABASE_URL`). */
  readonly deskRuns: boolean | null;
}

type Work<R> = (opened: OpenedDatabase) => Promise<R>;

/** Opens the database, the running desk's where one runs. */
export async function withDatabase<R>(context: CommandContext, work: Work<R>): Promise<R> {
  const config = configOf(context);
  const running = config.DATABASE_URL === undefined ? await openBeside(homeFolder(config.BELLWETHER_HOME)) : null;
  if (!running) return withOwnDatabase(context, work);
  try {
    if (context.flag('live') && running.mode !== 'live') {
      throw errors.COMMAND_WRONG({
        field: '--live',
        detail: 'The desk that runs plays a replay',
        fix: 'Leave --live out, or stop the desk first',
      });
    }
    return await work({ db: running.db, config, deskRuns: true });
  } finally {
    await running.db.close();
  }
}

/** The same for work that needs the desk stopped. @throws CodedError DATABASE_FOLDER_IN_USE when an embedded desk runs */
export async function withOwnDatabase<R>(context: CommandContext, work: Work<R>): Promise<R> {
  const config = configOf(context);
  const url = config.DATABASE_URL;
  if (url !== undefined) {
    const db = openDatabase({ url, directUrl: config.DATABASE_DIRECT_URL ?? url, max: 2 });
    return work({ db, config, deskRuns: null }).finally(() => db.close());
  }
  const { logger } = createBase({ ...config, LOG_LEVEL: 'error' }, context.terminal.interactive);
  const mode: Mode = context.flag('live') ? 'live' : 'replay';
  const store = await openStore({
    config,
    mode,
    home: homeFolder(config.BELLWETHER_HOME),
    migrations: MIGRATIONS,
    logger,
  });
  return work({ db: store.db, config, deskRuns: false }).finally(() => store.close());
}

export function authOf({ db, config }: OpenedDatabase): Promise<Auth> {
  const { logger } = createBase({ ...config, LOG_LEVEL: 'error' }, false);
  const secret = config.JWT_SECRET_KEY;
  return createAuth({ db, clock: systemClock, logger, ...(secret === undefined ? {} : { secret }) });
}

const configOf = (context: CommandContext): Config => readConfig(context.env, envFile(context.env)).values;
