import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { verifyAudit } from '../audit/index.ts';
import { silentLogger } from '../logging/index.ts';
import type { CodedError } from '../errors/index.ts';
import { ManualClock } from '../../model/time.ts';
import { createAuth } from './index.ts';

const START = '2026-03-01T12:00:00Z';
const admin = { subject: 'user:boss', role: 'admin', scopes: [], reason: 'a test' } as const;
const PASSWORD = 'correct horse battery';
const code = (expected: string) => (e: CodedError) => e.code === expected;

async function desk(db: Awaited<ReturnType<typeof freshDatabase>>, secret?: string) {
  const clock = new ManualClock(START);
  const make = () => createAuth({ db, clock, logger: silentLogger, ...(secret === undefined ? {} : { secret }) });
  return { clock, auth: await make(), make };
}

test('signs in, and the access token says who it is until it expires', async () => {
  await using db = await freshDatabase();
  const { auth, clock, make } = await desk(db);
  const user = await auth.users.create({ email: 'Ann@Example.org', password: PASSWORD, role: 'trader' }, admin);
  const pair = await auth.login('ann@example.ORG', PASSWORD, '10.0.0.1');
  assert.deepEqual(await auth.byToken(pair.access_token), { subject: `user:${user.id}`, role: 'trader', scopes: [] });
  assert.equal(pair.expires_in, 900);
  assert.equal((await (await make()).byToken(pair.access_token)).role, 'trader', 'another process knows the same secret');
  clock.advance(901_000);
  await assert.rejects(auth.byToken(pair.access_token), code('TOKEN_EXPIRED'));
  for (const bad of ['', 'x.y.z', `${pair.access_token}x`, 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSJ9.']) await assert.rejects(auth.byToken(bad), code('TOKEN_INVALID'), bad);
  const { rows } = await db.query<{ password_hash: string }>('select password_hash from users');
  assert.match(rows[0]!.password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('another secret does not take its tokens', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db, 'one secret of at least 32 characters');
  const other = await desk(db, 'another secret of at least 32 characters');
  await auth.users.create({ email: 'a@example.org', password: PASSWORD, role: 'viewer' }, admin);
  const { access_token } = await auth.login('a@example.org', PASSWORD, '10.0.0.1');
  await assert.rejects(other.auth.byToken(access_token), code('TOKEN_INVALID'));
});

test('failed sign-ins look the same for known and unknown users, and are limited', async () => {
  await using db = await freshDatabase();
  const { auth, clock } = await desk(db);
  await auth.users.create({ email: 'a@example.org', password: PASSWORD, role: 'viewer' }, admin);
  await assert.rejects(auth.login('nobody@example.org', 'x', '10.0.0.2'), code('LOGIN_FAILED'));
  for (let i = 0; i < 5; i++) await assert.rejects(auth.login('a@example.org', 'wrong', '10.0.0.1'), code('LOGIN_FAILED'));
  await assert.rejects(auth.login('a@example.org', PASSWORD, '10.0.0.1'), (e: CodedError) => e.code === 'LOGIN_LIMITED' && (e.occurrence.retryAfterSeconds ?? 0) > 0);
  assert.ok(await auth.login('a@example.org', PASSWORD, '10.9.9.9'), 'the owner at another address is not locked out');
  clock.advance(15 * 60_000 + 1);
  assert.ok(await auth.login('a@example.org', PASSWORD, '10.0.0.1'));
});

test('a demoted, disabled or re-passworded user loses at once what they had', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  const boss = await auth.users.create({ email: 'boss@example.org', password: PASSWORD, role: 'admin' }, admin);
  await assert.rejects(auth.users.change(boss.id, { role: 'viewer' }, admin), code('LAST_ADMIN'));
  await assert.rejects(auth.users.create({ email: 'BOSS@example.org', password: PASSWORD, role: 'viewer' }, admin), code('USER_EXISTS'));
  const ann = await auth.users.create({ email: 'ann@example.org', password: PASSWORD, role: 'operator' }, admin);
  const pair = await auth.login('ann@example.org', PASSWORD, '10.0.0.1');
  await auth.byToken(pair.access_token);
  await auth.users.change(ann.id, { role: 'viewer' }, admin);
  assert.equal((await auth.byToken(pair.access_token)).role, 'viewer');
  await auth.users.change(ann.id, { password: `${PASSWORD}!` }, admin);
  await assert.rejects(auth.refresh(pair.refresh_token), code('TOKEN_REVOKED'));
  await auth.users.change(ann.id, { disabled: true }, admin);
  await assert.rejects(auth.byToken(pair.access_token), code('TOKEN_REVOKED'));
  await assert.rejects(auth.login('ann@example.org', `${PASSWORD}!`, '10.0.0.1'), code('LOGIN_FAILED'));
  assert.deepEqual([(await verifyAudit(db)).ok, (await verifyAudit(db)).rows], [true, 5]);
});

test('API keys: scoped, rotated with overlap, expiring, revoked, kept as hashes, use noted', async () => {
  await using db = await freshDatabase();
  const { auth, clock } = await desk(db);
  const { key, token } = await auth.keys.create({ name: 'producer', role: 'trader', scopes: ['signals:write'], expiresAt: clock.now() + 10 * 86_400_000 }, admin);
  assert.match(token, /^bw_[0-9a-z]{16}_[\w-]{43}$/);
  assert.deepEqual(await auth.byToken(token), { subject: `key:${key.id}`, role: 'trader', scopes: ['signals:write'] });
  await assert.rejects(auth.byToken(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`), code('TOKEN_INVALID'));
  const next = await auth.keys.rotate(key.id, admin, 3_600_000);
  assert.equal((await auth.byToken(token)).role, 'trader', 'the old one still works');
  assert.equal((await auth.byToken(next.token)).scopes[0], 'signals:write');
  clock.advance(3_600_001);
  await assert.rejects(auth.byToken(token), code('TOKEN_EXPIRED'));
  await assert.rejects(auth.keys.rotate(key.id, admin), code('API_KEY_INACTIVE'));
  await auth.keys.revoke(next.key.id, admin);
  await assert.rejects(auth.byToken(next.token), code('TOKEN_REVOKED'));
  const everything = JSON.stringify((await db.query('select k.*, a.after_state from api_keys k, audit_logs a')).rows);
  assert.ok(!everything.includes(token.slice(-43)) && !everything.includes(next.signingSecret));
  assert.equal((await auth.keys.list(null, 10)).find((k) => k.id === key.id)?.last_used_at, '2026-03-01T12:00:00.000Z');
});

test('the first start gives one admin token, however many start at once', async () => {
  await using db = await freshDatabase();
  const { make } = await desk(db);
  const tokens = await Promise.all((await Promise.all([make(), make(), make()])).map((auth) => auth.ensureAdminToken()));
  const given = tokens.filter((token) => token !== null);
  assert.equal(given.length, 1);
  assert.equal((await (await make()).byToken(given[0]!)).role, 'admin');
});
