import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { ManualClock } from '../../model/time.ts';
import { startTwin, type TwinServer } from './index.ts';

const clock = new ManualClock('2026-02-28T12:00:00Z');
let handled = 0;

const start = (): Promise<TwinServer> =>
  startTwin({
    name: 'sample',
    clock,
    routes: [
      { method: 'GET', path: '/items', handle: (_, context) => ((handled += 1), { json: context.arrange([1, 2, 3]) }) },
      { method: 'POST', path: '/v1/:who/messages', handle: (request, context) => ({ json: { who: request.params['who'], body: request.body, at: context.now() } }) },
    ],
    sockets: [{ path: '/ws', open: (socket, context) => socket.onText((text) => socket.deliver(text === 'PING' ? ['PONG'] : [{ first: context.now() }, { second: text }])) }],
  });

test('routes are matched with their parts, an unknown path is told so, and both are counted', async () => {
  await using twin = await start();
  const reply = await fetch(`${twin.url}/v1/ann%20b/messages`, { method: 'POST', body: 'hello' });
  assert.deepEqual(await reply.json(), { who: 'ann b', body: 'hello', at: clock.now() });
  assert.equal(reply.headers.get('date'), 'Sat, 28 Feb 2026 12:00:00 GMT');
  assert.equal((await fetch(`${twin.url}/nowhere`)).status, 404);
  assert.deepEqual(twin.counters(), { total: 2, byRoute: { 'POST /v1/:who/messages': 1, unmatched: 1 }, byOutcome: { '200': 1, '404': 1 }, socketsOpened: 0, socketsOpen: 0 });
});

test('refusals last for their times, in the order given, and only on their path', async () => {
  await using twin = await start();
  twin.faults.set([{ kind: 'rate_limited', retry_after_s: 7, times: 1, path: '/items' }, { kind: 'server_error', status: 502, times: 1 }]);
  const limited = await fetch(`${twin.url}/items`);
  assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, '7']);
  assert.equal((await fetch(`${twin.url}/items`)).status, 502);
  assert.deepEqual(await (await fetch(`${twin.url}/items`)).json(), [1, 2, 3]);
});

test('a socket dropped after handling has done the work, one dropped before has not', async () => {
  await using twin = await start();
  const before = handled;
  twin.faults.set([{ kind: 'dropped_socket', times: 1 }]);
  await assert.rejects(fetch(`${twin.url}/items`));
  assert.equal(handled, before);
  twin.faults.set([{ kind: 'dropped_socket', when: 'after', times: 1 }]);
  await assert.rejects(fetch(`${twin.url}/items`));
  assert.equal(handled, before + 1);
});

test('a half-open socket gives nothing until the caller gives up, and does not keep the twin from closing', async () => {
  const twin = await start();
  twin.faults.set([{ kind: 'half_open' }]);
  await assert.rejects(fetch(`${twin.url}/items`, { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' });
  const hanging = assert.rejects(fetch(`${twin.url}/items`));
  await twin.close();
  await hanging;
});

test('latency is wall time, a malformed body is valid HTTP, and lists come doubled and last first', async () => {
  await using twin = await start();
  twin.faults.set([{ kind: 'latency', ms: 60_000, times: 1 }]);
  await assert.rejects(fetch(`${twin.url}/items`, { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' });
  twin.faults.set([{ kind: 'malformed_body', times: 1 }]);
  const cut = await fetch(`${twin.url}/items`);
  assert.equal(cut.status, 200);
  await assert.rejects(cut.json(), SyntaxError);
  twin.faults.set([{ kind: 'duplicated' }, { kind: 'reordered' }]);
  assert.deepEqual(await (await fetch(`${twin.url}/items`)).json(), [3, 3, 2, 2, 1, 1]);
});

test('faults are set over the wire; a wrong one is refused whole', async () => {
  await using twin = await start();
  const headers = { 'x-twin-key': twin.key };
  const post = (body: unknown): Promise<Response> =>
    fetch(`${twin.url}/__twin/faults`, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal((await post({ faults: [{ kind: 'clock_skew', ms: 3_600_000 }] })).status, 200);
  assert.equal((await fetch(`${twin.url}/items`)).headers.get('date'), 'Sat, 28 Feb 2026 13:00:00 GMT');
  const refused = await post({ faults: [{ kind: 'latency', ms: 5 }, { kind: 'latency', ms: -1 }] });
  assert.equal(refused.status, 400);
  assert.match(JSON.stringify(await refused.json()), /faults\.1\.ms/);
  assert.deepEqual(twin.faults.list().map((f) => f.kind), ['clock_skew']);
  const requests = await fetch(`${twin.url}/__twin/requests`, { headers });
  assert.equal(((await requests.json()) as { total: number }).total, 1);
});

test('a WebSocket speaks, doubles, goes silent and is cut', async () => {
  await using twin = await start();
  const ws = new WebSocket(`${twin.wsUrl}/ws`);
  await once(ws, 'open');
  const next = async (): Promise<string> => String((await once(ws, 'message'))[0]);
  ws.send('PING');
  assert.equal(await next(), 'PONG');
  twin.faults.set([{ kind: 'duplicated', times: 1 }]);
  const got: string[] = [];
  const four = new Promise<void>((done) => ws.on('message', (data) => (got.push(String(data)), got.length === 4 && done())));
  ws.send('x');
  await four;
  assert.equal(got[0], got[1]);
  assert.equal(got[3], '{"second":"x"}');
  twin.faults.set([{ kind: 'half_open', when: 'after' }]);
  ws.send('PING');
  twin.faults.set([{ kind: 'dropped_socket', when: 'after' }]);
  ws.send('PING');
  await once(ws, 'close');
  assert.equal(twin.counters().socketsOpened, 1);
  await assert.rejects(once(new WebSocket(`${twin.wsUrl}/elsewhere`), 'open'), /404/);
  twin.faults.set([{ kind: 'half_open' }]);
  const held = new WebSocket(`${twin.wsUrl}/ws`);
  const ended = once(held, 'error');
  while (twin.counters().byOutcome['held'] !== 1) await new Promise((turn) => setImmediate(turn));
  await twin.close();
  await ended;
});

test('a taken port is told with its number', async () => {
  await using twin = await start();
  await assert.rejects(startTwin({ name: 'second', clock, routes: [], port: twin.port }), { code: 'TWIN_NOT_STARTED', message: new RegExp(String(twin.port)) });
});
