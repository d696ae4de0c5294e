import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { until } from '../../../test/support/desk.ts';
import { testHttp } from '../../../test/support/http.ts';
import type { Authenticator } from '../auth/types.ts';
import type { EventBus } from '../events/types.ts';
import { errors } from '../auth/errors.ts';
import { common } from '../errors/index.ts';
import { wsEvents, type WsEventsOptions } from './index.ts';

type Events = { readonly 'decision.made': { readonly id: string; readonly pad?: string } };

/** The bus without its database: what is published is heard in this process. */
function localBus() {
  const listeners = new Set<(name: 'decision.made', payload: object) => void>();
  const bus: EventBus<Events> = {
    publish: async (_on, name, payload) => void listeners.forEach((listener) => listener(name, payload)),
    subscribe: () => () => undefined,
    subscribeAll: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
  };
  const tell = (payload: Events['decision.made']): void => listeners.forEach((listener) => listener('decision.made', payload));
  return { bus, tell, listeners };
}

const auth: { -readonly [K in keyof Authenticator]: Authenticator[K] } = {
  byToken: async (token) => {
    if (token !== 'good.token-1') throw errors.TOKEN_INVALID();
    return { subject: 'user:ann', role: 'viewer', scopes: [] };
  },
  bySignature: () => Promise.reject(errors.SIGNATURE_INVALID()),
};

const SIGNED_IN = ['bellwether', 'bearer.good.token-1'];

async function desk(options: Partial<WsEventsOptions> = {}, socketRecheckMs = 30_000) {
  const http = await testHttp({ auth, config: { adminLoopback: true, socketRecheckMs } });
  const { bus, tell, listeners } = localBus();
  wsEvents(http, bus, () => ({ mode: 'REPLAY', as_of: '2026-03-01T00:00:00Z' }), { metrics: http.options.metrics, logger: http.options.logger, ...options });
  await http.start();
  const url = `${http.url.replace('http', 'ws')}/ws/events`;
  const connect = async (protocols: string[] = SIGNED_IN, init: object = {}) => {
    const socket = new WebSocket(url, protocols, init);
    const messages: Record<string, unknown>[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Record<string, unknown>));
    const outcome = await new Promise<string>((resolve) => {
      socket.once('message', () => resolve('open'));
      socket.once('error', (e) => resolve(e.message));
      socket.once('close', (code) => resolve(`closed ${code}`));
    });
    return { socket, messages, outcome };
  };
  return { http, tell, listeners, connect };
}

test('greets, then tells each event to all', async () => {
  const d = await desk();
  await using http = d.http;
  const [a, b] = await Promise.all([d.connect(), d.connect()]);
  d.tell({ id: 'dec_1' });
  await Promise.all([a, b].map(({ socket }) => once(socket, 'message')));
  for (const { messages } of [a, b]) assert.deepEqual(messages, [{ type: 'hello', mode: 'REPLAY', as_of: '2026-03-01T00:00:00Z' }, { type: 'decision.made', id: 'dec_1' }]);
  const text = await http.options.metrics.registry.metrics();
  assert.match(text, /^websocket_connections_active 2$/m);
  assert.match(text, /^websocket_messages_sent_total 4$/m);
});

test('the rule of access is that of a read; a browser gives its token as a subprotocol', async () => {
  const d = await desk();
  await using _ = d.http;
  assert.match((await d.connect([])).outcome, /401/, 'events name customers’ decisions: this machine alone is not enough');
  assert.match((await d.connect(['bellwether', 'bearer.bad'])).outcome, /401/);
  const good = await d.connect();
  assert.deepEqual([good.outcome, good.socket.protocol], ['open', 'bellwether']);
});

test('a page of another site cannot listen in', async () => {
  const d = await desk();
  await using _ = d.http;
  assert.match((await d.connect(SIGNED_IN, { origin: 'https://evil.example' })).outcome, /403/);
});

test('one more than allowed is refused before the handshake, and takes the place of one that left', async () => {
  for (const options of [{ maxConnections: 1 }, { maxPerCaller: 1 }]) {
    const d = await desk(options);
    await using _ = d.http;
    const first = await d.connect();
    assert.match((await d.connect()).outcome, /503/);
    first.socket.close();
    await once(first.socket, 'close');
    await until(async () => (await d.connect()).outcome === 'open', { what: 'a free place' });
  }
});

test('a connection ends with the credential that opened it; a database that does not answer ends none', async () => {
  let answer: 'good' | 'unavailable' | 'revoked' = 'good';
  const byToken = auth.byToken;
  let unanswered = 0;
  auth.byToken = async (token) => {
    if (answer === 'unavailable') {
      unanswered += 1;
      throw common.UNAVAILABLE();
    }
    if (answer === 'revoked') throw errors.TOKEN_REVOKED();
    return byToken(token);
  };
  try {
    const d = await desk({}, 10);
    await using _ = d.http;
    const { socket } = await d.connect();
    answer = 'unavailable';
    await until(async () => unanswered >= 2, { what: 'two checks without an answer' });
    assert.equal(socket.readyState, socket.OPEN);
    answer = 'revoked';
    const [code] = (await once(socket, 'close')) as [number];
    assert.equal(code, 4401);
  } finally {
    auth.byToken = byToken;
  }
});

test('a console that does not read is dropped, the others go on', async () => {
  const d = await desk({ maxBufferedBytes: 100_000 });
  await using http = d.http;
  const [slow, quick] = await Promise.all([d.connect(), d.connect()]);
  slow.socket.pause();
  const pad = 'x'.repeat(60_000);
  let told = 0;
  while (!(await http.options.metrics.registry.metrics()).includes('websocket_dropped_total{why="slow"} 1')) {
    d.tell({ id: `d${++told}`, pad });
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(told < 5_000, 'the slow one must be dropped');
  }
  while (quick.messages.length < told + 1) await once(quick.socket, 'message');
  assert.equal(quick.messages.length, told + 1);
});

test('one that does not answer pings is dropped', async () => {
  const d = await desk({ heartbeatMs: 10 });
  await using _ = d.http;
  const silent = await d.connect(SIGNED_IN, { autoPong: false });
  const [code] = (await once(silent.socket, 'close')) as [number];
  assert.equal(code, 1006);
});

test('when the server stops each is told, and nothing listens on', async () => {
  const d = await desk();
  const { socket } = await d.connect();
  const closed = once(socket, 'close');
  await d.http.close();
  assert.equal((await closed)[0], 1001);
  assert.equal(d.listeners.size, 0);
});
