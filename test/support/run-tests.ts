/**
 * Runs every test: one embedded Postgres for all files, two files at a time (the browser and kill tests are heavy),
 * and at the end one line `N passed, N failed, N skipped`. Arguments narrow it: files, or `--name PATTERN`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../src/kernel/database/index.ts';

const ROOT = join(import.meta.dirname, '../..');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string' }, concurrency: { type: 'string', default: '2' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  process.stdout.write('usage: npm test [-- FILE… --name PATTERN --concurrency N]\nBELLWETHER_TEST_ALL=1 makes a missing server (redis, pgbouncer, chromium …) a failure instead of a skip.\n');
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'bw-tests-'));
const postgres = await startEmbedded(folder);
const files = positionals.length > 0 ? positionals : ['src/**/*.test.ts', 'test/**/*.test.ts', 'console/src/**/*.test.ts'];
const child = spawn(
  process.execPath,
  [
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-concurrency=${values.concurrency}`,
    '--test-timeout=240000',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(import.meta.dirname, 'tally-reporter.ts')}`,
    '--test-reporter-destination=stdout',
    ...(values.name === undefined ? [] : [`--test-name-pattern=${values.name}`]),
    ...files,
  ],
  { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TEST_DATABASE_SERVER: postgres.url } },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
const code = await new Promise<number>((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)));
await postgres.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(code);
