/** The fetch for addresses that others gave us, against a server of this machine that it is allowed to call. Which addresses are public is tested in `foreign-addresses.test.ts`. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { misbehavingServer, reply, type Behaviour } from '../../../test/support/misbehaving-server.ts';
import { guardedFetch } from './public-fetch.ts';

const here = guardedFetch((ip) => ip === '127.0.0.1' || ip === '::1');

test('body, headers and status go and come as with fetch; a redirect is not followed', async () => {
  await using server = await misbehavingServer();
  server.plan(reply(200, { taken: 'ünï' }, { 'retry-after': '7' }), reply(302, '', { location: `${server.url}elsewhere` }));
  const taken = await here(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":"ü"}' });
  assert.deepEqual([taken.status, taken.headers.get('retry-after'), await taken.json()], [200, '7', { taken: 'ünï' }]);
  assert.equal((await here(server.url)).status, 302);
  assert.deepEqual(server.requests.map((r) => [r.method, r.body]), [['POST', '{"a":"ü"}'], ['GET', '']]);
});

test('an end of the signal ends the request', async () => {
  await using server = await misbehavingServer();
  server.plan(() => undefined);
  const abort = new AbortController();
  const asked = here(server.url, { signal: abort.signal });
  abort.abort(new Error('the deadline'));
  await assert.rejects(asked, { name: 'AbortError' });
});

/** Says it has nothing to say, or nothing that is known, and then never stops. */
const endless = (status: number, closed: (socket: Socket) => void): Behaviour => (_request, _response, socket) => {
  closed(socket);
  socket.on('error', () => undefined);
  socket.write(`HTTP/1.1 ${status} Strange\r\ntransfer-encoding: chunked\r\n\r\n`);
  socket.write('5\r\nabcde\r\n');
};

for (const [status, told] of [[205, 205], [799, 502]] as const) {
  test(`a ${status} whose body never ends is hung up on, and is ${told}`, async () => {
    await using server = await misbehavingServer();
    let closed: Promise<unknown> = Promise.reject(new Error('nobody called'));
    closed.catch(() => undefined);
    server.plan(endless(status, (socket) => void (closed = once(socket, 'close', { signal: AbortSignal.timeout(5_000) }))));
    const response = await here(server.url);
    assert.deepEqual([response.status, response.body], [told, null]);
    await closed;
  });
}
