import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backtestCommand } from './backtest-command.ts';
import { EXIT, runCommandLine } from './command.ts';

test('a report that could not be written is refused before the walk, with the place', async () => {
  const said = { out: '', err: '' };
  const terminal = { interactive: false, columns: 120, out: (text: string) => void (said.out += text), err: (text: string) => void (said.err += text) };
  const code = await runCommandLine([backtestCommand], ['backtest', 'hormuz-2026', '--out', '/no/such/folder/report.json'], terminal, {}, AbortSignal.timeout(60_000));
  assert.equal(code, EXIT.failed);
  assert.match(said.err, /^The report could not be written: \/no\/such\/folder\/report\.json.*\[BACKTEST_OUT\]\n {2}at: --out\n {2}fix: /);
  assert.equal(said.out, '');
});
