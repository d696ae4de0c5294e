/** What a start prints where its output may be kept: on a terminal, and without one. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask } from '../../test/support/ask.ts';
import { freshDatabase } from '../../test/support/database.ts';
import { deskHome, freePort, until } from '../../test/support/desk.ts';
import { runCommandLine } from './command.ts';
import { startCommand } from './start-command.ts';

const mode = (file: string): number => statSync(file).mode & 0o777;

/** Starts a replay in this process and stops it after `look`. @returns what it printed */
async function startOnce(
  env: NodeJS.ProcessEnv,
  interactive: boolean,
  look: (printed: string) => Promise<void>,
): Promise<string> {
  const stop = new AbortController();
  let printed = '';
  const terminal = {
    interactive,
    errIsTerminal: interactive,
    columns: 120,
    out: (text: string) => void (printed += text),
    err: (text: string) => void (printed += text),
  };
  const argv = ['start', '--seconds-per-day', '3600'];
  const ended = runCommandLine([startCommand], argv, terminal, env, stop.signal);
  try {
    await until(async () => printed.includes('everything else'), { ended, output: () => printed, what: 'the welcome' });
    await look(printed);
  } finally {
    stop.abort();
    await ended;
  }
  assert.equal(await ended, 0, printed);
  return printed;
}

test(
  'the key of the phones is printed on a terminal and on a first start; at any time it is in a file of the owner',
  { timeout: 180_000 },
  async () => {
    using folder = deskHome();
    await using db = await freshDatabase();
    const env = {
      BELLWETHER_ENV_FILE: '/nonexistent',
      BELLWETHER_HOME: folder.home,
      DATABASE_URL: db.url,
      LOG_LEVEL: 'error',
      OPEN_BROWSER: 'false',
      PORT: String(await freePort()),
      GATE_PORT: '0',
      TRACE_PORT: '0',
    };
    const file = join(folder.home, 'phones');
    const inFile = async (): Promise<string> => {
      const address = readFileSync(file, 'utf8').trimEnd();
      assert.equal(mode(file), 0o600);
      assert.equal((await ask(address)).status, 200);
      return address;
    };

    await startOnce(env, false, async (printed) => assert.ok(printed.includes(await inFile()), 'first start'));
    assert.ok(!existsSync(file), 'the stop removes the file');

    const second = await startOnce(env, false, async (printed) => {
      const address = new URL(await inFile());
      const key = address.searchParams.get('key')!;
      assert.ok(key.length > 20);
      assert.ok(!printed.includes(key), printed);
      assert.ok(printed.includes(address.origin + address.pathname));
      assert.ok(printed.includes(file));
    });
    assert.doesNotMatch(second, /key=/);

    await startOnce(env, true, async (printed) => assert.ok(printed.includes(await inFile()), 'on a terminal'));
  },
);
