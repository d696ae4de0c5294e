import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '../kernel/logging/index.ts';
import { localToken } from './local-token.ts';

function folder(): Disposable & { readonly home: string; readonly file: string } {
  const home = mkdtempSync(join(tmpdir(), 'bw-token-'));
  return { home, file: join(home, 'curlrc'), [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) };
}

test('the token is made once, kept, readable by its user alone, and the same for processes that start together', async () => {
  using made = folder();
  const tokens = await Promise.all(Array.from({ length: 8 }, () => localToken(made.home, silentLogger)));
  assert.equal(new Set(tokens).size, 1);
  assert.match(tokens[0]!, /^[\w-]{43}$/);
  assert.equal(await localToken(made.home, silentLogger), tokens[0]);
  assert.equal(statSync(made.file).mode & 0o777, 0o600);
  assert.match(readFileSync(made.file, 'utf8'), /^header = "x-bellwether-local: /m);
});

test('a file without a token is replaced; a folder that cannot be used gives none, and the desk starts', async () => {
  using made = folder();
  writeFileSync(made.file, 'emptied by somebody', { mode: 0o644 });
  assert.match((await localToken(made.home, silentLogger))!, /^[\w-]{43}$/);
  assert.equal(statSync(made.file).mode & 0o777, 0o600);
  assert.equal(await localToken(join(made.file, 'below-a-file'), silentLogger), null);
});
