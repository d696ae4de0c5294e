import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { DAY_MS, ManualClock } from '../../model/time.ts';
import type { CodedError } from '../errors/index.ts';
import { silentLogger } from '../logging/index.ts';
import { createAuth } from './index.ts';
import type { KeyRequest } from './index.ts';

const by = { subject: 'user:boss', role: 'admin', scopes: [], reason: 'a test' } as const;
const PASSWORD = 'correct horse battery';
const code = (expected: string) => (e: CodedError) => e.code === expected;
const refusedAsLast = (e: CodedError) => e.code === 'LAST_ADMIN' && e.status === 409 && e.occurrence.fix !== undefined;

async function desk(db: Awaited<ReturnType<typeof freshDatabase>>) {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const make = () => createAuth({ db, clock, logger: silentLogger });
  const auth = await make();
  const adminKey = (change: Partial<KeyRequest> = {}) =>
    auth.keys.create({ name: 'admin', role: 'admin', ...change }, by);
  const adminUser = (email: string) => auth.users.create({ email, password: PASSWORD, role: 'admin' }, by);
  return { clock, auth, make, adminKey, adminUser };
}

test('the last admin key cannot be revoked, and can be rotated', async () => {
  await using db = await freshDatabase();
  const { auth, adminKey } = await desk(db);
  const { key } = await adminKey();
  await assert.rejects(auth.keys.revoke(key.id, by), refusedAsLast);
  const next = await auth.keys.rotate(key.id, by, 0);
  assert.ok(await auth.keys.revoke(key.id, by), 'its end has come by the rotation');
  await assert.rejects(auth.keys.revoke(next.key.id, by), refusedAsLast);
  assert.equal((await auth.byToken(next.token)).role, 'admin', 'the refusal has changed nothing');
});

test('the last admin user cannot be demoted or disabled', async () => {
  await using db = await freshDatabase();
  const { auth, adminUser } = await desk(db);
  const boss = await adminUser('boss@example.org');
  await assert.rejects(auth.users.change(boss.id, { role: 'operator' }, by), refusedAsLast);
  await assert.rejects(auth.users.change(boss.id, { disabled: true }, by), refusedAsLast);
  const deputy = await adminUser('deputy@example.org');
  assert.equal((await auth.users.change(boss.id, { disabled: true }, by)).role, 'admin');
  await assert.rejects(auth.users.change(deputy.id, { role: 'viewer' }, by), refusedAsLast);
});

test('only a lasting credential counts as another one', async () => {
  await using db = await freshDatabase();
  const { auth, clock, adminKey, adminUser } = await desk(db);
  const { key } = await adminKey();
  await auth.users.create({ email: 'op@example.org', password: PASSWORD, role: 'operator' }, by);
  const linkOnly = await adminUser('link@example.org');
  await db.query("update users set password_hash = 'none' where id = $1", [linkOnly.id]);
  const revoked = await adminKey();
  await auth.keys.revoke(revoked.key.id, by);
  for (const scopes of [['read'], ['write'], ['signals:write', 'read']]) await adminKey({ scopes });
  await adminKey({ expiresAt: clock.now() + DAY_MS });
  clock.advance(DAY_MS);
  await assert.rejects(auth.keys.revoke(key.id, by), refusedAsLast);
  await adminKey({ scopes: ['write', 'gate:reset', 'read'] });
  await assert.rejects(auth.keys.revoke(key.id, by), refusedAsLast, 'a key with scopes creates no user');
  await adminKey({ expiresAt: clock.now() + 4_000 });
  await adminKey({ expiresAt: clock.now() + DAY_MS });
  await assert.rejects(auth.keys.revoke(key.id, by), refusedAsLast, 'a key that ends within 24 hours does not count');
  await adminKey({ expiresAt: clock.now() + DAY_MS + 1 });
  assert.ok(await auth.keys.revoke(key.id, by), 'a key that ends later does');
});

test('a user is not demoted while the only other admin is a key that ends soon', async () => {
  await using db = await freshDatabase();
  const { auth, clock, adminKey, adminUser } = await desk(db);
  const boss = await adminUser('boss@example.org');
  await adminKey({ expiresAt: clock.now() + 4_000 });
  await assert.rejects(auth.users.change(boss.id, { role: 'viewer' }, by), refusedAsLast);
  await assert.rejects(auth.users.change(boss.id, { disabled: true }, by), refusedAsLast);
  await adminKey();
  assert.ok(await auth.users.change(boss.id, { disabled: true }, by));
});

test('the last admin key is not revoked on its last day either, and is after its end', async () => {
  await using db = await freshDatabase();
  const { auth, clock, adminKey } = await desk(db);
  const { key } = await adminKey({ expiresAt: clock.now() + 4_000 });
  await assert.rejects(auth.keys.revoke(key.id, by), refusedAsLast);
  const scoped = await adminKey({ scopes: ['read', 'write'] });
  assert.ok(await auth.keys.revoke(key.id, by), 'no lasting admin is lost, and somebody can administer now');
  await assert.rejects(auth.keys.revoke(scoped.key.id, by), refusedAsLast);
  const ending = await adminKey({ expiresAt: clock.now() + 4_000 });
  clock.advance(4_000);
  assert.ok(await auth.keys.revoke(ending.key.id, by), 'it is of no use any more');
});

test('two admins that end each other at once do not both succeed', async () => {
  await using db = await freshDatabase();
  const { auth, make, adminKey, adminUser } = await desk(db);
  const other = await make();
  for (let round = 0; round < 5; round++) {
    const user = await adminUser(`boss-${round}@example.org`);
    const { key } = await adminKey();
    const outcomes = await Promise.allSettled([
      auth.keys.revoke(key.id, by),
      other.users.change(user.id, { disabled: true }, by),
    ]);
    assert.deepEqual(outcomes.map((o) => o.status).toSorted(), ['fulfilled', 'rejected']);
    await db.query("update users set role = 'viewer'");
    await db.query('update api_keys set revoked_at = now()');
  }
});

test('a start makes an admin token when the only admin key has expired', async () => {
  await using db = await freshDatabase();
  const { auth, clock, adminKey } = await desk(db);
  await adminKey({ expiresAt: clock.now() + DAY_MS });
  clock.advance(DAY_MS - 1);
  assert.equal(await auth.ensureAdminToken(), null, 'usable for another millisecond');
  clock.advance(1);
  assert.match(String(await auth.ensureAdminToken()), /^bw_/);
  assert.equal(await auth.ensureAdminToken(), null);
});

test('a key needs a name, and an end in the future', async () => {
  await using db = await freshDatabase();
  const { auth, clock } = await desk(db);
  const wrong = (field: string) => (e: CodedError) => e.code === 'VALIDATION_FAILED' && e.occurrence.field === field;
  await assert.rejects(auth.keys.create({ name: ' \t', role: 'viewer' }, by), wrong('name'));
  await assert.rejects(
    auth.keys.create({ name: 'x', role: 'viewer', expiresAt: clock.now() }, by),
    wrong('expires_at'),
  );
  assert.equal((await db.query('select 1 from api_keys')).rowCount, 0);
  const { key, token } = await auth.keys.create({ name: ' producer ', role: 'viewer', expiresAt: clock.now() + 1 }, by);
  assert.equal(key.name, 'producer');
  clock.advance(1);
  await assert.rejects(auth.byToken(token), code('TOKEN_EXPIRED'));
});
