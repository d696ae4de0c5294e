/** docs/configuration.md says what src/config.ts does: each variable, its default, its meaning. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { environment, readConfig } from '../../src/config.ts';
import { describeConfig } from '../../src/kernel/config/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');

const rowOf = (name: string, value: string, about: string): string => `| \`${name}\` | ${value === 'not set' ? '–' : `\`${value}\``} | ${about} |`;

test('every variable is in the table, with its default and its meaning', () => {
  for (const { name, value, about } of describeConfig(environment, readConfig({}))) {
    assert.ok(page.includes(`${rowOf(name, value, about)}\n`), `docs/configuration.md lacks the line\n${rowOf(name, value, about)}`);
  }
});

test('the table has no variable that is not read', () => {
  const told = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((m) => m[1]!);
  assert.deepEqual(told.filter((name) => !Object.hasOwn(environment.shape, name)), []);
  assert.equal(told.length, new Set(told).size, 'each once');
});

/** The type below `optional`, `default` and their like. */
const innermost = (schema: z.core.$ZodType): string => {
  const { def } = schema._zod;
  return 'innerType' in def ? innermost(def.innerType as z.core.$ZodType) : def.type;
};

test('every variable that takes one of a few words takes them in any case', () => {
  const { values } = readConfig({ LOG_LEVEL: 'DEBUG', LOG_FORMAT: 'LogFmt', ENABLE_CACHING: 'FALSE' });
  assert.deepEqual([values.LOG_LEVEL, values.LOG_FORMAT, values.ENABLE_CACHING], ['debug', 'logfmt', false]);
  const caseBound = Object.entries(environment.shape).filter(([, member]) => innermost(member) === 'enum');
  assert.equal(innermost(z.enum(['a']).optional()), 'enum');
  assert.deepEqual(caseBound.map(([name]) => name), [], 'use choice() of kernel/config instead of z.enum');
});
