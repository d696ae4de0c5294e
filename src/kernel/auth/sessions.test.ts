import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { freshDatabase } from '../../../test/support/database.ts';
import { ManualClock } from '../../model/time.ts';
import type { CodedError } from '../errors/index.ts';
import { silentLogger } from '../logging/index.ts';
import { createAuth, type Auth } from './index.ts';
import { loadSecrets } from './secrets.ts';

const admin = { subject: 'cli', reason: 'a test' } as const;
const PASSWORD = 'correct horse battery';
const code = (expected: string) => (e: CodedError) => e.code === expected;

/** `here` and `there` are two processes of one desk. */
async function desk(db: Awaited<ReturnType<typeof freshDatabase>>) {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const make = () => createAuth({ db, clock, logger: silentLogger });
  const [here, there] = [await make(), await make()];
  const user = await here.users.create({ email: 'ann@example.org', password: PASSWORD, role: 'trader' }, admin);
  return { clock, here, there, user, signIn: () => here.login('ann@example.org', PASSWORD, '10.0.0.1') };
}

test('a refresh token is good once; a repeat after the grace ends all that came from it', async () => {
  await using db = await freshDatabase();
  const { here, clock, signIn } = await desk(db);
  const first = await signIn();
  const second = await here.refresh(first.refresh_token);
  clock.advance(10_001);
  await assert.rejects(here.refresh(first.refresh_token), code('TOKEN_REUSED'));
  await assert.rejects(here.refresh(second.refresh_token), code('TOKEN_REVOKED'));
  const other = await signIn();
  clock.advance(31 * 86_400_000);
  await assert.rejects(here.refresh(other.refresh_token), code('TOKEN_EXPIRED'));
  const last = await signIn();
  await here.logout(last.refresh_token);
  await assert.rejects(here.refresh(last.refresh_token), code('TOKEN_REVOKED'));
  await assert.rejects(here.refresh('bwr_never-given-out'), code('TOKEN_INVALID'));
  assert.ok((await here.purge()) >= 2);
});

test('tabs that refresh at once each get a successor of one session', async () => {
  await using db = await freshDatabase();
  const { here, there, clock, signIn } = await desk(db);
  const { refresh_token } = await signIn();
  const pairs = await Promise.all([
    here.refresh(refresh_token),
    there.refresh(refresh_token),
    here.refresh(refresh_token),
  ]);
  assert.equal(new Set(pairs.map((p) => p.refresh_token)).size, 3);
  clock.advance(10_000);
  pairs.push(await here.refresh(refresh_token));
  for (const pair of pairs) assert.equal((await here.byToken(pair.access_token)).role, 'trader');
  assert.equal((await db.query('select distinct family from refresh_tokens')).rowCount, 1);
  for (const pair of pairs) assert.ok(await here.refresh(pair.refresh_token), 'each tab goes on by itself');
});

test('a repeat is reuse, also within the grace, once a successor was used', async () => {
  await using db = await freshDatabase();
  const { here, signIn } = await desk(db);
  const { refresh_token } = await signIn();
  const one = await here.refresh(refresh_token);
  const two = await here.refresh(refresh_token);
  const next = await here.refresh(one.refresh_token);
  await assert.rejects(here.refresh(refresh_token), code('TOKEN_REUSED'));
  for (const pair of [two, next]) await assert.rejects(here.refresh(pair.refresh_token), code('TOKEN_REVOKED'));
});

/** Each ends the session that `pair` belongs to. */
type End = (deps: {
  readonly here: Auth;
  readonly id: string;
  readonly refreshToken: string;
  readonly clock: ManualClock;
}) => Promise<unknown>;

const ENDS: Readonly<Record<string, End>> = {
  'a new password': ({ here, id }) => here.users.change(id, { password: `${PASSWORD}!` }, admin),
  'the end of the account': ({ here, id }) => here.users.change(id, { disabled: true }, admin),
  'a sign-out': ({ here, refreshToken }) => here.logout(refreshToken),
  'a reused refresh token': async ({ here, refreshToken, clock }) => {
    await here.refresh(refreshToken);
    clock.advance(10_001);
    await assert.rejects(here.refresh(refreshToken), code('TOKEN_REUSED'));
  },
};

for (const [what, end] of Object.entries(ENDS)) {
  test(`${what} ends access tokens at once here, and within 5 s elsewhere`, async () => {
    await using db = await freshDatabase();
    const { here, there, clock, user, signIn } = await desk(db);
    const pair = await signIn();
    const other = await signIn();
    const ends = end({ here, id: user.id, refreshToken: pair.refresh_token, clock });
    await Promise.all([ends, here.byToken(pair.access_token).catch(() => undefined)]);
    await assert.rejects(here.byToken(pair.access_token), code('TOKEN_REVOKED'));
    await assert.rejects(there.byToken(pair.access_token), code('TOKEN_REVOKED'));
    const isWholeAccount = what === 'a new password' || what === 'the end of the account';
    for (const auth of [here, there]) {
      if (isWholeAccount) await assert.rejects(auth.byToken(other.access_token), code('TOKEN_REVOKED'));
      else assert.equal((await auth.byToken(other.access_token)).role, 'trader', 'another session of the user goes on');
    }
  });
}

test('another process may go by what it read for less than 5 s', async () => {
  await using db = await freshDatabase();
  const { here, there, clock, user, signIn } = await desk(db);
  const pair = await signIn();
  await there.byToken(pair.access_token);
  await here.users.change(user.id, { role: 'viewer' }, admin);
  assert.equal((await here.byToken(pair.access_token)).role, 'viewer');
  await here.logout(pair.refresh_token);
  clock.advance(4_999);
  assert.equal((await there.byToken(pair.access_token)).role, 'trader');
  clock.advance(1);
  await assert.rejects(there.byToken(pair.access_token), code('TOKEN_REVOKED'));
});

test('an account that is enabled again does not bring its old sessions back', async () => {
  await using db = await freshDatabase();
  const { here, user, signIn } = await desk(db);
  const pair = await signIn();
  await here.users.change(user.id, { disabled: true }, admin);
  await here.users.change(user.id, { disabled: false }, admin);
  await assert.rejects(here.byToken(pair.access_token), code('TOKEN_REVOKED'));
  assert.ok(await signIn());
});

test('a refresh or a sign-in beside a password change leaves no session of the old password', async () => {
  await using db = await freshDatabase();
  const { here, user, clock } = await desk(db);
  let password = PASSWORD;
  for (let round = 0; round < 6; round++) {
    const { refresh_token } = await here.login('ann@example.org', password, '10.0.0.1');
    const next = `${PASSWORD} ${round}`;
    const beside = [here.refresh(refresh_token), here.login('ann@example.org', password, '10.0.0.1')];
    const [, ...got] = await Promise.allSettled([here.users.change(user.id, { password: next }, admin), ...beside]);
    for (const outcome of got) {
      if (outcome.status === 'fulfilled')
        await assert.rejects(here.byToken(outcome.value.access_token), code('TOKEN_REVOKED'));
    }
    assert.equal((await db.query('select 1 from refresh_tokens where revoked_at is null')).rowCount, 0);
    password = next;
    clock.advance(900_000);
  }
});

test('a token that names no session is asked to be refreshed; one of another user opens nothing', async () => {
  await using db = await freshDatabase();
  const { here, clock, user, signIn } = await desk(db);
  const { accessKey } = await loadSecrets(db, undefined);
  const seconds = clock.now() / 1_000;
  const token = (claims: Record<string, string>, subject: string) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(subject)
      .setIssuer('bellwether')
      .setAudience('bellwether-api')
      .setExpirationTime(seconds + 900)
      .sign(accessKey);
  await assert.rejects(here.byToken(await token({}, user.id)), code('TOKEN_EXPIRED'));
  await signIn();
  const { rows } = await db.query<{ family: string }>('select family from refresh_tokens');
  assert.equal((await here.byToken(await token({ sid: rows[0]!.family }, user.id))).role, 'trader');
  const bob = await here.users.create({ email: 'bob@example.org', password: PASSWORD, role: 'admin' }, admin);
  await assert.rejects(here.byToken(await token({ sid: rows[0]!.family }, bob.id)), code('TOKEN_REVOKED'));
});
