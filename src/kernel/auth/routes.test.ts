import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import { systemClock } from '../../model/time.ts';
import { silentLogger } from '../logging/index.ts';
import { authRoutes, createAuth } from './index.ts';

const by = { subject: 'cli' } as const;

async function desk() {
  const db = await freshDatabase();
  const auth = await createAuth({ db, clock: systemClock, logger: silentLogger });
  const http = await testHttp({ auth, db });
  authRoutes(auth)(http.app);
  await http.start();
  const token = String(await auth.ensureAdminToken());
  const post = (path: string, headers: Record<string, string> = {}, body?: string) =>
    http.ask(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  return {
    auth,
    http,
    token,
    post,
    [Symbol.asyncDispose]: async () => (await http.close(), await db[Symbol.asyncDispose]()),
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

test('a key is rotated and revoked without a body, and with an empty one', async () => {
  await using d = await desk();
  for (const [headers, body] of [
    [{}, undefined],
    [JSON_TYPE, undefined],
    [JSON_TYPE, ''],
    [JSON_TYPE, 'null'],
    [JSON_TYPE, '{}'],
  ] as const) {
    const { key } = await d.auth.keys.create({ name: 'p', role: 'trader' }, by);
    const rotated = await d.post(`/api/v1/api-keys/${key.id}/rotate`, headers, body);
    assert.equal(rotated.status, 201, rotated.text);
    const revoked = await d.post(`/api/v1/api-keys/${key.id}/revoke`, headers, body);
    assert.equal(revoked.status, 200, revoked.text);
    assert.equal(typeof revoked.json['revoked_at'], 'string');
  }
  const { key } = await d.auth.keys.create({ name: 'p', role: 'trader' }, by);
  assert.equal(
    (await d.post(`/api/v1/api-keys/${key.id}/revoke`, JSON_TYPE, '{"raeson":"x"}')).json['code'],
    'VALIDATION_FAILED',
  );
});

test('a key with a blank name or an end in the past is refused, naming the field', async () => {
  await using d = await desk();
  for (const [field, change] of [
    ['name', { name: '   ' }],
    ['expires_at', { expires_at: '2020-01-01T00:00:00Z' }],
  ] as const) {
    const reply = await d.post('/api/v1/api-keys', JSON_TYPE, JSON.stringify({ name: 'p', role: 'trader', ...change }));
    assert.deepEqual(
      [reply.status, reply.json['code'], reply.json['field']],
      [400, 'VALIDATION_FAILED', field],
      reply.text,
    );
  }
});

test('the last admin key is not revoked over HTTP either', async () => {
  await using d = await desk();
  const { json } = await d.http.ask('/api/v1/api-keys', { headers: { authorization: `Bearer ${d.token}` } });
  const [own] = json['items'] as { id: string }[];
  const reply = await d.post(`/api/v1/api-keys/${own!.id}/revoke`);
  assert.deepEqual([reply.status, reply.json['code']], [409, 'LAST_ADMIN']);
});
