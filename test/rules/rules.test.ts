/** The rules that hold the house do hold: a planted breach of each is caught. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ambientDates, importBreaches, longFiles } from '../support/rules.ts';

function plant(files: Readonly<Record<string, string>>): Disposable & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'bw-rules-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

const uses = (path: string): string => `import { x } from '${path}';\nexport const y: number = x;\n`;
const X = 'export const x: number = 1;\n';

const cases: readonly (readonly [rule: string, files: Readonly<Record<string, string>>])[] = [
  ['model-is-pure', { 'src/model/a.ts': uses('../kernel/b.ts'), 'src/kernel/b.ts': X }],
  ['kernel-knows-no-domain', { 'src/kernel/a.ts': uses('../model/money.ts'), 'src/model/money.ts': X }],
  ['flow-runs-downhill-signals', { 'src/flow/signals/a.ts': uses('../decisions/index.ts'), 'src/flow/decisions/index.ts': X }],
  ['stage-through-its-face', { 'src/flow/alerts/a.ts': uses('../signals/store.ts'), 'src/flow/signals/store.ts': X }],
  ['stage-knows-no-venue', { 'src/flow/signals/a.ts': uses('../../venues/v/client.ts'), 'src/venues/v/client.ts': X }],
  ['venue-knows-only-ports', { 'src/venues/v/client.ts': uses('../../flow/signals/store.ts'), 'src/flow/signals/store.ts': X }],
  ['flow-knows-no-desk', { 'src/flow/signals/a.ts': uses('../../desk/d/index.ts'), 'src/desk/d/index.ts': X }],
  ['network-at-the-edge', { 'src/flow/signals/a.ts': "import net from 'node:net';\nexport const y = net;\n", 'src/flow/signals/b.ts': uses('./a.ts').replace('{ x }', '{ y as x }').replace(': number = x', ' = x') }],
  ['nobody-imports-the-roof', { 'src/kernel/a.ts': uses('../app.ts'), 'src/app.ts': X }],
  ['no-cycles', { 'src/kernel/a.ts': `${uses('./b.ts')}export const x = 1;\n`, 'src/kernel/b.ts': `${uses('./a.ts')}export const x = 1;\n` }],
  ['no-orphans', { 'src/kernel/a.ts': X }],
];

for (const [rule, files] of cases) {
  test(`a planted breach of ${rule} is caught, with a reason`, async () => {
    using tree = plant(files);
    const found = (await importBreaches(tree.root)).find((breach) => breach.rule === rule);
    assert.ok(found, `${rule} was not reported`);
    assert.ok(found.why.length > 20);
  });
}

test('a tree in which nothing can be read is a failure, not a pass', async () => {
  using tree = plant({ 'src/readme.txt': 'nothing here' });
  await assert.rejects(importBreaches(tree.root), /0 modules/);
});

test('a file over the limit and a date from the air are reported', () => {
  using tree = plant({ 'src/flow/a/long.ts': '\n'.repeat(401), 'src/flow/a/now.ts': 'export const now = new Date();\n', 'src/flow/a/fine.ts': 'export const then = new Date(0);\n' });
  assert.deepEqual(longFiles(tree.root), [{ file: join('src', 'flow', 'a', 'long.ts'), lines: 401 }]);
  assert.deepEqual(ambientDates(tree.root), [{ file: join('src', 'flow', 'a', 'now.ts'), line: 1 }]);
});
