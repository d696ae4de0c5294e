/** The command line: reads the command and hands over. */
import { runCommandLine } from './cli/command.ts';
import { backtestCommand } from './cli/backtest-command.ts';
import { calibrationCommand } from './cli/calibration-command.ts';
import { configCommand } from './cli/config-command.ts';
import { decisionCommand } from './cli/decision-command.ts';
import { importCommand } from './cli/import-command.ts';
import { auditCommand, healthCommand, migrateCommand } from './cli/operate-commands.ts';
import { tokenCommand } from './cli/token-command.ts';
import { replayCommand } from './cli/replay-command.ts';
import { scenariosCommand } from './cli/scenarios-command.ts';
import { signInCommand } from './cli/sign-in-command.ts';
import { startCommand } from './cli/start-command.ts';
import { processTerminal } from './cli/terminal.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
// The launcher holds the other end of this channel: when it is killed outright, the desk still stops in good order.
if (process.channel) {
  process.on('disconnect', () => stop.abort());
  process.channel.unref();
}

// While a desk stops, what it waits for (a database that shuts down) no longer keeps the process alive by itself.
const alive = setInterval(() => undefined, 60_000);

const commands = [
  startCommand,
  replayCommand,
  backtestCommand,
  scenariosCommand,
  migrateCommand,
  healthCommand,
  importCommand,
  decisionCommand,
  configCommand,
  signInCommand,
  tokenCommand,
  auditCommand,
  calibrationCommand,
];
const code = await runCommandLine(commands, process.argv.slice(2), processTerminal(), process.env, stop.signal);
clearInterval(alive);
process.exit(code);
