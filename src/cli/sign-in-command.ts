/** `bellwether sign-in`: a link that signs its reader in on the console, once. */
import { readDeskAddress, type DeskAddress } from '../app/desk-address.ts';
import { webAddress } from '../app/web-address.ts';
import type { Config } from '../config.ts';
import type { Auth } from '../kernel/auth/index.ts';
import { DAY_MS, iso, MINUTE_MS } from '../model/time.ts';
import { EXIT, type Command, type CommandContext } from './command.ts';
import { authOf, modeOption, withDatabase } from './desk-database.ts';
import { errors } from './errors.ts';
import { homeFolder } from './paths.ts';

const DEFAULT_MINUTES = 10;
const MAX_MINUTES = DAY_MS / MINUTE_MS;

export const signInCommand: Command = {
  name: 'sign-in',
  usage: 'sign-in',
  about: 'a link that signs you in on the console, once',
  options: {
    ...modeOption,
    email: { type: 'string', about: "which user (default: the desk's own owner, an admin)" },
    minutes: {
      type: 'string',
      about: `how long the link is good (default ${DEFAULT_MINUTES}, at most ${MAX_MINUTES})`,
    },
  },
  async run(context) {
    const minutes = minutesOf(context);
    return withDatabase(context, async (opened) => {
      const auth = await authOf(opened);
      const userId = await userOf(context, auth);
      const { code, expiresAt } = await auth.links.create(
        { ttlMs: minutes * MINUTE_MS, ...(userId === null ? {} : { userId }) },
        { subject: 'cli' },
      );
      const url = `${consoleAddress(opened.config, readDeskAddress(homeFolder(opened.config.BELLWETHER_HOME)))}/#sign-in=${code}`;
      const { terminal } = context;
      terminal.out(context.flag('json') ? `${JSON.stringify({ url, expires_at: iso(expiresAt) })}\n` : `${url}\n`);
      terminal.err(`Good once, for ${minutes} minutes. Whoever has it is signed in.\n`);
      if (opened.deskRuns === false)
        terminal.err('No desk runs at the moment: start it (npm start) before you open the link.\n');
      return EXIT.ok;
    });
  },
};

function minutesOf(context: CommandContext): number {
  const minutes = Number(context.option('minutes') ?? DEFAULT_MINUTES);
  if (minutes > 0 && minutes <= MAX_MINUTES) return minutes;
  throw errors.COMMAND_WRONG({
    field: '--minutes',
    detail: context.option('minutes') ?? '',
    fix: `A number of minutes up to ${MAX_MINUTES}`,
  });
}

async function userOf(context: CommandContext, auth: Auth): Promise<string | null> {
  const email = context.option('email');
  if (email === undefined) return null;
  const user = await auth.users.byEmail(email);
  if (!user)
    throw errors.COMMAND_WRONG({
      field: '--email',
      detail: `There is no user ${email}`,
      fix: 'An address from GET /api/v1/users, or leave --email out',
    });
  return user.id;
}

/** Where a browser reaches the console. @param running the desk of this folder, which may have another port than is set here */
export function consoleAddress({ PUBLIC_URL, HOST, PORT }: Pick<Config, 'PUBLIC_URL' | 'HOST' | 'PORT'>, running: DeskAddress | null): string {
  return (PUBLIC_URL ?? running?.publicUrl ?? running?.url ?? webAddress(HOST, PORT)).replace(/\/+$/, '');
}
