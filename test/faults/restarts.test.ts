/** Stops and starts of the whole desk: under load, after a kill, twice on one folder, and on ports that are taken. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { isAlive } from '../../src/kernel/database/processes.ts';
import { adminToken, ask } from '../support/ask.ts';
import { deskHome, freePort, startDesk, until } from '../support/desk.ts';
import { load, type LoadReply } from '../support/load.ts';
import { all } from '../support/story.ts';

const args = ['--seconds-per-day', '3600'];
const UNLIMITED = { RATE_LIMIT_GLOBAL: '1000000', RATE_LIMIT_PER_CALLER: '1000000' };
const READS = ['/api/v1/decisions', '/api/v1/chokepoints', '/api/v1/status', '/api/v1/signals?limit=5', '/health', '/health/ready'] as const;

const postmasterFile = (home: string): string => join(home, 'postgres/data/postmaster.pid');
const postmaster = (home: string): number => Number(readFileSync(postmasterFile(home), 'utf8').split('\n')[0]);
const customer = (id: string) => ({ id, name: 'Under load', language: 'en', timezone: 'UTC', whatsapp: '+15550100' });

/** Asks readiness as a balancer does. @returns resolves when it has said no twice in a row: from then on nothing more is sent here */
async function takenOut(url: string): Promise<void> {
  for (let refusals = 0; refusals < 2; ) {
    const { status, json } = await ask(`${url}/health/ready`);
    refusals = status === 503 && json['status'] === 'not_ready' ? refusals + 1 : 0;
    await sleep(100);
  }
}

test('SIGTERM under 200 requests a second: each one is answered, each acknowledged write is kept, and the desk starts again', { timeout: 120_000 }, async () => {
  using folder = deskHome();
  const desk = await startDesk({ home: folder.home, args: ['--seconds-per-day', '1'], env: UNLIMITED });
  const token = await adminToken(desk);
  let out = false;
  const balancer = takenOut(desk.url).then(() => (out = true));
  const stopping = sleep(3_000).then(() => desk.kill('SIGTERM'));
  const next = (n: number) => (n % 10 === 0 ? { path: '/api/v1/customers', token, json: customer(`load_${n}`) } : { path: READS[n % READS.length]!, token });
  const replies = await load(desk.url, 200, next, () => out);
  await balancer;
  assert.equal(await stopping, 0, desk.output().slice(-4_000));

  const answered = replies.filter(({ outcome }) => outcome === 'answered');
  assert.deepEqual(replies.filter((reply) => !answered.includes(reply)).slice(0, 5), [], `${answered.length} of ${replies.length} answered`);
  const right = ({ status, request }: LoadReply): boolean => status === (request.json === undefined ? 200 : 201) || (status === 503 && request.path === '/health/ready');
  assert.deepEqual(answered.filter((reply) => !right(reply)).slice(0, 5), []);
  assert.ok(answered.length >= 600, `${answered.length} answers`);
  assert.ok(answered.some(({ status }) => status === 503), 'readiness said 503 while traffic was still taken');
  assert.equal(existsSync(postmasterFile(folder.home)), false, 'its Postgres was stopped with it');

  await using again = await startDesk({ home: folder.home, args });
  const kept = new Set((await all(again, '/api/v1/customers')).map(({ id }) => id));
  const acknowledged = answered.filter(({ status }) => status === 201).map(({ request }) => (request.json as { id: string }).id);
  assert.deepEqual(acknowledged.filter((id) => !kept.has(id)), [], 'what was acknowledged is there');
  assert.ok(acknowledged.length >= 50);
});

test('killed outright: the next start adopts the Postgres that still runs; a second desk on the folder is refused by name', { timeout: 120_000 }, async () => {
  using folder = deskHome();
  const first = await startDesk({ home: folder.home, args });
  await adminToken(first);
  // The token is printed before the replay has its customers.
  await until(async () => (await all(first, '/api/v1/customers')).length > 0, { ended: first.ended, output: first.output, what: 'the customers' });
  const orphan = postmaster(folder.home);
  const before = await all(first, '/api/v1/customers');
  assert.equal(await first.kill('SIGKILL'), 'SIGKILL');
  assert.ok(isAlive(orphan), 'Postgres outlives its owner');

  await using again = await startDesk({ home: folder.home, args });
  assert.equal(postmaster(folder.home), orphan, 'adopted, not started anew');
  assert.deepEqual(await all(again, '/api/v1/customers'), before);

  const second = await startDesk({ home: folder.home, args, wait: false });
  assert.equal(await second.ended, 1);
  assert.match(second.output(), /\[DATABASE_FOLDER_IN_USE\]/);
  assert.match(second.output(), new RegExp(`process ${again.pid}\\b`), 'it names who has the folder');
  assert.match(second.output(), new RegExp(`fix: Stop it \\(kill ${again.pid}\\)`));
  assert.equal((await ask(`${again.url}/health`)).status, 200, 'the first is not disturbed');

  assert.equal(await again.kill('SIGTERM'), 0);
  assert.equal(isAlive(orphan), false, 'what was adopted is stopped as if it were its own');
});

async function takenPort(): Promise<AsyncDisposable & { port: number }> {
  const server: Server = createServer((socket) => socket.destroy());
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

test('a taken PORT ends the start with the port and the fix, and leaves nothing running', { timeout: 60_000 }, async () => {
  using folder = deskHome();
  await using taken = await takenPort();
  const desk = await startDesk({ home: folder.home, args, ports: { api: taken.port, gate: await freePort() }, wait: false });
  assert.equal(await desk.ended, 1);
  assert.match(desk.output(), new RegExp(`Port ${taken.port} is in use`));
  assert.match(desk.output(), new RegExp(`fix: .*lsof -i :${taken.port}.*PORT=${taken.port + 1} npm start`));
  assert.equal(existsSync(postmasterFile(folder.home)), false, 'its Postgres is stopped');
});

test('taken GATE_PORT and TRACE_PORT are warnings with a fix, and the desk runs', { timeout: 60_000 }, async () => {
  using folder = deskHome();
  await using gate = await takenPort();
  await using trace = await takenPort();
  await using desk = await startDesk({ home: folder.home, args, ports: { api: await freePort(), gate: gate.port }, env: { TRACE_PORT: String(trace.port) } });
  await until(async () => desk.output().includes('warning:'), { ended: desk.ended, output: desk.output, what: 'the welcome' });
  for (const [variable, { port }] of [['GATE_PORT', gate], ['TRACE_PORT', trace]] as const) {
    assert.match(desk.output(), new RegExp(`warning: Port ${port} is busy.*Set ${variable} to a free port, or to 0 to do without`));
  }
  assert.equal((await ask(`${desk.url}/api/v1/status`)).status, 200);
  assert.equal(await desk.kill('SIGTERM'), 0);
});
