import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backtestCommand } from './backtest-command.ts';
import { EXIT, runCommandLine } from './command.ts';
import { importCommand } from './import-command.ts';
import { startCommand } from './start-command.ts';

async function run(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const terminal = { interactive: false, errIsTerminal: false, columns: 120, out: (text: string) => void (said.out += text), err: (text: string) => void (said.err += text) };
  const code = await runCommandLine([backtestCommand, importCommand, startCommand], argv, terminal, {}, AbortSignal.timeout(60_000));
  return { code, ...said };
}

test('a report that could not be written is refused before the walk, with the place', async () => {
  const { code, out, err } = await run('backtest', 'hormuz-2026', '--out', '/no/such/folder/report.json');
  assert.equal(code, EXIT.failed);
  assert.match(err, /^The report could not be written: \/no\/such\/folder\/report\.json.*\[BACKTEST_OUT\]\n {2}at: --out\n {2}fix: /);
  assert.equal(out, '');
});

test('a scenario that is named twice, and an argument that no command reads, are refused and not passed over', async () => {
  const twice = await run('backtest', 'hormuz-2026', '--scenario', 'quiet-2025');
  assert.deepEqual([twice.code, /COMMAND_WRONG.*\n {2}at: --scenario/.test(twice.err)], [EXIT.usage, true], twice.err);
  for (const argv of [['backtest', 'hormuz-2026', 'quiet-2025'], ['import', 'shipments', 'a.csv', 'b.csv'], ['start', 'red-sea-2023']]) {
    const { code, err } = await run(...argv);
    assert.deepEqual([code, err.split('\n')[0]], [EXIT.usage, `Unexpected argument '${argv.at(-1)}'.`]);
  }
});
