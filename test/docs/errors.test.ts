/** docs/errors.md lists each code of the catalogue with its status and title, and no other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorCatalogue } from '../../src/kernel/errors/index.ts';
// A part declares its errors when it is loaded: the composition root and the commands load them all.
import '../../src/app.ts';
import '../../src/cli/backtest-command.ts';
import '../../src/cli/config-command.ts';
import '../../src/cli/operate-commands.ts';
import '../../src/cli/running-desk.ts';
import '../../src/cli/replay-command.ts';
import '../../src/cli/scenarios-command.ts';
import '../../src/cli/start-command.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
const told = new Map([...page.matchAll(/^\| `([A-Z_]+)`( †)? \| (\d+) \| (.+?) \|/gm)].map((m) => [m[1]!, { report: m[2] !== undefined, status: Number(m[3]), title: m[4]! }]));

test('every code of the catalogue is told, with its status, its title and whether someone should look', () => {
  assert.ok(errorCatalogue().length > 80, 'the parts are loaded');
  for (const [code, { status, title, report = false }] of errorCatalogue()) assert.deepEqual(told.get(code), { report, status, title }, code);
});

test('no code is told that does not exist', () => {
  const codes = new Set(errorCatalogue().map(([code]) => code));
  assert.deepEqual([...told.keys()].filter((code) => !codes.has(code)), []);
});
