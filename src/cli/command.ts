/** The frame of the command line: commands with their options, help, and exit codes. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { isCodedError } from '../kernel/errors/index.ts';
import type { Terminal } from './terminal.ts';

/** Documented in `bellwether --help` and docs/cli.md. */
export const EXIT = Object.freeze({ ok: 0, failed: 1, usage: 2, unhealthy: 3, config: 78 });

const EXIT_OF: Readonly<Record<string, number>> = { CONFIG_INVALID: EXIT.config, COMMAND_WRONG: EXIT.usage, OPTION_WRONG: EXIT.usage };

export interface OptionHelp {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly about: string;
}

export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** Arguments that are not options. */
  readonly args: readonly string[];
  option(name: string): string | undefined;
  flag(name: string): boolean;
  /** Ends when the user asks to stop (Ctrl-C, SIGTERM). */
  readonly signal: AbortSignal;
}

export interface Command {
  readonly name: string;
  /** `replay SCENARIO`: each word after the name is an argument that it takes, brackets with options aside. */
  readonly usage: string;
  readonly about: string;
  readonly options: Readonly<Record<string, OptionHelp>>;
  /** @returns the exit code */
  run(context: CommandContext): Promise<number>;
}

const COMMON: Readonly<Record<string, OptionHelp>> = {
  json: { type: 'boolean', about: 'write JSON for machines' },
  help: { type: 'boolean', short: 'h', about: 'show this' },
};

/** Reads the arguments, runs the command, and turns what it throws into words and an exit code. */
export async function runCommandLine(commands: readonly Command[], argv: readonly string[], terminal: Terminal, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview(commands));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = commands.find((c) => c.name === name);
  if (!command) {
    terminal.err(`There is no command "${name}".\n\n${overview(commands)}`);
    return EXIT.usage;
  }
  const options = { ...COMMON, ...command.options };
  const config = Object.fromEntries(Object.entries(options).map(([key, o]) => [key, { type: o.type, ...(o.short ? { short: o.short } : {}) }])) as ParseArgsOptionsConfig;
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...rest], options: config, allowPositionals: true, strict: true }) as typeof parsed;
  } catch (e) {
    terminal.err(`${(e as Error).message}\n\n${helpOf(command, options)}`);
    return EXIT.usage;
  }
  if (parsed.values['help'] === true) {
    terminal.out(helpOf(command, options));
    return EXIT.ok;
  }
  // An argument that nobody reads is a mistake: `start red-sea-2023` would play something else.
  const unread = parsed.positionals[argumentsOf(command)];
  if (unread !== undefined) {
    terminal.err(`Unexpected argument '${unread}'.\n\n${helpOf(command, options)}`);
    return EXIT.usage;
  }
  const context: CommandContext = {
    terminal,
    env,
    args: parsed.positionals,
    signal,
    option: (key) => (typeof parsed.values[key] === 'string' ? parsed.values[key] : undefined),
    flag: (key) => parsed.values[key] === true,
  };
  try {
    return await command.run(context);
  } catch (e) {
    terminal.err(wordsOf(e));
    return isCodedError(e) ? (EXIT_OF[e.code] ?? EXIT.failed) : EXIT.failed;
  }
}

const argumentsOf = ({ usage }: Command): number => usage.replace(/\[--[^\]]*\]/g, '').trim().split(/\s+/).length - 1;

/** A coded error in a few lines: what, where, and the fix; anything else with its stack, as it is a defect. */
export function wordsOf(e: unknown): string {
  if (!isCodedError(e)) return `${e instanceof Error ? (e.stack ?? e.message) : String(e)}\n`;
  const { detail, field, fix, issues } = e.occurrence;
  const lines = [`${e.spec.title}${detail ? `: ${detail}` : ''} [${e.code}]`];
  if (field) lines.push(`  at: ${field}`);
  for (const issue of issues ?? []) lines.push(`  ${issue.field}: ${issue.message}${issue.fix ? ` — ${issue.fix}` : ''}`);
  if (fix) lines.push(`  fix: ${fix}`);
  return `${lines.join('\n')}\n`;
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((c) => c.usage.length));
  const list = commands.map((c) => `  ${c.usage.padEnd(width)}  ${c.about}`).join('\n');
  return `usage: bellwether COMMAND [options]\n\n${list}\n\nbellwether COMMAND --help tells a command's options.\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 not healthy, 78 wrong configuration.\n`;
}

function helpOf(command: Command, options: Readonly<Record<string, OptionHelp>>): string {
  const names = Object.entries(options).map(([name, o]) => ({ text: `${o.short ? `-${o.short}, ` : '    '}--${name}${o.type === 'string' ? ' VALUE' : ''}`, about: o.about }));
  const width = Math.max(...names.map((n) => n.text.length));
  return `usage: bellwether ${command.usage} [options]\n\n${command.about}\n\n${names.map((n) => `  ${n.text.padEnd(width)}  ${n.about}`).join('\n')}\n`;
}
