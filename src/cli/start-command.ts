import { createDesk, ROLES, type Desk, type Role, type Started } from '../app.ts';
import { phonesFile } from '../app/phones-file.ts';
import { loadScenario, scenarioNames, scenarioView } from '../app/scenarios.ts';
import { readConfig } from '../config.ts';
import { CodedError, defineErrors, isCodedError } from '../kernel/errors/index.ts';
import { MINUTE_MS } from '../model/time.ts';
import { EXIT, type Command, type CommandContext } from './command.ts';
import { hasScreen, openBrowser } from './open-browser.ts';
import { CONSOLE, envFile, homeFolder, MIGRATIONS, SCENARIOS, version } from './paths.ts';

const errors = defineErrors({
  OPTION_WRONG: { status: 400, title: 'An option has a value that is wrong' },
});

export const DEFAULT_SCENARIO = 'hormuz-2026';

export const startCommand: Command = {
  name: 'start',
  usage: 'start [--live | --scenario NAME]',
  about: 'run the desk: every role, on recorded history unless --live',
  options: {
    live: { type: 'boolean', about: 'the real sources instead of a scenario' },
    scenario: { type: 'string', about: `what to play: a name in scenarios/ or a folder's path (default ${DEFAULT_SCENARIO})` },
    'seconds-per-day': { type: 'string', about: "pace of the replay; 0 is as fast as the work is done (default: the scenario's)" },
    role: { type: 'string', about: `only this role: ${ROLES.join(', ')} (default: all)` },
  },
  async run(context) {
    const { env, terminal, signal } = context;
    const { values: config } = readConfig(env, envFile(env));
    const live = context.flag('live');
    const scenario = live ? null : loadScenario(context.option('scenario') ?? DEFAULT_SCENARIO, SCENARIOS);
    const home = homeFolder(config.BELLWETHER_HOME);
    let isFirstStart = false;
    const desk = createDesk({
      config,
      mode: live ? 'live' : 'replay',
      roles: rolesOf(context),
      scenario,
      scenarios: scenarioNames(SCENARIOS).map((name) => scenarioView(loadScenario(name, SCENARIOS))),
      scenarioFolder: SCENARIOS,
      secondsPerDay: secondsPerDay(context) ?? scenario?.secondsPerDay ?? 2,
      home,
      migrations: MIGRATIONS,
      console: CONSOLE,
      version: version(),
      terminal: terminal.interactive,
      stop: signal,
      announce: {
        adminToken(token) {
          isFirstStart = true;
          terminal.err(tokenText(token));
        },
      },
    });
    const stopped = new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
    let started: Started;
    try {
      started = await desk.start();
    } catch (e) {
      await desk.stop();
      // The user ended the wait for Postgres: nothing is wrong with this start.
      if (signal.aborted && isCodedError(e) && e.code === 'DATABASE_UNAVAILABLE') return EXIT.ok;
      throw isCodedError(e) && e.code === 'PORT_IN_USE' ? busyPort(config.PORT, e) : e;
    }
    desk.base.logger.info('ready', { api_url: started.apiUrl, gate_url: started.gateUrl, trace_url: started.traceUrl, mode: live ? 'live' : 'replay' });
    // Without a terminal the output goes to a log, which must hold no secrets. A first start prints a token anyway.
    const showsSecrets = terminal.errIsTerminal || isFirstStart;
    terminal.err(welcome(started, scenario?.title ?? null, phoneLines(started.phoneUrl, showsSecrets, home)));
    if (started.apiUrl !== null && showsSecrets) {
      const address = config.PUBLIC_URL?.replace(/\/+$/, '') ?? started.apiUrl;
      await offerSignIn(desk, address, context, terminal.errIsTerminal && config.OPEN_BROWSER);
    } else if (started.apiUrl !== null) {
      terminal.err('  Sign in on the console with a link: npm run bellwether -- sign-in\n\n');
    }
    await stopped;
    const late = await desk.stop();
    return late.length === 0 ? EXIT.ok : EXIT.failed;
  },
};

/** The link opened in a browser is another one than the printed one: it is seen for a moment in the list of processes. */
const OPENED_LINK_MS = MINUTE_MS;

async function offerSignIn(desk: Desk, address: string, { terminal, env }: CommandContext, mayOpen: boolean): Promise<void> {
  try {
    const link = async (ttlMs?: number): Promise<string> => `${address}/#sign-in=${await desk.signInCode(ttlMs)}`;
    terminal.err(`  Sign in on the console with this link. It is good once, for ten minutes; \`npm run bellwether -- sign-in\` makes another.\n\n  ${await link()}\n\n`);
    if (mayOpen && hasScreen(env)) openBrowser(await link(OPENED_LINK_MS));
  } catch (e) {
    terminal.err(`  No sign-in link: ${isCodedError(e) ? e.message : String(e)}. Sign in with a password or a token.\n\n`);
  }
}

function rolesOf(context: CommandContext): ReadonlySet<Role> {
  const text = context.option('role');
  if (text === undefined) return new Set(ROLES);
  const wanted = text.split(',').map((r) => r.trim());
  const wrong = wanted.find((r) => !ROLES.includes(r as Role));
  if (wrong !== undefined) throw errors.OPTION_WRONG({ field: '--role', detail: `There is no role ${JSON.stringify(wrong)}`, fix: `One of ${ROLES.join(', ')}, or several with commas` });
  return new Set(wanted as Role[]);
}

export function secondsPerDay(context: CommandContext): number | null {
  const text = context.option('seconds-per-day');
  if (text === undefined) return null;
  const n = Number(text);
  if (text.trim() !== '' && n >= 0 && n <= 3600) return n;
  throw errors.OPTION_WRONG({ field: '--seconds-per-day', detail: `Given ${JSON.stringify(text)}`, fix: 'A number from 0 to 3600' });
}

const busyPort = (port: number, cause: CodedError): CodedError =>
  new CodedError(cause.code, cause.spec, {
    field: 'PORT',
    detail: `Port ${port} is in use by another program`,
    fix: `Stop that program (\`lsof -i :${port}\` names it), or start with another port: PORT=${port + 1} npm start`,
    cause,
  });

/** Shown on standard error, so that no file of logs has it, and nowhere else. */
const tokenText = (token: string): string =>
  [
    '',
    '  Admin token, shown this once. It signs you in on the console, and goes into Authorization: Bearer for the API.',
    '',
    `  ${token}`,
    '',
    '',
  ].join('\n');

/** The address of the phones: with its key, or without it and with the file that has the key. */
function phoneLines(phoneUrl: string | null, showsKey: boolean, home: string): readonly string[] {
  if (phoneUrl === null) return [];
  const about = 'what customers receive; a stand-in for WhatsApp';
  if (showsKey) return [`  phones        ${phoneUrl}   (${about})`];
  const url = new URL(phoneUrl);
  url.search = '';
  return [
    `  phones        ${url}   (${about})`,
    `                This page needs a key. The address with its key is in ${phonesFile(home)}`,
  ];
}

/** What a person reads after the start. On standard error, so that logs stay clean. */
function welcome(started: Started, title: string | null, phones: readonly string[]): string {
  const lines = [''];
  if (started.apiUrl) lines.push(`  Bellwether is ready${title === null ? '' : `, playing "${title}"`}.`, '', `  console       ${started.apiUrl}/`, `  API           ${started.apiUrl}/docs`);
  lines.push(...phones);
  if (started.gateUrl) lines.push(`  rate gate     ${started.gateUrl}/status`);
  if (started.traceUrl) lines.push(`  traces        ${started.traceUrl}/project/bellwether/traces`);
  for (const warning of started.warnings) lines.push('', `  warning: ${warning}`);
  if (started.apiUrl) {
    lines.push(
      '',
      '  Try next:',
      title === null ? '    open the console: within a minute it shows what each source said' : '    open the console and watch a day go by every few seconds',
      `    curl -s ${started.apiUrl}/api/v1/status`,
      title === null ? '    import your shipments: npm run bellwether -- import shipments FILE' : '    npm start -- --live                 the real sources instead of recorded history',
      '    npm run bellwether -- --help        everything else',
    );
  }
  return `${lines.join('\n')}\n\n`;
}
