import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testHttp } from '../../../test/support/http.ts';
import { errors } from '../auth/errors.ts';
import type { Authenticator } from '../auth/types.ts';
import type { EventBus } from '../events/types.ts';
import { sseEvents } from './index.ts';

type Events = { readonly 'decision.made': { readonly id: string } };

async function desk(options: { maxConnections?: number; heartbeatMs?: number } = {}, isRevoked: () => boolean = () => false) {
  const byToken: Authenticator['byToken'] = async () => {
    if (isRevoked()) throw errors.TOKEN_REVOKED();
    return { subject: 'user:ann', role: 'viewer', scopes: [] };
  };
  const auth: Authenticator = { byToken, bySignature: () => Promise.reject(new Error('not here')) };
  const http = await testHttp({ auth, config: { adminLoopback: true } });
  const listeners = new Set<(name: 'decision.made', payload: object) => void>();
  const bus: EventBus<Events> = {
    publish: async () => undefined,
    subscribe: () => () => undefined,
    subscribeAll: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
  };
  sseEvents(http.app, bus, () => ({ mode: 'REPLAY', as_of: '2026-03-01T00:00:00Z' }), { metrics: http.options.metrics, logger: http.options.logger, ...options });
  await http.start();
  return { http, listeners, url: `${http.url}/api/v1/events`, tell: (id: string): void => listeners.forEach((listener) => listener('decision.made', { id })) };
}

async function reader(url: string) {
  const response = await fetch(url, { headers: { authorization: 'Bearer ann' } });
  const chunks = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let text = '';
  const until = async (part: string): Promise<string> => {
    while (!text.includes(part)) {
      const next = await chunks.next();
      if (next.done) return `${text}[end]`;
      text += next.value;
    }
    return text;
  };
  return { response, until, cancel: () => chunks.return?.() };
}

test('greets, then tells each event to all, and beats while nothing happens', async () => {
  const d = await desk({ heartbeatMs: 20 });
  await using _http = d.http;
  const a = await reader(d.url);
  const b = await reader(d.url);
  assert.equal(a.response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.ok((await a.until('\n\n')).startsWith('retry: 2000\nevent: hello\ndata: {"type":"hello","mode":"REPLAY","as_of":"2026-03-01T00:00:00Z"}\n\n'));
  await b.until('\n\n');
  d.tell('dec_1');
  for (const each of [a, b]) assert.ok((await each.until('dec_1"}\n\n')).includes('event: decision.made\ndata: {"type":"decision.made","id":"dec_1"}\n\n'));
  await a.until(':\n\n');
  await a.cancel();
  await b.cancel();
});

test('a desk that stops ends its streams instead of waiting for them', async () => {
  const d = await desk();
  const one = await reader(d.url);
  await one.until('\n\n');
  const ended = one.until('never');
  await d.http[Symbol.asyncDispose]();
  assert.ok((await ended).endsWith('[end]'));
  assert.equal(d.listeners.size, 0);
});

test('too many are refused with a time to come back', async () => {
  const d = await desk({ maxConnections: 1 });
  await using _http = d.http;
  const one = await reader(d.url);
  await one.until('\n\n');
  const refused = await fetch(d.url, { headers: { authorization: 'Bearer ann' } });
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '30');
  await refused.body?.cancel();
  await one.cancel();
});

test('a stream ends with the credential that opened it', async () => {
  let revoked = false;
  const d = await desk({ heartbeatMs: 10 }, () => revoked);
  await using _http = d.http;
  const one = await reader(d.url);
  await one.until(':\n\n');
  revoked = true;
  assert.ok((await one.until('never')).endsWith('[end]'));
});
