/** Commands on a running desk or its database: health, migrations, tokens, the audit chain. */
import { openStore } from '../app/store.ts';
import { createBase } from '../app/kernel.ts';
import { readConfig, type Config } from '../config.ts';
import { verifyAudit } from '../kernel/audit/index.ts';
import { createAuth, ROLES, type Role } from '../kernel/auth/index.ts';
import { migrateDown, migrateUp, migrationStatus, openDatabase, readMigrations, type Database } from '../kernel/database/index.ts';
import { DAY_MS, systemClock } from '../model/time.ts';
import { EXIT, type Command, type CommandContext } from './command.ts';
import { errors } from './errors.ts';
import { envFile, homeFolder, MIGRATIONS } from './paths.ts';
import { askDesk, deskOptions } from './running-desk.ts';
import { table } from './terminal.ts';

const modeOption = { live: { type: 'boolean', about: 'the live database of the embedded server instead of the replay\'s' } } as const;

/** Opens the database that the desk uses. The embedded one must not be in use: a running desk owns it. */
async function withDatabase<R>(context: CommandContext, work: (db: Database, config: Config) => Promise<R>): Promise<R> {
  const { values: config } = readConfig(context.env, envFile(context.env));
  if (config.DATABASE_URL !== undefined) {
    const db = openDatabase({ url: config.DATABASE_URL, directUrl: config.DATABASE_DIRECT_URL ?? config.DATABASE_URL, max: 2 });
    return work(db, config).finally(() => db.close());
  }
  const { logger } = createBase({ ...config, LOG_LEVEL: 'error' }, context.terminal.interactive);
  const store = await openStore({ config, mode: context.flag('live') ? 'live' : 'replay', home: homeFolder(config.BELLWETHER_HOME), migrations: MIGRATIONS, logger });
  return work(store.db, config).finally(() => store.close());
}

export const migrateCommand: Command = {
  name: 'migrate',
  usage: 'migrate [up|status|down]',
  about: 'bring the database to the newest shape, tell its shape, or undo the newest step',
  options: modeOption,
  run: (context) =>
    withDatabase(context, async (db) => {
      const { terminal, args } = context;
      const migrations = readMigrations(MIGRATIONS);
      const verb = args[0] ?? 'up';
      if (verb === 'status') {
        const states = await migrationStatus(db, migrations);
        if (context.flag('json')) terminal.out(`${JSON.stringify(states, null, 2)}\n`);
        else terminal.out(table(states, [{ title: 'version', value: (s) => s.version }, { title: 'name', value: (s) => s.name }, { title: 'applied', value: (s) => s.appliedAt?.toISOString() ?? 'not yet' }]));
        return states.every((s) => s.appliedAt) ? EXIT.ok : EXIT.failed;
      }
      if (verb === 'down') {
        const undone = await migrateDown(db, migrations);
        terminal.out(undone ? `undone: ${undone.version}_${undone.name}\n` : 'there is nothing to undo\n');
        return EXIT.ok;
      }
      if (verb !== 'up') throw errors.COMMAND_WRONG({ detail: `migrate ${verb}`, fix: 'up, status or down' });
      const applied = await migrateUp(db, migrations, (m) => terminal.err(`applied ${m.version}_${m.name}\n`));
      terminal.out(`${applied.length} applied, ${migrations.length} in all\n`);
      return EXIT.ok;
    }),
};

export const tokenCommand: Command = {
  name: 'token',
  usage: 'token create|revoke',
  about: 'a token for the API, shown once, or the end of one',
  options: {
    ...modeOption,
    name: { type: 'string', about: 'what it is for (create)' },
    role: { type: 'string', about: `${ROLES.join(', ')} (create; default viewer)` },
    days: { type: 'string', about: 'how long it is good (create; default 90)' },
    id: { type: 'string', about: 'which (revoke)' },
  },
  run: (context) =>
    withDatabase(context, async (db, config) => {
      const { terminal } = context;
      const { logger } = createBase({ ...config, LOG_LEVEL: 'error' }, false);
      const auth = await createAuth({ db, clock: systemClock, logger, ...(config.JWT_SECRET_KEY === undefined ? {} : { secret: config.JWT_SECRET_KEY }) });
      const actor = { subject: 'cli', traceId: null };
      if (context.args[0] === 'revoke') {
        const id = context.option('id');
        if (id === undefined) throw errors.COMMAND_WRONG({ field: '--id', fix: 'Name the token: key_…' });
        await auth.keys.revoke(id, actor);
        terminal.out(`revoked ${id}\n`);
        return EXIT.ok;
      }
      if (context.args[0] !== 'create') throw errors.COMMAND_WRONG({ detail: 'token', fix: 'token create or token revoke' });
      const role = (context.option('role') ?? 'viewer') as Role;
      if (!ROLES.includes(role)) throw errors.COMMAND_WRONG({ field: '--role', detail: role, fix: `One of ${ROLES.join(', ')}` });
      const days = Number(context.option('days') ?? 90);
      if (!(days > 0 && days <= 3_650)) throw errors.COMMAND_WRONG({ field: '--days', fix: 'A number of days up to 3650' });
      const made = await auth.keys.create({ name: context.option('name') ?? 'command line', role, scopes: [], expiresAt: systemClock.now() + days * DAY_MS }, actor);
      terminal.out(context.flag('json') ? `${JSON.stringify({ id: made.key.id, token: made.token, role, days })}\n` : `${made.token}\n`);
      terminal.err(`${made.key.id}: role ${role}, good for ${days} days. It is not shown again.\n`);
      return EXIT.ok;
    }),
};

export const auditCommand: Command = {
  name: 'audit',
  usage: 'audit verify',
  about: 'walk the audit chain and name the first row that was changed, removed or reordered',
  options: modeOption,
  run: (context) =>
    withDatabase(context, async (db) => {
      if (context.args[0] !== 'verify') throw errors.COMMAND_WRONG({ detail: 'audit', fix: 'audit verify' });
      const verdict = await verifyAudit(db);
      context.terminal.out(context.flag('json') ? `${JSON.stringify(verdict, (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v))}\n` : wordsOf(verdict));
      return verdict.ok ? EXIT.ok : EXIT.failed;
    }),
};

const wordsOf = (verdict: Awaited<ReturnType<typeof verifyAudit>>): string =>
  verdict.ok ? `the chain is whole: ${verdict.rows} rows\n` : `the chain is broken: ${JSON.stringify(verdict, (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v))}\n`;

export const healthCommand: Command = {
  name: 'health',
  usage: 'health',
  about: 'what the running desk says of itself and its parts',
  options: deskOptions,
  async run(context) {
    const health = await askDesk<HealthReply>(context, '/health', { timeoutMs: 5_000, anyStatus: true });
    if (context.flag('json')) context.terminal.out(`${JSON.stringify(health, null, 2)}\n`);
    else {
      context.terminal.out(`${health.status}, version ${health.version}, ${health.timestamp}\n\n`);
      context.terminal.out(table(Object.entries(health.components), [{ title: 'part', value: ([name]) => name }, { title: 'status', value: ([, c]) => c.status }, { title: 'ms', value: ([, c]) => c.latency_ms.toFixed(1), align: 'right' }]));
    }
    return health.status === 'healthy' ? EXIT.ok : EXIT.unhealthy;
  },
};

interface HealthReply {
  readonly status: string;
  readonly version: string;
  readonly timestamp: string;
  readonly components: Readonly<Record<string, { readonly status: string; readonly latency_ms: number }>>;
}
