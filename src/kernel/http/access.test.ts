import assert from 'node:assert/strict';
import { request as rawRequest } from 'node:http';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import { systemClock } from '../../model/time.ts';
import { authRoutes, createAuth, sign, type SignedParts } from '../auth/index.ts';
import { openDatabase } from '../database/index.ts';
import { silentLogger } from '../logging/index.ts';
import type { HttpConfig } from './index.ts';
import { readAccess, roleAccess } from './index.ts';

const by = { subject: 'user:boss' };

async function desk(config: Partial<HttpConfig> = {}) {
  const db = await freshDatabase();
  const auth = await createAuth({ db, clock: systemClock, logger: silentLogger });
  const http = await testHttp({ auth, db, config });
  authRoutes(auth)(http.app);
  http.app.get('/read', { config: { access: readAccess } }, async (request) => request.identity);
  http.app.post('/write', { config: { access: roleAccess('trader', 'signals:write') } }, async (request) => request.identity);
  http.app.post('/admin/act', { config: { access: roleAccess('admin') } }, async (request) => request.identity);
  http.app.get('/admin/look', { config: { access: { kind: 'role', role: 'admin', loopbackRead: true } } }, async (request) => request.identity);
  await http.start();
  return { db, auth, http, [Symbol.asyncDispose]: async () => (await http.close(), await db[Symbol.asyncDispose]()) };
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** With headers that fetch does not let one set, such as Host. */
const rawGet = (url: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    rawRequest(url, { headers }, (reply) => resolve(reply.resume().statusCode ?? 0)).on('error', reject).end();
  });

test('a role opens what it may and nothing above; a scope what it names', async () => {
  await using d = await desk();
  const { auth, http } = d;
  const trader = (await auth.keys.create({ name: 't', role: 'trader' }, by)).token;
  const scoped = (await auth.keys.create({ name: 's', role: 'admin', scopes: ['signals:write'] }, by)).token;
  const post = (path: string, token: string) => http.ask(path, { method: 'POST', ...bearer(token) });
  assert.deepEqual([(await http.ask('/read')).status, (await http.ask('/read')).json['code']], [401, 'UNAUTHENTICATED']);
  assert.equal((await http.ask('/read')).headers.get('www-authenticate'), 'Bearer realm="bellwether"');
  assert.equal((await http.ask('/read', bearer(trader))).json['role'], 'trader');
  assert.equal((await http.ask('/read', { headers: { 'x-api-key': trader } })).status, 200);
  assert.equal((await post('/write', trader)).status, 200);
  assert.deepEqual([(await post('/admin/act', trader)).status, (await post('/admin/act', trader)).json['role_needed']], [403, 'admin']);
  assert.equal((await post('/write', scoped)).status, 200);
  assert.deepEqual([(await post('/admin/act', scoped)).json['code'], (await http.ask('/read', bearer(scoped))).json['code']], ['SCOPE_MISSING', 'SCOPE_MISSING']);
  assert.equal((await http.ask('/read', bearer('bw_aaaaaaaaaaaaaaaa_bbbb'))).json['code'], 'TOKEN_INVALID');
  assert.equal((await http.ask('/read', { headers: { authorization: 'Basic eDp5' } })).json['code'], 'UNAUTHENTICATED');
});

test('a body is not read before its sender is known', async () => {
  await using d = await desk();
  const reply = await d.http.ask('/write', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"broken' });
  assert.equal(reply.json['code'], 'UNAUTHENTICATED');
});

test('this machine reads without signing in, and never writes', async () => {
  await using d = await desk({ adminLoopback: true });
  const { http } = d;
  assert.equal((await http.ask('/read')).json['subject'], 'loopback');
  assert.equal((await http.ask('/admin/look')).status, 200);
  assert.equal((await http.ask('/api/v1/auth/me')).json['role'], 'viewer');
  for (const path of ['/write', '/admin/act']) assert.equal((await http.ask(path, { method: 'POST' })).status, 401);
  assert.equal((await http.ask('/api/v1/users')).status, 401, 'who has an account is not for everybody at this machine');
});

test('a page of another site, a rebound name or a proxy is not this machine', async () => {
  await using d = await desk({ adminLoopback: true });
  const { http } = d;
  const url = `${http.url}/read`;
  const host = new URL(http.url).host;
  assert.equal(await rawGet(url, { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }), 200);
  const refused: Record<string, string>[] = [
    { host: 'evil.example:8000' },
    { host: 'localhost.evil.example' },
    { host: '127.0.0.1.evil.example' },
    { host, origin: 'https://evil.example' },
    { host, origin: 'null' },
    { host, origin: 'http://localhost:9999' },
    { host, 'sec-fetch-site': 'cross-site' },
    { host, 'x-forwarded-for': '127.0.0.1' },
    { host, 'x-real-ip': '127.0.0.1' },
    { host, forwarded: 'for=127.0.0.1' },
  ];
  for (const headers of refused) assert.equal(await rawGet(url, headers), 401, JSON.stringify(headers));
});

test('loopback reading is off unless it is switched on', async () => {
  await using d = await desk();
  assert.equal((await d.http.ask('/read')).status, 401);
});

test('admins act from the allowed networks alone, and a forged X-Forwarded-For does not help', async () => {
  await using d = await desk({ adminAddresses: ['10.0.0.0/8', '2001:db8::/32'] });
  const token = (await d.auth.keys.create({ name: 'a', role: 'admin' }, by)).token;
  const act = (headers: Record<string, string>) => d.http.ask('/admin/act', { method: 'POST', headers: { authorization: `Bearer ${token}`, ...headers } });
  assert.equal((await act({})).json['code'], 'ADDRESS_NOT_ALLOWED');
  assert.equal((await act({ 'x-forwarded-for': '10.1.2.3' })).json['code'], 'ADDRESS_NOT_ALLOWED');
  assert.equal((await d.http.ask('/read', bearer(token))).status, 200, 'what is not administration is open to the key');
});

test('behind a trusted proxy the caller is who it says', async () => {
  await using d = await desk({ adminAddresses: ['10.0.0.0/8'], trustProxy: ['127.0.0.1'], adminLoopback: true });
  const token = (await d.auth.keys.create({ name: 'a', role: 'admin' }, by)).token;
  const act = (forwarded: string) => d.http.ask('/admin/act', { method: 'POST', headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': forwarded } });
  assert.equal((await act('10.1.2.3')).status, 200);
  assert.equal((await act('10.1.2.3, 8.8.8.8')).json['code'], 'ADDRESS_NOT_ALLOWED', 'the nearest untrusted address counts');
  assert.equal((await d.http.ask('/read', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status, 401);
});

test('a signature covers method, target and body as they were sent, and names its key', async () => {
  await using d = await desk();
  const { key, signingSecret } = await d.auth.keys.create({ name: 'p', role: 'trader' }, by);
  const WRITE = '/write?from=p%201';
  const timestamp = String(Math.floor(systemClock.now() / 1_000));
  const send = (body: string, change: Partial<SignedParts> = {}) => {
    const parts = { method: 'POST', target: WRITE, timestamp, nonce: 'nonce-of-request-1', body, ...change };
    const headers = {
      'content-type': 'application/json',
      'x-bellwether-key': key.id,
      'x-bellwether-timestamp': timestamp,
      'x-bellwether-nonce': parts.nonce,
      'x-bellwether-signature': sign(signingSecret, parts),
    };
    return d.http.ask(WRITE, { method: 'POST', headers, body });
  };
  assert.equal((await send('{ "n": 1 }')).json['subject'], `key:${key.id}`);
  const again = await send('{ "n": 1 }');
  assert.deepEqual([again.status, again.json['code']], [401, 'SIGNATURE_REPLAYED']);
  assert.equal((await send('{ "n": 1 }', { nonce: 'nonce-of-request-2' })).status, 200);
  const nonce = 'nonce-of-request-3';
  for (const other of [{ body: '{"n":3}' }, { target: '/write' }, { target: '/write?from=p 1' }, { method: 'PUT' }]) {
    assert.equal((await send('{"n":2}', { nonce, ...other })).json['code'], 'SIGNATURE_INVALID', JSON.stringify(other));
  }
});

test('signing in over HTTP: pair, me, refresh, expired and bad input coded', async () => {
  await using d = await desk();
  const { http, auth } = d;
  await auth.users.create({ email: 'ann@example.org', password: 'correct horse battery', role: 'operator' }, by);
  const post = (path: string, body: unknown) => http.ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const { json: pair } = await post('/api/v1/auth/login', { email: 'ann@example.org', password: 'correct horse battery' });
  assert.equal((await http.ask('/api/v1/auth/me', bearer(String(pair['access_token'])))).json['role'], 'operator');
  assert.equal((await post('/api/v1/auth/refresh', { refresh_token: pair['refresh_token'] })).status, 200);
  assert.equal((await post('/api/v1/auth/login', { email: 'ann@example.org', password: 'no' })).json['code'], 'LOGIN_FAILED');
  const odd = await post('/api/v1/auth/login', { email: 'ann@example.org', password: 7, extra: 1 });
  assert.equal(odd.json['code'], 'VALIDATION_FAILED');
});

test('admins keep users and keys over HTTP, audited with their reason', async () => {
  await using d = await desk();
  const token = await d.auth.ensureAdminToken();
  const post = (path: string, body: unknown, method = 'POST') => d.http.ask(path, { method, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
  const user = await post('/api/v1/users', { email: 'x@example.org', password: 'correct horse battery', role: 'viewer', reason: 'new colleague' });
  assert.equal(user.status, 201);
  assert.equal((await post('/api/v1/users', { email: 'y@example.org', password: 'short', role: 'viewer' })).json['code'], 'VALIDATION_FAILED');
  assert.equal((await post(`/api/v1/users/${String(user.json['id'])}`, { role: 'trader' }, 'PATCH')).json['role'], 'trader');
  const key = await post('/api/v1/api-keys', { name: 'producer', role: 'trader', scopes: ['signals:write'] });
  assert.match(String(key.json['token']), /^bw_/);
  const rotated = await post(`/api/v1/api-keys/${String(key.json['id'])}/rotate`, { overlap_seconds: 0 });
  assert.equal(rotated.status, 201);
  assert.equal((await post(`/api/v1/api-keys/${String(rotated.json['id'])}/revoke`, { reason: 'leaked' })).status, 200);
  const list = await d.http.ask('/api/v1/api-keys', bearer(token!));
  assert.ok(!list.text.includes('token"') && !list.text.includes('secret'));
  const { rows } = await d.db.query<{ action: string; reason: string | null }>('select action, reason from audit_logs order by seq');
  assert.deepEqual(rows.map((r) => r.action), ['api_key.create', 'user.create', 'user.change', 'api_key.create', 'api_key.create', 'api_key.rotate', 'api_key.revoke']);
  assert.deepEqual([rows[1]?.reason, rows.at(-1)?.reason], ['new colleague', 'leaked']);
});

test('without its database a route says 503 and when to come back', async () => {
  const db = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' });
  const auth = await createAuth({ db, clock: systemClock, logger: silentLogger, secret: 'a secret of at least 32 characters' });
  await using http = await testHttp({ auth, db });
  http.app.get('/read', { config: { access: readAccess } }, async () => ({}));
  await http.start();
  const reply = await http.ask('/read', bearer(`bw_${'a'.repeat(16)}_${'b'.repeat(43)}`));
  assert.deepEqual([reply.status, reply.json['code'], reply.headers.get('retry-after')], [503, 'DATABASE_UNAVAILABLE', '5']);
});
