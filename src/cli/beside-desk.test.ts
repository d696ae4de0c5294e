/** Commands that open the database beside a desk that runs on it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../../test/support/ask.ts';
import { deskHome, startDesk } from '../../test/support/desk.ts';
import { runCommandLine } from './command.ts';
import { auditCommand, migrateCommand } from './operate-commands.ts';
import type { DeskAddress } from '../app/desk-address.ts';
import { consoleAddress, signInCommand } from './sign-in-command.ts';
import { tokenCommand } from './token-command.ts';

const COMMANDS = [auditCommand, migrateCommand, signInCommand, tokenCommand];

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const commandLine =
  (env: NodeJS.ProcessEnv) =>
  async (...argv: readonly string[]): Promise<Said> => {
    const said = { out: '', err: '' };
    const terminal = {
      interactive: false, errIsTerminal: false,
      columns: 120,
      out: (text: string) => void (said.out += text),
      err: (text: string) => void (said.err += text),
    };
    const code = await runCommandLine(
      COMMANDS,
      argv,
      terminal,
      { BELLWETHER_ENV_FILE: '/nonexistent', ...env },
      new AbortController().signal,
    );
    return { code, ...said };
  };

test(
  'token, audit, sign-in and migrate status work beside a running desk; what changes its shape is refused',
  { timeout: 120_000 },
  async () => {
    using folder = deskHome();
    const desk = await startDesk({ home: folder.home, args: ['--seconds-per-day', '3600'] });
    const run = commandLine({ BELLWETHER_HOME: folder.home, PORT: new URL(desk.url).port });

    const link = await run('sign-in', '--minutes', '5');
    assert.equal(link.code, 0, link.err);
    const [, address, code] = /^(.+)\/#sign-in=(bwl_[\w-]{43})\n$/.exec(link.out) ?? [];
    assert.equal(address, desk.url);
    assert.ok(!link.err.includes('No desk runs'));
    const pair = await ask(`${desk.url}/api/v1/auth/link`, { json: { code } });
    assert.equal(pair.status, 200, pair.text);
    const access = String(pair.json['access_token']);
    assert.equal((await ask(`${desk.url}/api/v1/auth/me`, { token: access })).json['role'], 'admin');

    const made = await run('token', 'create', '--role', 'operator', '--json');
    assert.equal(made.code, 0, made.err);
    const { id, token } = JSON.parse(made.out) as { id: string; token: string };
    assert.equal((await ask(`${desk.url}/api/v1/auth/me`, { token })).json['role'], 'operator');
    assert.equal((await run('token', 'revoke', '--id', id)).code, 0);
    assert.match((await run('token', 'create', '--name', ' ')).err, /\[VALIDATION_FAILED\]\n {2}at: name/);

    const audit = await run('audit', 'verify');
    const head = /^head: (\d+:[0-9a-f]{64})$/m.exec(audit.out)?.[1];
    assert.ok(audit.code === 0 && head !== undefined, audit.out + audit.err);
    assert.equal((await run('audit', 'verify', '--anchor', head)).code, 0);
    const rewritten = await run('audit', 'verify', '--anchor', head.replace(/:.*/, `:${'0'.repeat(64)}`));
    assert.deepEqual([rewritten.code, /\(changed\)/.test(rewritten.out)], [1, true]);
    assert.match((await run('audit', 'verify', '--anchor', '7')).err, /\[COMMAND_WRONG\]\n {2}at: --anchor/);

    assert.equal((await run('migrate', 'status')).code, 0);
    for (const verb of ['up', 'down']) assert.match((await run('migrate', verb)).err, /\[DATABASE_FOLDER_IN_USE\]/);
    assert.match((await run('token', 'create', '--live')).err, /\[COMMAND_WRONG\]\n {2}at: --live/);
    assert.match((await run('sign-in', '--email', 'nobody@example.org')).err, /at: --email/);
    for (const minutes of ['0', 'soon', '1441'])
      assert.match((await run('sign-in', '--minutes', minutes)).err, /at: --minutes/);

    assert.equal((await ask(`${desk.url}/health`)).status, 200, 'the desk and its Postgres go on');
    assert.equal(await desk.kill(), 0);
    const stopped = await run('sign-in', '--json');
    assert.equal(stopped.code, 0, stopped.err);
    assert.match((JSON.parse(stopped.out) as { url: string }).url, /#sign-in=bwl_/);
    assert.match(stopped.err, /No desk runs/);
  },
);

test('the link leads to where a browser reaches the console', () => {
  const at = (HOST: string, PUBLIC_URL?: string, running: DeskAddress | null = null) => consoleAddress({ HOST, PORT: 8000, PUBLIC_URL }, running);
  assert.equal(at('127.0.0.1'), 'http://127.0.0.1:8000');
  assert.equal(at('0.0.0.0'), 'http://127.0.0.1:8000');
  assert.equal(at('::1'), 'http://[::1]:8000');
  assert.equal(at('desk.local'), 'http://desk.local:8000');
  assert.equal(at('127.0.0.1', 'https://desk.example.org/'), 'https://desk.example.org');
  assert.equal(at('127.0.0.1', undefined, { url: 'http://127.0.0.1:8001', publicUrl: null }), 'http://127.0.0.1:8001', 'the desk that runs');
  assert.equal(at('127.0.0.1', undefined, { url: 'http://127.0.0.1:8001', publicUrl: 'https://desk.example.org' }), 'https://desk.example.org');
});
