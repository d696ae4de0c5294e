import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import { systemClock } from '../../model/time.ts';
import type { CodedError } from '../errors/index.ts';
import { silentLogger } from '../logging/index.ts';
import { authRoutes, createAuth, type Actor } from './index.ts';

const cli = { subject: 'cli' } as const;
const PASSWORD = 'correct horse battery';
const scoped: Actor = { subject: 'key:key_scoped', role: 'admin', scopes: ['write', 'gate:reset'] };
const trader: Actor = { subject: 'key:key_trader', role: 'trader', scopes: [] };

const exceeds = (field: string) => (e: CodedError) =>
  e.code === 'SCOPE_EXCEEDED' && e.status === 403 && e.occurrence.field === field && e.occurrence.fix !== undefined;

async function desk(db: Awaited<ReturnType<typeof freshDatabase>>) {
  const auth = await createAuth({ db, clock: systemClock, logger: silentLogger });
  const rows = async () =>
    (await db.query('select (select count(*) from users) + (select count(*) from api_keys) as n')).rows[0]!['n'];
  return { auth, rows };
}

test('a scoped key makes keys within its own scopes alone', async () => {
  await using db = await freshDatabase();
  const { auth, rows } = await desk(db);
  for (const scopes of [undefined, [], ['read'], ['write', 'read'], ['gate:reset', 'write', 'traces:write']]) {
    const request = { name: 'k', role: 'viewer', ...(scopes && { scopes }) } as const;
    await assert.rejects(auth.keys.create(request, scoped), exceeds('scopes'), String(scopes));
  }
  assert.equal(await rows(), 0n, 'a refusal stores nothing');
  for (const scopes of [['write'], ['gate:reset', 'write']])
    assert.deepEqual((await auth.keys.create({ name: 'k', role: 'admin', scopes }, scoped)).key.scopes, scopes);
});

test('a scoped key rotates keys within its own scopes alone, and revokes any', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  const keep = await auth.keys.create({ name: 'keep', role: 'admin' }, cli);
  for (const scopes of [[], ['read'], ['write', 'read']]) {
    const { key, token } = await auth.keys.create({ name: 'wider', role: 'admin', scopes }, cli);
    await assert.rejects(auth.keys.rotate(key.id, scoped, 0), exceeds('id'), scopes.join());
    assert.ok(await auth.byToken(token), 'the refusal has not ended the key');
    assert.notEqual((await auth.keys.revoke(key.id, scoped)).revoked_at, null);
  }
  const own = await auth.keys.create({ name: 'own', role: 'admin', scopes: scoped.scopes! }, cli);
  assert.deepEqual((await auth.keys.rotate(own.key.id, scoped)).key.scopes, scoped.scopes);
  assert.ok(await auth.byToken(keep.token));
});

test('a scoped key gives no user access, and may take it away', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  await auth.users.create({ email: 'boss@example.org', password: PASSWORD, role: 'admin' }, cli);
  const ann = await auth.users.create({ email: 'ann@example.org', password: PASSWORD, role: 'trader' }, cli);
  const bob = { email: 'bob@example.org', password: PASSWORD, role: 'viewer' } as const;
  await assert.rejects(auth.users.create(bob, scoped), exceeds('role'));
  assert.equal(await auth.users.byEmail(bob.email), null);
  await assert.rejects(auth.users.change(ann.id, { role: 'admin' }, scoped), exceeds('role'));
  await assert.rejects(auth.users.change(ann.id, { role: 'viewer' }, scoped), exceeds('role'));
  await assert.rejects(auth.users.change(ann.id, { password: 'a password of mine' }, scoped), exceeds('password'));
  await assert.rejects(auth.links.create({ userId: ann.id }, scoped), exceeds('userId'));
  await assert.rejects(auth.links.create({}, scoped), exceeds('userId'));
  assert.ok(await auth.login('ann@example.org', PASSWORD, '10.0.0.1'), 'nothing has changed');
  assert.notEqual((await auth.users.change(ann.id, { disabled: true }, scoped)).disabled_at, null);
  await assert.rejects(auth.users.change(ann.id, { disabled: false }, scoped), exceeds('disabled'));
});

test('nobody gives a role above their own', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  const boss = await auth.users.create({ email: 'boss@example.org', password: PASSWORD, role: 'admin' }, cli);
  const { key } = await auth.keys.create({ name: 'admin', role: 'admin' }, cli);
  const bob = { email: 'bob@example.org', password: PASSWORD, role: 'approver' } as const;
  await assert.rejects(auth.keys.create({ name: 'k', role: 'approver' }, trader), exceeds('role'));
  await assert.rejects(auth.keys.rotate(key.id, trader), exceeds('id'));
  await assert.rejects(auth.users.create(bob, trader), exceeds('role'));
  await assert.rejects(auth.users.change(boss.id, { password: 'a password of mine' }, trader), exceeds('password'));
  await assert.rejects(auth.links.create({ userId: boss.id }, trader), exceeds('userId'));
  assert.equal((await auth.keys.create({ name: 'k', role: 'trader' }, trader)).key.role, 'trader');
});

test('over HTTP a key with the scope write makes no key that may read', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  await using http = await testHttp({ auth, db });
  authRoutes(auth)(http.app);
  await http.start();
  const { token } = await auth.keys.create({ name: 'writer', role: 'admin', scopes: ['write'] }, cli);
  const post = (path: string, body: object) =>
    http.ask(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const { status, json } = await post('/api/v1/api-keys', { name: 'k', role: 'admin' });
  assert.deepEqual([status, json['code'], json['field'], 'token' in json], [403, 'SCOPE_EXCEEDED', 'scopes', false]);
  assert.match(String(json['fix']), /write/);
  const user = await post('/api/v1/users', { email: 'bob@example.org', password: PASSWORD, role: 'viewer' });
  assert.deepEqual([user.status, user.json['code'], user.json['field']], [403, 'SCOPE_EXCEEDED', 'role']);
  assert.equal((await post('/api/v1/api-keys', { name: 'k', role: 'admin', scopes: ['write'] })).status, 201);
});
