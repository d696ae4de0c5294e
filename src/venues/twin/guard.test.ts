/** What a web page in the browser of this machine can make of a twin: nothing. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { ManualClock } from '../../model/time.ts';
import { isLoopbackHost } from './guard.ts';
import { startTwin, TWIN_KEY_HEADER, type TwinServer } from './index.ts';

const start = (): Promise<TwinServer> =>
  startTwin({
    name: 'sample',
    clock: new ManualClock('2026-02-28T12:00:00Z'),
    routes: [
      { method: 'GET', path: '/items', handle: () => ({ json: [1] }) },
      { method: 'GET', path: '/page', guard: 'page', handle: () => ({ text: 'page' }) },
    ],
    sockets: [{ path: '/ws', open: () => undefined }],
  });

/** `fetch` does not let a caller choose the Host. */
async function ask(twin: TwinServer, path: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<number> {
  const sent = request({ host: '127.0.0.1', port: twin.port, path, method, headers });
  sent.end();
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

test('names of this machine are told from others', () => {
  const ours = ['127.0.0.1', '127.0.0.1:4000', 'localhost:4000', 'LOCALHOST', '[::1]:4000', '127.8.0.1:1'];
  const others = [
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1:4000',
    '0.0.0.0',
    '[::2]',
    'localhost:4000@evil.example',
  ];
  assert.deepEqual(
    ours.filter((host) => !isLoopbackHost(host)),
    [],
  );
  assert.deepEqual(
    others.filter((host) => isLoopbackHost(host)),
    [],
  );
});

test('a request under another name is refused on every path, also with the key', async () => {
  await using twin = await start();
  const key = { [TWIN_KEY_HEADER]: twin.key };
  for (const path of ['/items', '/page', '/__twin/requests', '/nowhere']) {
    assert.equal(await ask(twin, path, { ...key, host: 'evil.example' }), 403, path);
  }
  assert.equal(await ask(twin, '/items', { host: `localhost:${twin.port}` }), 200);
  assert.equal(twin.counters().total, 1, 'what was refused is no traffic of the venue');
});

test('the control needs the key, in the header', async () => {
  await using twin = await start();
  const faults = (headers: OutgoingHttpHeaders, query = '') => ask(twin, `/__twin/faults${query}`, headers);
  assert.equal(await faults({}), 403);
  assert.equal(await faults({ [TWIN_KEY_HEADER]: 'wrong' }), 403);
  assert.equal(await faults({ [TWIN_KEY_HEADER]: `${twin.key} ` }), 200, 'HTTP trims a header');
  assert.equal(await faults({ [TWIN_KEY_HEADER]: twin.key.slice(1) }), 403);
  assert.equal(await faults({}, `?key=${twin.key}`), 403, 'an address is no place for this key');
  assert.equal(await faults({ [TWIN_KEY_HEADER]: twin.key }), 200);
  await using other = await start();
  assert.notEqual(other.key, twin.key);
});

test('a foreign page is refused on every route, also without a guard and on an unknown path', async () => {
  await using twin = await start();
  for (const path of ['/items', '/page', '/__twin/requests', '/nowhere']) {
    for (const headers of [{ origin: 'http://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
      assert.equal(await ask(twin, path, headers), 403, path);
    }
  }
  assert.equal(await ask(twin, '/items', { origin: 'http://evil.example' }, 'POST'), 403);
  assert.equal(twin.counters().total, 0, 'a refused request does not count as traffic of the venue');
  assert.equal(await ask(twin, '/items', { origin: twin.url }), 200);
});

test('a foreign page is refused even with the key; the twin’s own page is not', async () => {
  await using twin = await start();
  const page = (headers: OutgoingHttpHeaders) => ask(twin, `/page?key=${twin.key}`, headers);
  assert.equal(await page({}), 200);
  assert.equal(await page({ origin: twin.url }), 200);
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${twin.port + 1}`]) {
    assert.equal(await page({ origin }), 403, origin);
  }
  assert.equal(await page({ 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(await page({ 'sec-fetch-site': 'none' }), 200, 'typed by the user');
  assert.equal(await ask(twin, '/page'), 403, 'no key');
});

test('a socket is refused to a foreign page and under a foreign name', async () => {
  await using twin = await start();
  const open = (headers: Record<string, string>) => once(new WebSocket(`${twin.wsUrl}/ws`, { headers }), 'open');
  await open({});
  await open({ origin: twin.url });
  await assert.rejects(open({ origin: 'http://evil.example' }), /403/);
  await assert.rejects(open({ host: `evil.example:${twin.port}` }), /403/);
});
