import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { ManualClock } from '../../model/time.ts';
import type { CodedError } from '../errors/index.ts';
import { silentLogger } from '../logging/index.ts';
import { createAuth, sign, type SignedParts, type SignedRequest } from './index.ts';

const code = (expected: string) => (e: CodedError) => e.code === expected;

/** Made with OpenSSL 3 by the commands of docs/signals.md#signing. */
const SECRET = 'q2rTQmVlQ0p0c0h4bWZ3Y3l1d0dRb1lYb2pXd1N2YkE';
const NONCE = '5f0c1d2e-7a39-4b1e-9a63-0e6f0a8f5b11';
const KNOWN: readonly (readonly [SignedParts, string])[] = [
  [
    { method: 'POST', target: '/api/v1/signals?dry_run=1', timestamp: '1772366400', nonce: NONCE, body: '{"n":1}' },
    'v2=510a4e14b4c1e6398d4db3da94d94cb388315cc046bf908ed725493c588a43e8',
  ],
  [
    { method: 'get', target: '/api/v1/signals?limit=5', timestamp: '1772366400123', nonce: NONCE, body: '' },
    'v2=d401555686cf1b6d59bc59f3b593e22b8d677394ac2390cc79cd9fd904cabbf8',
  ],
];

test('signs as OpenSSL does', () => {
  for (const [parts, expected] of KNOWN) assert.equal(sign(SECRET, parts), expected);
});

async function desk(db: Awaited<ReturnType<typeof freshDatabase>>) {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const auth = await createAuth({ db, clock, logger: silentLogger });
  const { key, signingSecret } = await auth.keys.create({ name: 'producer', role: 'trader' }, { subject: 'cli' });
  let count = 0;
  /** A request that is right but for `sent`, which is changed after signing. */
  function request(
    parts: Partial<SignedParts> = {},
    sent: Partial<SignedRequest> = {},
    secret = signingSecret,
  ): SignedRequest {
    count += 1;
    const timestamp = String(Math.floor(clock.now() / 1_000));
    const all = {
      method: 'POST',
      target: '/api/v1/signals',
      timestamp,
      nonce: `nonce-number-${String(count).padStart(6, '0')}`,
      body: '{"n":1}',
      ...parts,
    };
    return { ...all, keyId: key.id, signature: sign(secret, all), body: Buffer.from(all.body), ...sent };
  }
  return { clock, auth, key, request };
}

test('accepts a request once, and within five minutes of our clock', async () => {
  await using db = await freshDatabase();
  const { auth, clock, key, request } = await desk(db);
  const good = request();
  assert.deepEqual(await auth.bySignature(good), { subject: `key:${key.id}`, role: 'trader', scopes: [] });
  await assert.rejects(auth.bySignature(good), code('SIGNATURE_REPLAYED'));
  assert.ok(await auth.bySignature(request()), 'the same content with another nonce is another request');
  assert.ok(await auth.bySignature(request({ timestamp: String(clock.now() - 300_000) })), 'milliseconds');
  for (const off of [-301_000, 302_000]) {
    await assert.rejects(
      auth.bySignature(request({ timestamp: String(clock.now() + off) })),
      code('SIGNATURE_EXPIRED'),
    );
  }
  await auth.keys.revoke(key.id, { subject: 'cli' });
  await assert.rejects(auth.bySignature(request()), code('SIGNATURE_INVALID'));
});

test('of two copies of one request that come at once, one is accepted', async () => {
  await using db = await freshDatabase();
  const { auth, request } = await desk(db);
  const good = request();
  const outcomes = await Promise.allSettled([auth.bySignature(good), auth.bySignature(good)]);
  assert.deepEqual(outcomes.map((o) => o.status).toSorted(), ['fulfilled', 'rejected']);
});

test('a nonce belongs to its key, and is free again once its request is too old', async () => {
  await using db = await freshDatabase();
  const { auth, clock, request } = await desk(db);
  const nonce = 'a-nonce-that-is-used-twice';
  const other = await auth.keys.create({ name: 'other', role: 'viewer' }, { subject: 'cli' });
  await auth.bySignature(request({ nonce }));
  assert.ok(await auth.bySignature(request({ nonce }, { keyId: other.key.id }, other.signingSecret)));
  clock.advance(300_000);
  await assert.rejects(auth.bySignature(request({ nonce })), code('SIGNATURE_REPLAYED'));
  clock.advance(1_000);
  assert.ok(await auth.bySignature(request({ nonce })));
  await assert.rejects(auth.bySignature(request({ nonce })), code('SIGNATURE_REPLAYED'));
  clock.advance(601_000);
  await auth.purge();
  assert.equal((await db.query('select 1 from signature_replays')).rowCount, 0);
});

test('a signature fits no other method, target, time, nonce, body or key', async () => {
  await using db = await freshDatabase();
  const { auth, clock, request } = await desk(db);
  const changes: readonly Partial<SignedRequest>[] = [
    { method: 'PUT' },
    { target: '/api/v1/shipments' },
    { target: '/api/v1/signals?x=1' },
    { timestamp: String(Math.floor(clock.now() / 1_000) - 1) },
    { nonce: 'another-nonce-altogether' },
    { body: Buffer.from('{"n":2}') },
    { keyId: 'key_0000000000000000' },
  ];
  for (const sent of changes)
    await assert.rejects(auth.bySignature(request({}, sent)), code('SIGNATURE_INVALID'), JSON.stringify(sent));
  await assert.rejects(auth.bySignature(request({}, {}, 'guessed')), code('SIGNATURE_INVALID'));
  assert.equal((await db.query('select 1 from signature_replays')).rowCount, 0, 'a wrong signature uses up no nonce');
  const unused = await db.query('select 1 from api_keys where last_used_at is not null');
  assert.equal(unused.rowCount, 0, 'and is no use of its key');
});

test('names the header that is missing or malformed, and says what replaced the old form', async () => {
  await using db = await freshDatabase();
  const { auth, request } = await desk(db);
  const cases: readonly (readonly [Partial<SignedRequest>, string])[] = [
    [{ keyId: '' }, 'X-Bellwether-Key'],
    [{ timestamp: 'now' }, 'X-Bellwether-Timestamp'],
    [{ nonce: '' }, 'X-Bellwether-Nonce'],
    [{ nonce: 'too short' }, 'X-Bellwether-Nonce'],
    [{ nonce: 'x'.repeat(65) }, 'X-Bellwether-Nonce'],
    [{ signature: `v2=${'A'.repeat(64)}` }, 'X-Bellwether-Signature'],
    [{ signature: 'xyz' }, 'X-Bellwether-Signature'],
  ];
  for (const [sent, field] of cases) {
    await assert.rejects(
      auth.bySignature(request({}, sent)),
      (e: CodedError) => e.code === 'SIGNATURE_MALFORMED' && e.occurrence.field === field,
      field,
    );
  }
  const old = request({}, { signature: '0'.repeat(64), nonce: '' });
  await assert.rejects(
    auth.bySignature(old),
    (e: CodedError) => e.code === 'SIGNATURE_MALFORMED' && /v2=/.test(e.occurrence.fix ?? ''),
  );
});
