/** Where things lie, relative to the checkout. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
export const MIGRATIONS = join(ROOT, 'migrations');
export const SCENARIOS = join(ROOT, 'scenarios');
export const CONSOLE = join(ROOT, 'console/dist');

/** `.env` beside package.json, unless BELLWETHER_ENV_FILE names another. */
export const envFile = (env: NodeJS.ProcessEnv): string => env['BELLWETHER_ENV_FILE'] ?? join(ROOT, '.env');

/** BELLWETHER_HOME is relative to the checkout, so that a command finds it from any folder. */
export const homeFolder = (home: string): string => resolve(ROOT, home);

export const version = (): string => (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
