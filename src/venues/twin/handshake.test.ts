/** Requests and handshakes that no real client makes: a twin refuses them and goes on. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { ManualClock } from '../../model/time.ts';
import { startTwin, type TwinServer } from './index.ts';

const start = (): Promise<TwinServer> =>
  startTwin({
    name: 'sample',
    clock: new ManualClock('2026-02-28T12:00:00Z'),
    routes: [{ method: 'POST', path: '/items', handle: (request) => ({ json: request.body.length }) }],
    sockets: [{ path: '/ws', open: () => undefined }],
  });

/** A guard for a twin that never answers, not a measure. */
const GUARD_MS = 10_000;

async function connected(twin: TwinServer): Promise<Socket> {
  const socket = connect(twin.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const handshake = (target: string, host = '127.0.0.1'): string =>
  [
    `GET ${target} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');

/** Sends a text and gives the first line of the reply. */
async function statusLine(twin: TwinServer, text: string): Promise<string> {
  const socket = await connected(twin);
  socket.write(text);
  const [data] = (await once(socket, 'data', { signal: AbortSignal.timeout(GUARD_MS) })) as [Buffer];
  socket.destroy();
  return data.toString('latin1').split('\r\n')[0]!;
}

/** The twin's own sockets, which a test cannot reach, have seen what the client did once it answers again. */
async function isAlive(twin: TwinServer): Promise<boolean> {
  for (let i = 0; i < 20; i += 1) {
    const ws = new WebSocket(`${twin.wsUrl}/ws`);
    await once(ws, 'open', { signal: AbortSignal.timeout(GUARD_MS) });
    ws.terminate();
    await once(ws, 'close');
  }
  return true;
}

test('a target that is no address is unknown, for a request and for a handshake', async () => {
  await using twin = await start();
  for (const target of ['//', '//:x', '/%', '///?a=b', '*?']) {
    assert.equal(await statusLine(twin, handshake(target)), 'HTTP/1.1 404 Not Found', target);
    const plain = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
    assert.equal(await statusLine(twin, plain), 'HTTP/1.1 404 Not Found', target);
  }
  assert.ok(await isAlive(twin));
});

for (const [what, text] of [
  ['an unknown path', handshake('/nowhere')],
  ['another name', handshake('/ws', 'evil.example')],
] as const) {
  for (const [how, end] of [
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['closes', (socket: Socket) => socket.destroy()],
    ['ends', (socket: Socket) => socket.end()],
  ] as const) {
    test(`a client that ${how} during the refusal of ${what} does not end the process`, async () => {
      await using twin = await start();
      for (let i = 0; i < 50; i += 1) {
        const socket = await connected(twin);
        await new Promise<void>((sent) => socket.write(text, () => sent()));
        end(socket);
      }
      assert.ok(await isAlive(twin));
    });
  }
}

test('a client that resets while its handshake is held does not end the process', async () => {
  await using twin = await start();
  twin.faults.set([{ kind: 'half_open', times: 1 }]);
  const socket = await connected(twin);
  socket.write(handshake('/ws'));
  while (twin.counters().byOutcome['held'] !== 1) await new Promise((turn) => setImmediate(turn));
  socket.resetAndDestroy();
  assert.ok(await isAlive(twin));
});

test('a body over the limit is 413, with its length or in chunks; the next one on the twin is taken', async () => {
  await using twin = await start();
  const limit = 4 << 20;
  const post = (body: string | ReadableStream<Uint8Array>, more: object = {}): Promise<Response> =>
    fetch(`${twin.url}/items`, { method: 'POST', body, ...more });
  const large = await post('x'.repeat(limit + 1));
  assert.deepEqual([large.status, await large.json()], [413, { error: `the body is over ${limit} bytes` }]);
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < 5; i += 1) controller.enqueue(new Uint8Array(1 << 20));
      controller.close();
    },
  });
  assert.equal((await post(pieces, { duplex: 'half' })).status, 413);
  const whole = await post('x'.repeat(limit));
  assert.deepEqual([whole.status, await whole.json()], [200, limit]);
});
