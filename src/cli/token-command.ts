/** `bellwether token`: API keys from the command line, with the rights of whoever can open the database. */
import { ROLES, type ApiKey, type Auth, type Role } from '../kernel/auth/index.ts';
import { DAY_MS, systemClock } from '../model/time.ts';
import { EXIT, type Command, type CommandContext } from './command.ts';
import { authOf, modeOption, withDatabase } from './desk-database.ts';
import { errors } from './errors.ts';
import { table } from './terminal.ts';

const CLI = { subject: 'cli' } as const;
const DAYS_MAX = 3_650;

export const tokenCommand: Command = {
  name: 'token',
  usage: 'token create|list|revoke',
  about: 'a token for the API, shown once; all of them, without their secrets; or the end of one',
  options: {
    ...modeOption,
    name: { type: 'string', about: 'what it is for (create)' },
    role: { type: 'string', about: `${ROLES.join(', ')} (create; default viewer)` },
    days: { type: 'string', about: `how long it is good, at most ${DAYS_MAX} (create; default 90)` },
    id: { type: 'string', about: 'which: key_…, as token list shows it (revoke)' },
  },
  run(context) {
    const verb = context.args[0] ?? '';
    const run = VERBS[verb];
    if (!run) throw errors.COMMAND_WRONG({ detail: `token ${verb}`.trim(), fix: 'token create, token list or token revoke' });
    const work = run(context);
    return withDatabase(context, async (opened) => work(await authOf(opened)));
  },
};

type Work = (auth: Auth) => Promise<number>;

/** Each checks its options before the database is opened. */
const VERBS: Readonly<Record<string, (context: CommandContext) => Work>> = {
  create(context) {
    const role = (context.option('role') ?? 'viewer') as Role;
    if (!ROLES.includes(role)) throw errors.COMMAND_WRONG({ field: '--role', detail: role, fix: `One of ${ROLES.join(', ')}` });
    const days = Number(context.option('days') ?? 90);
    if (!(days > 0 && days <= DAYS_MAX)) throw errors.COMMAND_WRONG({ field: '--days', fix: `A number of days up to ${DAYS_MAX}` });
    const name = context.option('name') ?? 'command line';
    return (auth) => create(context, auth, { name, role, days });
  },
  list: (context) => (auth) => list(context, auth),
  revoke(context) {
    const id = context.option('id');
    if (id === undefined) throw errors.COMMAND_WRONG({ field: '--id', fix: 'Name the token: key_…, as token list shows it' });
    return async (auth) => {
      await auth.keys.revoke(id, CLI);
      context.terminal.out(`revoked ${id}\n`);
      return EXIT.ok;
    };
  },
};

async function create({ terminal, flag }: CommandContext, auth: Auth, wanted: { readonly name: string; readonly role: Role; readonly days: number }): Promise<number> {
  const { name, role, days } = wanted;
  const { key, token } = await auth.keys.create({ name, role, scopes: [], expiresAt: systemClock.now() + days * DAY_MS }, CLI);
  terminal.out(flag('json') ? `${JSON.stringify({ id: key.id, token, role, days })}\n` : `${token}\n`);
  terminal.err(`${key.id}: role ${role}, good for ${days} day${days === 1 ? '' : 's'}. It is not shown again.\n`);
  return EXIT.ok;
}

const PAGE = 500;

async function list({ terminal, flag }: CommandContext, auth: Auth): Promise<number> {
  const keys: ApiKey[] = [];
  for (let last: string | null = null, rows: readonly ApiKey[] = []; keys.length === 0 || rows.length === PAGE; last = keys.at(-1)!.id) {
    rows = await auth.keys.list(last, PAGE);
    keys.push(...rows);
    if (rows.length === 0) break;
  }
  if (flag('json')) terminal.out(`${JSON.stringify(keys, null, 2)}\n`);
  else
    terminal.out(
      table(keys, [
        { title: 'id', value: (k) => k.id },
        { title: 'name', value: (k) => k.name, max: 40 },
        { title: 'role', value: (k) => k.role },
        { title: 'scopes', value: (k) => k.scopes.join(', ') || 'all', max: 40 },
        { title: 'good until', value: (k) => (k.revoked_at === null ? (k.expires_at ?? 'no end') : `revoked ${k.revoked_at}`) },
        { title: 'last used', value: (k) => k.last_used_at ?? 'never' },
      ]),
    );
  return EXIT.ok;
}
