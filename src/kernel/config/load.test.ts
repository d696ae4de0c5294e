import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { CodedError } from '../errors/index.ts';
import { choice, describeConfig, flag, loadConfig, secret, whole, withoutPassword } from './load.ts';

const shape = z.object({
  PORT: whole(0, 65_535).default(8000).describe('Where to listen'),
  CACHING: flag().default(true),
  KEY: secret(z.string().min(8).optional().describe('At least eight characters')),
});

const fault = (run: () => unknown): CodedError => {
  try {
    run();
  } catch (e) {
    assert.ok(e instanceof CodedError);
    return e;
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' });
};

test('every wrong variable is told at once, with its fix, and no secret is shown', () => {
  const e = fault(() => loadConfig(shape, { PORT: '99999', CACHING: 'maybe', KEY: 'hunter2' }));
  assert.equal(e.code, 'CONFIG_INVALID');
  assert.deepEqual(e.occurrence.issues?.map((i) => i.field).sort(), ['CACHING', 'KEY', 'PORT']);
  assert.match(JSON.stringify(e.occurrence), /from 0 to 65535.*99999/);
  assert.doesNotMatch(JSON.stringify(e.occurrence), /hunter2/);
});

test('the environment wins over the file, the file over the default, and each origin is known', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bw-config-'));
  const file = join(folder, '.env');
  writeFileSync(file, 'PORT=9000\nCACHING=off\n');
  const config = loadConfig(shape, { PORT: '9001', CACHING: '' }, file);
  rmSync(folder, { recursive: true });
  assert.deepEqual(config.values, { PORT: 9001, CACHING: false });
  assert.deepEqual(config.origins, { PORT: 'environment', CACHING: '.env', KEY: 'default' });
  assert.deepEqual(loadConfig(shape, {}, file).values, { PORT: 8000, CACHING: true });
});

test('what is printed tells a secret only as set or not set, and a DSN without its password', () => {
  const rows = describeConfig(shape, loadConfig(shape, { KEY: 'correct horse' }));
  assert.deepEqual(rows.find((r) => r.name === 'KEY'), { name: 'KEY', value: 'set', origin: 'environment', about: 'At least eight characters' });
  assert.equal(withoutPassword('postgres://bw:pa%40ss@db:5432/x'), 'postgres://bw:***@db:5432/x');
});

test('a choice takes its words in any case, and lists them when the word is another', () => {
  const levels = z.object({ LOG_LEVEL: choice(['debug', 'info', 'warn']).optional() });
  for (const LOG_LEVEL of ['debug', 'DEBUG', 'Debug']) {
    assert.deepEqual(loadConfig(levels, { LOG_LEVEL }).values, { LOG_LEVEL: 'debug' });
  }
  const e = fault(() => loadConfig(levels, { LOG_LEVEL: 'LOUD' }));
  assert.deepEqual(e.occurrence.issues?.map((i) => [i.field, i.message]), [
    ['LOG_LEVEL', 'expected one of debug, info, warn; given "LOUD" (environment)'],
  ]);
});
