import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { request as rawRequest } from 'node:http';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import { systemClock } from '../../model/time.ts';
import { authRoutes, createAuth, sign } from '../auth/index.ts';
import type { Authenticator } from '../auth/types.ts';
import { openDatabase } from '../database/index.ts';
import { silentLogger } from '../logging/index.ts';
import type { Authorisation, HttpConfig } from './index.ts';
import { LOCAL_TOKEN_HEADER, operationalAccess, readAccess, roleAccess, signedAccess } from './index.ts';

const by = { subject: 'cli' } as const;

async function desk(config: Partial<HttpConfig> = {}, ownsPeer: () => Promise<boolean | null> = async () => true) {
  const db = await freshDatabase();
  const auth = await createAuth({ db, clock: systemClock, logger: silentLogger });
  const http = await testHttp({ auth, db, config, ownsPeer });
  authRoutes(auth)(http.app);
  http.app.get('/read', { config: { access: readAccess } }, async (request) => request.identity);
  http.app.get('/queue', { config: { access: operationalAccess } }, async (request) => request.identity);
  http.app.get('/admin/queue', { config: { access: operationalAccess } }, async (request) => request.identity);
  http.app.post('/write', { config: { access: signedAccess('trader', 'signals:write') } }, async (request) => request.identity);
  http.app.post('/write-by-token', { config: { access: roleAccess('trader') } }, async (request) => request.identity);
  http.app.post('/admin/act', { config: { access: roleAccess('admin') } }, async (request) => request.identity);
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

test('a program of this machine reads operational data without a token, nothing else, and never writes', async () => {
  await using d = await desk({ adminLoopback: true });
  const { http } = d;
  assert.deepEqual([(await http.ask('/queue')).json['subject'], (await http.ask('/queue')).json['role']], ['loopback', 'viewer']);
  for (const path of ['/read', '/api/v1/users', '/api/v1/auth/me']) assert.equal((await http.ask(path)).status, 401, path);
  for (const path of ['/write', '/admin/act']) assert.equal((await http.ask(path, { method: 'POST' })).status, 401, path);
});

const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded', 'forwarded', 'via', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'cf-connecting-ip', 'cf-ray', 'true-client-ip', 'fastly-client-ip', 'x-original-forwarded-for', 'x-envoy-external-address', 'fly-client-ip', 'x-vercel-forwarded-for'];

test('a page of another site, a rebound name or any proxy’s header is not this machine', async () => {
  await using d = await desk({ adminLoopback: true });
  const { http } = d;
  const url = `${http.url}/queue`;
  const host = new URL(http.url).host;
  assert.equal(await rawGet(url, { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }), 200);
  assert.equal(await rawGet(url, { host, 'sec-fetch-site': 'none' }), 200, 'a person who types the address');
  const refused: Record<string, string>[] = [
    { host: 'desk' },
    { host: '192.168.1.7:8000' },
    { host, origin: 'https://evil.example' },
    { host, origin: 'null' },
    { host, origin: 'http://localhost:9999' },
    { host, 'sec-fetch-site': 'cross-site' },
    { host, 'sec-fetch-site': 'same-site' },
    ...FORWARDED.map((name) => ({ host, [name]: '127.0.0.1' })),
  ];
  for (const headers of refused) assert.equal(await rawGet(url, headers), 401, JSON.stringify(headers));
  for (const name of ['evil.example:8000', 'localhost.evil.example', '127.0.0.1.evil.example']) assert.equal(await rawGet(url, { host: name }), 421, name);
});

test('a connection of another user of this machine is a stranger’s, unless it shows the token file’s secret', async () => {
  for (const answer of [false, null]) {
    await using d = await desk({ adminLoopback: true, localToken: 'the secret of the file' }, async () => answer);
    const { http } = d;
    const get = (headers: Record<string, string> = {}) => http.ask('/queue', { headers });
    assert.equal((await get()).status, 401);
    assert.equal((await get({ [LOCAL_TOKEN_HEADER]: 'a guess' })).status, 401);
    assert.equal((await get({ [LOCAL_TOKEN_HEADER]: 'the secret of the file' })).json['subject'], 'loopback');
    assert.equal((await get({ [LOCAL_TOKEN_HEADER]: 'the secret of the file', 'x-forwarded-for': '10.0.0.1' })).status, 401);
    assert.equal((await http.ask('/read', { headers: { [LOCAL_TOKEN_HEADER]: 'the secret of the file' } })).status, 401, 'operational data only');
    const warnings = http.lines.filter((line) => line['event'] === 'proxy_seen');
    assert.equal(warnings.length, 1, 'said once');
  }
});

test('the signature header opens nothing: neither a read nor a write that takes no signatures', async () => {
  await using d = await desk({ adminLoopback: true, adminAddresses: ['10.0.0.0/8'] });
  const { http, auth } = d;
  const { key, signingSecret } = await auth.keys.create({ name: 'p', role: 'admin' }, by);
  const forged = { 'x-bellwether-signature': 'x' };
  const genuine = (method: string, target: string): Record<string, string> => signedHeaders(key.id, signingSecret, { method, target, body: '' });
  for (const path of ['/read', '/api/v1/users', '/api/v1/api-keys', '/admin/queue']) {
    for (const method of ['GET', 'HEAD']) {
      for (const headers of [forged, genuine(method, path)]) {
        assert.ok([401, 403].includes((await http.ask(path, { method, headers })).status), `${method} ${path} ${Object.keys(headers).length}`);
      }
    }
  }
  for (const headers of [forged, genuine('POST', '/write-by-token')]) {
    const reply = await http.ask('/write-by-token', { method: 'POST', headers });
    assert.deepEqual([reply.status, reply.json['detail']], [401, 'Signatures are not taken here']);
  }
});

test('a rule that no hook could decide cannot be registered, and a handler without a decision does not run', async () => {
  await using http = await testHttp();
  const handler = async () => ({});
  assert.throws(() => http.app.get('/a', { config: { access: signedAccess('trader', 'signals:write') } }, handler), /signatures are for writes alone/);
  assert.throws(() => http.app.get('/b', { config: { access: { kind: 'proof', service: 's', prove: () => undefined } } }, handler), /needs a method with a body/);
  assert.throws(() => http.app.get('/c', { config: { access: { kind: 'role', role: 'admin', local: 'read' } } }, handler), /administration always needs a token/);
  assert.throws(() => http.app.post('/d', { config: { access: operationalAccess } }, handler), /local reads are for GET/);
  http.app.get('/e', { config: { access: readAccess } }, handler);
  // What a later hook could do by mistake.
  http.app.addHook('preHandler', (request, _reply, done) => {
    request.admitted = false;
    done();
  });
  const auth: Authenticator = { byToken: async () => ({ subject: 'user:a', role: 'admin', scopes: [] }), bySignature: () => Promise.reject(new Error('not here')) };
  await using second = await testHttp({ auth });
  second.app.addHook('preValidation', (request, _reply, done) => {
    request.admitted = false;
    done();
  });
  second.app.get('/e', { config: { access: readAccess } }, handler);
  await second.start();
  assert.equal((await second.ask('/e', { headers: { authorization: 'Bearer a' } })).status, 500);
});

test('a route must stand in the authorisation table, with the same rule', async () => {
  const authorisation: Authorisation = { 'GET /openapi.json': { kind: 'public' }, 'GET /api/v1/errors': { kind: 'public' }, 'GET /a': roleAccess('admin'), 'WS /ws': readAccess };
  await using http = await testHttp({ authorisation });
  const handler = async () => ({});
  assert.throws(() => http.app.get('/b', { config: { access: readAccess } }, handler), /GET \/b has no row/);
  assert.throws(() => http.app.get('/a', { config: { access: readAccess } }, handler), /registered for "viewer", and the authorisation table says "admin"/);
  assert.throws(() => http.socket({ path: '/other', access: readAccess, open: () => undefined }), /WS \/other has no row/);
});

test('loopback reading is off unless it is switched on', async () => {
  await using d = await desk();
  assert.equal((await d.http.ask('/queue')).status, 401);
});

test('admins act from the allowed networks alone, and a forged X-Forwarded-For does not help', async () => {
  await using d = await desk({ adminAddresses: ['10.0.0.0/8', '2001:db8::/32'] });
  const token = (await d.auth.keys.create({ name: 'a', role: 'admin' }, by)).token;
  const act = (headers: Record<string, string>) => d.http.ask('/admin/act', { method: 'POST', headers: { authorization: `Bearer ${token}`, ...headers } });
  assert.equal((await act({})).json['code'], 'ADDRESS_NOT_ALLOWED');
  assert.equal((await act({ 'x-forwarded-for': '10.1.2.3' })).json['code'], 'ADDRESS_NOT_ALLOWED');
  assert.equal((await d.http.ask('/read', bearer(token))).status, 200, 'what is not administration is open to the key');
  assert.equal((await d.http.ask('/admin/queue', bearer(token))).json['code'], 'ADDRESS_NOT_ALLOWED', 'reads under /admin are administration too');
});

test('ADMIN_WHITELIST_IPS holds for this machine’s own reads of /admin too', async () => {
  await using d = await desk({ adminAddresses: ['10.0.0.0/8'], adminLoopback: true });
  assert.equal((await d.http.ask('/queue')).status, 200);
  assert.equal((await d.http.ask('/admin/queue')).json['code'], 'ADDRESS_NOT_ALLOWED');
});

test('behind a trusted proxy the caller is who it says', async () => {
  await using d = await desk({ adminAddresses: ['10.0.0.0/8'], trustProxy: ['127.0.0.1'], adminLoopback: true });
  const token = (await d.auth.keys.create({ name: 'a', role: 'admin' }, by)).token;
  const act = (forwarded: string) => d.http.ask('/admin/act', { method: 'POST', headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': forwarded } });
  assert.equal((await act('10.1.2.3')).status, 200);
  assert.equal((await act('10.1.2.3, 8.8.8.8')).json['code'], 'ADDRESS_NOT_ALLOWED', 'the nearest untrusted address counts');
  assert.equal((await d.http.ask('/queue', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status, 401);
});

function signedHeaders(keyId: string, secret: string, request: { readonly method: string; readonly target: string; readonly body: string }): Record<string, string> {
  const timestamp = String(Math.floor(systemClock.now() / 1_000));
  const nonce = randomUUID();
  const signature = sign(secret, { ...request, timestamp, nonce, body: Buffer.from(request.body) });
  return { 'content-type': 'application/json', 'x-bellwether-key': keyId, 'x-bellwether-timestamp': timestamp, 'x-bellwether-nonce': nonce, 'x-bellwether-signature': signature };
}

test('a signed request is who signed it, over the very method, path and bytes that were sent, once', async () => {
  await using d = await desk();
  const { key, token, signingSecret } = await d.auth.keys.create({ name: 'p', role: 'trader' }, by);
  const headersFor = (body: string, change: object = {}) => signedHeaders(key.id, signingSecret, { method: 'POST', target: '/write', body, ...change });
  const send = (body: string, headers: Record<string, string>, path = '/write') => d.http.ask(path, { method: 'POST', headers, body });
  const headers = headersFor('{ "n": 1 }');
  assert.equal((await send('{ "n": 1 }', headers)).json['subject'], `key:${key.id}`);
  assert.deepEqual([(await send('{ "n": 1 }', headers)).status, (await send('{ "n": 1 }', headers)).json['code']], [401, 'SIGNATURE_REPLAYED']);
  assert.equal((await send('{"n":2}', headersFor('{"n":3}'))).json['code'], 'SIGNATURE_INVALID');
  assert.equal((await send('{"n":4}', headersFor('{"n":4}'), '/write?dry=1')).json['code'], 'SIGNATURE_INVALID', 'the query is signed too');
  assert.equal((await send('{"n":5}', headersFor('{"n":5}', { method: 'PUT' }))).json['code'], 'SIGNATURE_INVALID');
  assert.match(String((await send('{"n":6}', { ...headersFor('{"n":6}'), authorization: `Bearer ${token}` })).json['detail']), /both a token and a signature/);
});

test('the body of a signed request is not parsed before its sender is known, and bad JSON is told to the sender alone', async () => {
  await using d = await desk();
  const { key, signingSecret } = await d.auth.keys.create({ name: 'p', role: 'trader' }, by);
  const post = (body: string, headers: Record<string, string>) => d.http.ask('/write', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  const broken = '{"broken';
  assert.equal((await post(broken, { 'x-bellwether-signature': 'x' })).json['code'], 'SIGNATURE_MALFORMED');
  const deep = '['.repeat(100);
  for (const [body, code] of [[broken, 'BAD_REQUEST'], [deep, 'BODY_TOO_DEEP']] as const) {
    assert.equal((await post(body, signedHeaders(key.id, signingSecret, { method: 'POST', target: '/write', body }))).json['code'], code);
  }
});

test('wrong credentials from one address are refused unread once there are too many; a caller without one is not', async () => {
  await using d = await desk({ callerLimitPerMinute: 50, adminLoopback: true });
  const guess = () => d.http.ask('/read', bearer(`bw_${'a'.repeat(16)}_${'b'.repeat(43)}`));
  for (let i = 0; i < 5; i++) assert.equal((await guess()).json['code'], 'TOKEN_INVALID');
  const refused = await guess();
  assert.deepEqual([refused.status, refused.json['code']], [429, 'RATE_LIMITED']);
  assert.equal((await d.http.ask('/queue')).status, 200);
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
