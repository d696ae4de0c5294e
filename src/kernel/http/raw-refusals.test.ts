/** Requests that no ordinary client sends: each is refused by us, as problem+json, and leaves the server well. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { testHttp } from '../../../test/support/http.ts';
import { publicAccess, readAccess } from './index.ts';

interface Raw {
  readonly status: number;
  readonly headers: string;
  readonly json: Record<string, unknown>;
}

async function desk(config: { requestTimeoutMs?: number } = {}) {
  const http = await testHttp({ config });
  http.app.get('/open', { config: { access: publicAccess('a test') } }, async () => ({ open: true }));
  http.app.post('/open', { config: { access: publicAccess('a test') } }, async () => ({ open: true }));
  http.socket({ path: '/ws/open', access: publicAccess('a test'), open: (socket) => socket.close() });
  http.socket({ path: '/ws/closed', access: readAccess, open: (socket) => socket.close() });
  await http.start();
  const port = Number(new URL(http.url).port);
  /** Sends bytes as they are, and reads until the server ends the connection. */
  const send = async (text: string): Promise<Raw> => {
    const socket = connect(port, '127.0.0.1');
    let reply = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (reply += chunk)).on('error', () => undefined);
    socket.write(text);
    await once(socket, 'close');
    const [head = '', body = ''] = reply.split('\r\n\r\n');
    let json: Record<string, unknown> = {};
    try {
      json = JSON.parse(body) as Record<string, unknown>;
    } catch {
      // Not every reply is JSON.
    }
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), headers: head.toLowerCase(), json };
  };
  return { http, send };
}

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

function assertProblem(raw: Raw, status: number, code: string, what: string): void {
  assert.deepEqual([raw.status, raw.json['code'], raw.json['status']], [status, code, status], `${what}: ${raw.headers}`);
  assert.match(raw.headers, /content-type: application\/problem\+json/, what);
  assert.match(raw.headers, /x-request-id: \S+/, what);
  assert.match(String(raw.json['trace_id']), /^[0-9a-f]{32}$/, what);
}

test('every refusal is problem+json, also those that no handler makes', async () => {
  const { http, send } = await desk();
  await using _ = http;
  const cases: readonly (readonly [string, string, number, string])[] = [
    ['no Host', 'GET /open HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a Host that is no name', 'GET /open HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a rebound name', 'GET /open HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', 421, 'HOST_NOT_ALLOWED'],
    ['an expectation', 'GET /open HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\n\r\n', 417, 'EXPECTATION_FAILED'],
    ['no HTTP', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a WebSocket’s address without a WebSocket', 'GET /ws/open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 426, 'UPGRADE_REQUIRED'],
    ['a WebSocket at an ordinary address', `GET /open HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`, 404, 'NOT_FOUND'],
    ['a WebSocket nowhere', `GET /nothing HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`, 404, 'NOT_FOUND'],
    ['a WebSocket without a token', `GET /ws/closed HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`, 401, 'UNAUTHENTICATED'],
    ['a WebSocket with the signature header', `GET /ws/closed HTTP/1.1\r\nHost: x\r\nX-Bellwether-Signature: x\r\n${UPGRADE}\r\n`, 401, 'UNAUTHENTICATED'],
    ['a WebSocket from a page of another site', `GET /ws/open HTTP/1.1\r\nHost: x\r\nOrigin: http://y\r\n${UPGRADE}\r\n`, 403, 'ORIGIN_NOT_ALLOWED'],
    ['a WebSocket by a rebound name', `GET /ws/open HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n${UPGRADE}\r\n`, 421, 'HOST_NOT_ALLOWED'],
    ['a WebSocket of no version', 'GET /ws/open HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a WebSocket without a key', 'GET /ws/open HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n', 400, 'BAD_REQUEST'],
  ];
  for (const [what, text, status, code] of cases) assertProblem(await send(text), status, code, what);
  const text = await http.options.metrics.registry.metrics();
  assert.match(text, /^http_requests_total\{method="GET",route="\/ws\/closed",status="401"\} 2$/m, 'refused WebSockets are counted');
  assert.match(text, /^http_requests_total\{method="GET",route="unmatched",status="404"\} 2$/m);
  assert.match(text, /^http_requests_in_progress 0$/m);
});

test('an upgrade to anything but a WebSocket is answered as plain HTTP, as curl --http2 needs it', async () => {
  const { http, send } = await desk();
  await using _ = http;
  const reply = await send('GET /open HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n');
  assert.deepEqual([reply.status, reply.json], [200, { open: true }]);
});

// A guard, not a measure: with Node's default for headers the body would live for a minute.
test('a refused handshake leaves no trace in the viewer', async () => {
  const { http, send } = await desk();
  await using _ = http;
  for (const path of ['/ws/closed', '/ws/nothing']) {
    const refused = await send(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${UPGRADE}\r\n`);
    assert.ok(refused.status === 401 || refused.status === 404, refused.headers);
    assert.equal(http.options.tracing.store.get(String(refused.json['trace_id'])), null, path);
  }
});

test('a body that never ends is cut, and told so', { timeout: 30_000 }, async () => {
  const { http, send } = await desk({ requestTimeoutMs: 200 });
  await using _ = http;
  const reply = await send('POST /open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":');
  assertProblem(reply, 408, 'REQUEST_TIMEOUT', 'a body that never ends');
});

test('a request that was answered 408 does not run when the rest of its body comes', { timeout: 30_000 }, async () => {
  await using http = await testHttp({ config: { requestTimeoutMs: 200 } });
  let ran = 0;
  http.app.post('/open', { config: { access: publicAccess('a test') } }, async () => ({ ran: ++ran }));
  await http.start();
  const socket = connect(Number(new URL(http.url).port), '127.0.0.1');
  let reply = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (reply += chunk)).on('error', () => undefined);
  socket.write('POST /open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a"');
  const closed = once(socket, 'close');
  while (!reply.includes('408')) await once(socket, 'data');
  socket.write(':1}');
  await closed;
  assert.equal((await http.ask('/open', { method: 'POST' })).status, 200);
  assert.equal(ran, 1, 'only the second request ran');
});

test('an old probe without a Host, by HTTP/1.0, is answered', async () => {
  const { http, send } = await desk();
  await using _ = http;
  assert.equal((await send('GET /open HTTP/1.0\r\n\r\n')).status, 200);
});

test('the body of a request for nothing is not parsed', async () => {
  const { http } = await desk();
  await using _ = http;
  const reply = await http.ask('/nothing-here', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"broken' });
  assert.deepEqual([reply.status, reply.json['code']], [404, 'NOT_FOUND']);
});

test('a page of another site writes nothing; our own page and programs do', async () => {
  const { http } = await desk();
  await using _ = http;
  const post = async (headers: Record<string, string>) => (await http.ask('/open', { method: 'POST', headers })).status;
  assert.equal(await post({}), 200);
  assert.equal(await post({ origin: http.url, 'sec-fetch-site': 'same-origin' }), 200);
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    assert.equal(await post(headers as Record<string, string>), 403, JSON.stringify(headers));
  }
});

test('names that are ours answer: private ones, PUBLIC_URL’s and those that were allowed', async () => {
  await using http = await testHttp({ config: { publicUrl: 'https://desk.company.com', allowedHosts: ['other.company.com'] } });
  http.app.get('/open', { config: { access: publicAccess('a test') } }, async () => ({ open: true }));
  http.app.post('/open', { config: { access: publicAccess('a test') } }, async () => ({ open: true }));
  await http.start();
  const port = Number(new URL(http.url).port);
  const status = async (host: string, extra = '', method = 'GET'): Promise<number> => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`${method} /open HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nConnection: close\r\n${extra}\r\n`);
    let reply = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (reply += chunk));
    await once(socket, 'close');
    return Number(reply.slice(9, 12));
  };
  for (const host of ['localhost:8000', '127.0.0.1', '[::1]:8000', '10.1.2.3:80', 'api', 'api.ns.svc', 'api.ns.svc.cluster.local', 'desk.internal', 'DESK.company.com', 'other.company.com:443']) {
    assert.equal(await status(host), 200, host);
  }
  for (const host of ['company.com', 'evil.example', 'desk.company.com.evil.example', '127.0.0.1.nip.io']) assert.equal(await status(host), 421, host);
  assert.equal(await status('127.0.0.1:8000', 'Origin: https://desk.company.com\r\n', 'POST'), 200, 'behind a proxy that changes the Host');
  assert.equal(await status('127.0.0.1:8000', 'Origin: https://other.company.com\r\n', 'POST'), 403);
});
