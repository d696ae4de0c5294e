import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { DAY_MS, ManualClock, MINUTE_MS } from '../../model/time.ts';
import type { CodedError } from '../errors/index.ts';
import { silentLogger } from '../logging/index.ts';
import { createAuth } from './index.ts';
import { hashPassword } from './password.ts';

const PASSWORD = 'correct horse battery';
const ANN = 'ann@example.org';
const HOME = '10.0.0.1';

type Database = Awaited<ReturnType<typeof freshDatabase>>;

async function desk(db: Database) {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const make = () => createAuth({ db, clock, logger: silentLogger });
  const auth = await make();
  await auth.users.create({ email: ANN, password: PASSWORD, role: 'admin' }, { subject: 'cli' });
  /** `signed in`, or the code of the refusal. */
  const outcome = (password: string, address: string, email = ANN, at = auth): Promise<string> =>
    at.login(email, password, address).then(
      () => 'signed in',
      (e: CodedError) => e.code,
    );
  return { clock, auth, make, outcome };
}

const countOf = (outcomes: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(outcomes)].toSorted().map((o) => [o, outcomes.filter((other) => other === o).length]));

/** As if `n` attempts on Ann's account from many addresses had failed one second ago. */
async function failElsewhere(db: Database, clock: ManualClock, n: number): Promise<void> {
  await db.query("insert into login_failures (subject, at) select 'account ' || $1, $2 from generate_series(1, $3)", [
    ANN,
    new Date(clock.now() - 1_000),
    n,
  ]);
}

test('of 64 parallel guesses at one account from one address, five reach the password check', async () => {
  await using db = await freshDatabase();
  const { auth, make, outcome } = await desk(db);
  const other = await make();
  for (const email of [ANN, 'nobody@example.org']) {
    const address = email === ANN ? '10.6.6.6' : '10.6.6.7';
    const guesses = Array.from({ length: 64 }, (_, i) => outcome(`wrong ${i}`, address, email, i % 2 ? auth : other));
    assert.deepEqual(countOf(await Promise.all(guesses)), { LOGIN_FAILED: 5, LOGIN_LIMITED: 59 }, email);
  }
  const { rows } = await db.query('select subject, count(*)::int as n from login_failures group by subject order by 1');
  assert.deepEqual(
    rows.filter(({ subject }) => String(subject).startsWith('pair')).map(({ n }) => n),
    [5, 5],
    'a refused attempt leaves no row',
  );
});

test('of parallel guesses from one address at many accounts, 50 reach the password check', async () => {
  await using db = await freshDatabase();
  const { outcome } = await desk(db);
  const guesses = Array.from({ length: 60 }, (_, i) => outcome('wrong', '10.6.6.6', `user-${i}@example.org`));
  assert.deepEqual(countOf(await Promise.all(guesses)), { LOGIN_FAILED: 50, LOGIN_LIMITED: 10 });
});

test('a successful sign-in leaves no attempt behind', async () => {
  await using db = await freshDatabase();
  const { outcome } = await desk(db);
  for (let i = 0; i < 7; i++) assert.equal(await outcome(PASSWORD, HOME), 'signed in');
  assert.equal((await db.query('select 1 from login_failures')).rowCount, 0);
  for (let i = 0; i < 4; i++) assert.equal(await outcome('wrong', HOME), 'LOGIN_FAILED');
  assert.equal(await outcome(PASSWORD, HOME), 'signed in', 'the fifth is right');
  assert.equal(await outcome('wrong', HOME), 'LOGIN_FAILED', 'the pair counts from zero again');
});

test('an attempt that the busy password check refuses does not count', async () => {
  await using db = await freshDatabase();
  const { outcome } = await desk(db);
  const others = Array.from({ length: 66 }, () => hashPassword('two run, 64 wait'));
  const guesses = Array.from({ length: 30 }, (_, i) => outcome('wrong', `10.1.0.${i}`, `user-${i}@example.org`));
  const counts = countOf(await Promise.all(guesses));
  assert.ok((counts['LOGIN_BUSY'] ?? 0) > 0, JSON.stringify(counts));
  const { rows } = await db.query<{ n: number }>('select count(distinct attempt)::int as n from login_failures');
  assert.equal(rows[0]!.n, counts['LOGIN_FAILED'] ?? 0);
  await Promise.all(others);
  assert.equal(await outcome('wrong', '10.2.0.1', 'nobody@example.org'), 'LOGIN_FAILED', 'not busy any more');
});

test('failures elsewhere do not lock a user out at an address of earlier sign-ins', async () => {
  await using db = await freshDatabase();
  const { clock, outcome } = await desk(db);
  assert.equal(await outcome(PASSWORD, HOME), 'signed in');
  await failElsewhere(db, clock, 100);
  assert.equal(await outcome(PASSWORD, '10.9.9.9'), 'LOGIN_LIMITED', 'an unknown address is refused');
  assert.equal(await outcome(PASSWORD, HOME), 'signed in');
  assert.equal(await outcome(PASSWORD, HOME, 'other@example.org'), 'LOGIN_FAILED', 'it is known for one account alone');
  for (let i = 0; i < 5; i++) assert.equal(await outcome('wrong', HOME), 'LOGIN_FAILED');
  assert.equal(await outcome(PASSWORD, HOME), 'LOGIN_LIMITED', 'the limit of account and address holds');
});

test('the limit of one address holds at a known address', async () => {
  await using db = await freshDatabase();
  const { clock, outcome } = await desk(db);
  assert.equal(await outcome(PASSWORD, HOME), 'signed in');
  await db.query("insert into login_failures (subject, at) select 'address ' || $1, $2 from generate_series(1, 50)", [
    HOME,
    new Date(clock.now()),
  ]);
  assert.equal(await outcome(PASSWORD, HOME), 'LOGIN_LIMITED');
});

test('an address is known for 30 days after its last sign-in, then purged', async () => {
  await using db = await freshDatabase();
  const { auth, clock, outcome } = await desk(db);
  assert.equal(await outcome(PASSWORD, HOME), 'signed in');
  clock.advance(29 * DAY_MS);
  await failElsewhere(db, clock, 100);
  assert.equal(await outcome(PASSWORD, HOME), 'signed in', 'and the 30 days begin again');
  clock.advance(30 * DAY_MS);
  await failElsewhere(db, clock, 100);
  assert.equal(await outcome(PASSWORD, HOME), 'LOGIN_LIMITED');
  clock.advance(1);
  await auth.purge();
  assert.equal((await db.query('select 1 from login_addresses')).rowCount, 0);
});

test('the 20 addresses of the latest sign-ins are kept, as hashes', async () => {
  await using db = await freshDatabase();
  const { clock, outcome } = await desk(db);
  assert.equal(await outcome(PASSWORD, HOME), 'signed in');
  for (let i = 1; i <= 20; i++) {
    clock.advance(MINUTE_MS);
    assert.equal(await outcome(PASSWORD, `10.0.1.${i}`), 'signed in');
  }
  const { rows } = await db.query<{ hash: Buffer }>('select hash from login_addresses');
  assert.deepEqual([rows.length, rows.every(({ hash }) => hash.length === 32)], [20, true]);
  await failElsewhere(db, clock, 100);
  assert.equal(await outcome(PASSWORD, HOME), 'LOGIN_LIMITED', 'the oldest was dropped');
  assert.equal(await outcome(PASSWORD, '10.0.1.1'), 'signed in');
});

test('two sign-ins at once on a hash of an older strength: one renews it, and both are signed in', async () => {
  await using db = await freshDatabase();
  const { outcome } = await desk(db);
  const nonce = Buffer.alloc(16, 7);
  // One pass instead of two: what an earlier version could have stored.
  const tag = argon2Sync('argon2id', { message: PASSWORD, nonce, tagLength: 32, memory: 19_456, passes: 1, parallelism: 1 });
  const b64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  const old = `$argon2id$v=19$m=19456,t=1,p=1$${b64(nonce)}$${b64(tag)}`;
  await db.query('update users set password_hash = $1', [old]);
  assert.deepEqual(await Promise.all([outcome(PASSWORD, HOME), outcome(PASSWORD, HOME)]), ['signed in', 'signed in']);
  const { rows } = await db.query<{ password_hash: string }>('select password_hash from users');
  assert.match(rows[0]!.password_hash, /m=19456,t=2,p=1/);
});
