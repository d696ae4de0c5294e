/**
 * A reverse proxy in front of the embedded desk, with nothing set but `proxy_pass`: what it sends looks like curl on this machine.
 * Its visitors must get nothing that takes a token, on any port.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { API_AUTHORISATION, GATE_AUTHORISATION, TRACE_AUTHORISATION } from '../../src/app/authorisation.ts';
import type { Authorisation } from '../../src/kernel/http/index.ts';
import { ask } from '../support/ask.ts';
import { deskHome, freePort, startDesk, until } from '../support/desk.ts';
import { findServer } from '../support/servers.ts';
import { shortScenario } from '../support/short-scenario.ts';

const found = findServer('nginx');
/** nginx' workers run as `www-data` only when it is started by root; else they run as the desk's own user. */
const skip = found.skip || (process.geteuid?.() === 0 ? false : 'needs root: nginx must run as another user than the desk');

interface Proxied {
  readonly name: string;
  readonly behind: string;
  readonly front: number;
  readonly table: Authorisation;
}

async function startNginx(sites: readonly Proxied[]): Promise<AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'bw-nginx-'));
  const servers = sites.map(({ front, behind }) => `server { listen 127.0.0.1:${front}; location / { proxy_pass ${behind}; } }`);
  const sockets = sites.map(({ front, behind }) => `server { listen 127.0.0.2:${front}; location / { proxy_pass ${behind}; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; } }`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `user www-data; daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1;
events {}
http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
${[...servers, ...sockets].join('\n')} }`,
  );
  const nginx = spawn(found.path!, ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], { stdio: 'ignore' });
  const ended = once(nginx, 'exit');
  return {
    async [Symbol.asyncDispose]() {
      nginx.kill('SIGQUIT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const targetOf = (pattern: string): string => pattern.replace(':provider', 'polymarket').replace(':project', 'bellwether').replace(/:\w+|\*/g, 'x');

test('nginx without a forwarding header gives strangers nothing', { skip, timeout: 120_000 }, async () => {
  using folder = deskHome();
  using scenario = shortScenario('hormuz-2026', '2026-02-26', '2026-03-04');
  const tracePort = await freePort();
  await using desk = await startDesk({ home: folder.home, args: ['--scenario', scenario.path, '--seconds-per-day', '3600'], env: { TRACE_PORT: String(tracePort) } });
  const sites: readonly Proxied[] = [
    { name: 'API', behind: desk.url, front: await freePort(), table: API_AUTHORISATION },
    { name: 'rate gate', behind: desk.gateUrl, front: await freePort(), table: GATE_AUTHORISATION },
    { name: 'trace viewer', behind: `http://127.0.0.1:${tracePort}`, front: await freePort(), table: TRACE_AUTHORISATION },
  ];
  await using _nginx = await startNginx(sites);
  const through = ({ front }: Proxied): string => `http://127.0.0.1:${front}`;
  await until(async () => (await ask(`${through(sites[0]!)}/health/live`)).status === 200, { what: 'nginx' });
  const used = async (): Promise<unknown> => (await ask(`${desk.gateUrl}/status/polymarket`)).json['used'];
  const before = await used();
  assert.equal(typeof before, 'number', 'a program of this machine reads the gate without a token');

  const admitted: string[] = [];
  let asked = 0;
  for (const site of sites) {
    for (const [key, rule] of Object.entries(site.table)) {
      const [method = '', pattern = ''] = key.split(' ');
      if (method === 'WS' || rule.kind === 'public') continue;
      const { status } = await ask(through(site) + targetOf(pattern), { method });
      asked += 1;
      if (status !== 401) admitted.push(`${site.name}: ${key} answered ${status}`);
    }
  }
  assert.deepEqual(admitted, []);
  assert.ok(asked > 70, `${asked} routes were asked`);
  assert.equal(await used(), before, 'no counter was raised');

  const status = await new Promise<number>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.2:${sites[0]!.front}/ws/events`);
    socket.once('unexpected-response', (_request, reply) => resolve(reply.statusCode ?? 0));
    socket.once('open', () => resolve(101));
    socket.on('error', () => undefined);
  });
  assert.equal(status, 401);

  // The same proxy serves whoever signs in, and the probes of a balancer.
  assert.equal((await ask(`${through(sites[0]!)}/api/v1/api-keys`, { token: desk.token })).status, 200);
  assert.equal((await ask(`${through(sites[0]!)}/health`)).status, 200);
  assert.match(desk.output(), /proxy_seen/, 'the log says so');
});
