/** Configuration: one zod schema of the environment, every fault at once, and where each value came from. Which variables there are is not here. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { defineErrors } from '../errors/index.ts';

export const errors = defineErrors({
  CONFIG_INVALID: { status: 500, title: 'The configuration has a value that is wrong' },
});

/** Where a value came from, the stronger first. */
export type Origin = 'environment' | '.env' | 'default';

export interface LoadedConfig<T> {
  readonly values: Readonly<T>;
  readonly origins: Readonly<Record<string, Origin>>;
}

/** Marks a variable whose value is never shown. */
export const secret = <S extends z.ZodType>(schema: S): S => schema.meta({ ...schema.meta(), secret: true }) as S;

/** `true|false|1|0|yes|no|on|off`. */
export const flag = (): z.ZodType<boolean, string> =>
  z.string().transform((text, context) => {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    if (/^(false|0|no|off)$/i.test(text)) return false;
    context.addIssue({ code: 'custom', message: 'expected true or false' });
    return z.NEVER;
  });

/** One of these words, in any case: runbooks write `DEBUG` as well as `debug`. Gives the word as the list has it. */
export const choice = <const W extends readonly string[]>(words: W): z.ZodType<W[number], string> =>
  z.string().transform((text, context): W[number] => {
    const wanted = text.trim().toLowerCase();
    const found = words.find((word) => word.toLowerCase() === wanted);
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `expected one of ${words.join(', ')}` });
    return z.NEVER;
  });

/** A whole number within bounds, as text. */
export const whole = (least: number, most: number): z.ZodType<number, string> =>
  z.string().transform((text, context) => {
    const n = Number(text);
    if (/^-?\d+$/.test(text.trim()) && n >= least && n <= most) return n;
    context.addIssue({ code: 'custom', message: `expected a whole number from ${least} to ${most}` });
    return z.NEVER;
  });

/**
 * @param shape a zod object of the variables; each takes text and has a default or is optional
 * @param env the environment; an empty value counts as absent
 * @param envFile path of a `.env` file that may be absent; the environment wins over it
 * @throws CodedError CONFIG_INVALID with one issue a variable: what is wrong and what would be right, never a secret's value
 */
export function loadConfig<S extends z.ZodObject>(shape: S, env: NodeJS.ProcessEnv, envFile?: string): LoadedConfig<z.output<S>> {
  const file = envFile === undefined ? {} : readEnvFile(envFile);
  const given: Record<string, string> = {};
  const origins: Record<string, Origin> = {};
  for (const name of Object.keys(shape.shape)) {
    const fromEnv = env[name]?.trim();
    const fromFile = file[name]?.trim();
    const value = fromEnv || fromFile;
    if (value) given[name] = value;
    origins[name] = fromEnv ? 'environment' : fromFile ? '.env' : 'default';
  }
  const parsed = shape.safeParse(given);
  if (parsed.success) return Object.freeze({ values: Object.freeze(parsed.data), origins: Object.freeze(origins) });
  const issues = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? 'environment');
    const member = shape.shape[name] as z.ZodType | undefined;
    const shown = member && isSecret(member) ? '(not shown)' : JSON.stringify(given[name] ?? '');
    return { field: name, message: `${issue.message}; given ${shown} (${origins[name] ?? 'environment'})`, ...(member?.description ? { fix: member.description } : {}) };
  });
  throw errors.CONFIG_INVALID({ detail: `${issues.length} variable${issues.length === 1 ? '' : 's'} wrong`, issues });
}

/** One row a variable: its name, its value (secrets as `set` or `not set`), where it came from, what it means. */
export function describeConfig<S extends z.ZodObject>(shape: S, config: LoadedConfig<z.output<S>>): readonly { name: string; value: string; origin: Origin; about: string }[] {
  return Object.entries(shape.shape).map(([name, member]) => {
    const value = (config.values as Record<string, unknown>)[name];
    const shown = isSecret(member as z.ZodType) ? (value === undefined ? 'not set' : 'set') : value === undefined ? 'not set' : withoutPassword(String(value));
    return { name, value: shown, origin: config.origins[name] ?? 'default', about: (member as z.ZodType).description ?? '' };
  });
}

const isSecret = (schema: z.ZodType): boolean => schema.meta()?.['secret'] === true;

/** A DSN without its password. */
export const withoutPassword = (text: string): string => text.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:@/]*):[^@/]*@/i, '$1:***@');

function readEnvFile(path: string): Record<string, string | undefined> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw errors.CONFIG_INVALID({ detail: `${path} cannot be read: ${(e as Error).message}`, fix: 'Make it readable for this user, or remove it', cause: e });
  }
  return parseEnv(text) as Record<string, string | undefined>;
}
