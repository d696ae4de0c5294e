import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import { MINUTE_MS, ManualClock } from '../../model/time.ts';
import { verifyAudit } from '../audit/index.ts';
import type { CodedError } from '../errors/index.ts';
import { silentLogger } from '../logging/index.ts';
import { authRoutes, createAuth, OWNER_EMAIL } from './index.ts';

const cli = { subject: 'cli' } as const;
const PASSWORD = 'correct horse battery';
const code = (expected: string) => (e: CodedError) => e.code === expected;
const invalid = (e: CodedError) =>
  e.code === 'SIGN_IN_LINK_INVALID' && e.status === 401 && /bellwether sign-in/.test(e.occurrence.fix ?? '');

async function desk(db: Awaited<ReturnType<typeof freshDatabase>>) {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const make = () => createAuth({ db, clock, logger: silentLogger });
  return { clock, auth: await make(), make };
}

test('signs the owner in as an admin, once', async () => {
  await using db = await freshDatabase();
  const { auth, clock } = await desk(db);
  const link = await auth.links.create({}, cli);
  assert.match(link.code, /^bwl_[\w-]{43}$/);
  assert.equal(link.expiresAt, clock.now() + 10 * MINUTE_MS);
  const pair = await auth.links.redeem(link.code);
  const owner = await auth.users.byEmail(OWNER_EMAIL);
  assert.deepEqual(await auth.byToken(pair.access_token), { subject: `user:${owner!.id}`, role: 'admin', scopes: [] });
  assert.ok(await auth.refresh(pair.refresh_token), 'a session like any other');
  await assert.rejects(auth.links.redeem(link.code), invalid);
  await assert.rejects(auth.links.redeem('bwl_never-given-out'), invalid);
  await auth.links.create({}, cli);
  assert.equal((await auth.users.list(null, 10)).length, 1, 'there is one owner');
});

test('of many that use a link at once, one is signed in', async () => {
  await using db = await freshDatabase();
  const { auth, make } = await desk(db);
  const other = await make();
  const link = await auth.links.create({}, cli);
  const outcomes = await Promise.allSettled(
    [auth, other, auth, other].map((process) => process.links.redeem(link.code)),
  );
  assert.equal(outcomes.filter((o) => o.status === 'fulfilled').length, 1);
});

test('a link ends with its time, and nothing in the database gives its code away', async () => {
  await using db = await freshDatabase();
  const { auth, clock } = await desk(db);
  const link = await auth.links.create({ ttlMs: MINUTE_MS }, cli);
  const everything = JSON.stringify(
    (await db.query('select l.*, a.after_state from sign_in_links l, audit_logs a')).rows,
  );
  assert.ok(!everything.includes(link.code) && !everything.includes(link.code.slice(4)));
  clock.advance(MINUTE_MS);
  await assert.rejects(auth.links.redeem(link.code), invalid);
  clock.advance(1);
  await auth.purge();
  assert.equal((await db.query('select 1 from sign_in_links')).rowCount, 0);
  for (const ttlMs of [0, -1, Number.NaN, 25 * 60 * MINUTE_MS])
    await assert.rejects(auth.links.create({ ttlMs }, cli), code('VALIDATION_FAILED'));
});

test('a link for a user signs that user in, and ends with a password change or the account', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  const ann = await auth.users.create({ email: 'ann@example.org', password: PASSWORD, role: 'trader' }, cli);
  const pair = await auth.links.redeem((await auth.links.create({ userId: ann.id }, cli)).code);
  assert.equal((await auth.byToken(pair.access_token)).role, 'trader');
  const first = await auth.links.create({ userId: ann.id }, cli);
  await auth.users.change(ann.id, { password: `${PASSWORD}!` }, cli);
  await assert.rejects(auth.links.redeem(first.code), invalid);
  const second = await auth.links.create({ userId: ann.id }, cli);
  await auth.users.create({ email: 'boss@example.org', password: PASSWORD, role: 'admin' }, cli);
  await auth.users.change(ann.id, { disabled: true }, cli);
  await assert.rejects(auth.links.create({ userId: ann.id }, cli), code('SIGN_IN_LINK_REFUSED'));
  await auth.users.change(ann.id, { disabled: false }, cli);
  await assert.rejects(auth.links.redeem(second.code), invalid, 'it was withdrawn');
  await assert.rejects(auth.links.create({ userId: 'usr_nobody' }, cli), code('USER_UNKNOWN'));
});

test('a link does not undo what an admin has decided about the owner', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  await auth.users.create({ email: 'boss@example.org', password: PASSWORD, role: 'admin' }, cli);
  const link = await auth.links.create({}, cli);
  const owner = (await auth.users.byEmail(OWNER_EMAIL))!;
  for (const change of [{ disabled: true }, { disabled: false, role: 'viewer' }] as const) {
    await auth.users.change(owner.id, change, cli);
    await assert.rejects(
      auth.links.create({}, cli),
      (e: CodedError) => e.code === 'SIGN_IN_LINK_REFUSED' && /--email/.test(e.occurrence.fix ?? ''),
    );
  }
  await assert.rejects(auth.links.redeem(link.code), invalid);
  const { disabled_at, role } = (await auth.users.byEmail(OWNER_EMAIL))!;
  assert.deepEqual([disabled_at, role], [null, 'viewer']);
});

test('the owner has no password and is no usable admin', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  await auth.links.create({}, cli);
  for (const password of ['none', 'decoy', ''])
    await assert.rejects(auth.login(OWNER_EMAIL, password, '10.0.0.1'), code('LOGIN_FAILED'));
  assert.match(String(await auth.ensureAdminToken()), /^bw_/);
  const owner = (await auth.users.byEmail(OWNER_EMAIL))!;
  await auth.users.change(owner.id, { password: PASSWORD }, cli);
  assert.ok(await auth.login(OWNER_EMAIL, PASSWORD, '10.0.0.1'), 'with a password it is a user like any other');
});

test('creating and using a link are in the audit trail', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  await auth.links.redeem((await auth.links.create({}, { subject: 'cli', reason: 'first look' })).code, 'a'.repeat(32));
  const owner = (await auth.users.byEmail(OWNER_EMAIL))!;
  const { rows } = await db.query('select actor, action, target, reason, trace_id from audit_logs order by seq');
  assert.deepEqual(rows, [
    { actor: 'cli', action: 'user.create', target: owner.id, reason: 'first look', trace_id: null },
    { actor: 'cli', action: 'sign_in_link.create', target: owner.id, reason: 'first look', trace_id: null },
    { actor: `user:${owner.id}`, action: 'sign_in_link.use', target: owner.id, reason: null, trace_id: 'a'.repeat(32) },
  ]);
  assert.equal((await verifyAudit(db)).ok, true);
});

test('POST /api/v1/auth/link signs in without a token', async () => {
  await using db = await freshDatabase();
  const { auth } = await desk(db);
  await using http = await testHttp({ auth, db });
  authRoutes(auth)(http.app);
  await http.start();
  const post = (body: unknown) =>
    http.ask('/api/v1/auth/link', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const link = await auth.links.create({}, cli);
  const first = await post({ code: link.code });
  assert.equal(first.status, 200, first.text);
  const { json } = await http.ask('/api/v1/auth/me', {
    headers: { authorization: `Bearer ${String(first.json['access_token'])}` },
  });
  assert.equal(json['role'], 'admin');
  const again = await post({ code: link.code });
  assert.deepEqual([again.status, again.json['code']], [401, 'SIGN_IN_LINK_INVALID']);
  assert.equal((await post({})).json['code'], 'VALIDATION_FAILED');
  const next = (await auth.links.create({}, cli)).code;
  for (const wrong of [{ code: next + 'x'.repeat(100) }, next]) {
    const reply = await post(wrong);
    assert.deepEqual([reply.status, reply.text.includes(next.slice(0, 8))], [400, false], 'no refusal repeats a code');
  }
  assert.ok(!JSON.stringify(http.lines).includes(link.code), 'the log does not hold the code');
});
