import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsSoon, isNewer, isSignedOut, linkCodeOf, readSession, type Session } from './session-rules.ts';

const held: Session = {
  accessToken: 'a',
  refreshToken: 'r',
  subject: 'user:u',
  role: 'admin',
  issuedAt: 1_000,
  expiresAt: 901_000,
};

test('a stored session is read back; anything else is no session', () => {
  assert.deepEqual(readSession(JSON.parse(JSON.stringify(held))), held);
  const pasted = { ...held, refreshToken: null, expiresAt: null };
  assert.deepEqual(readSession(pasted), pasted);
  for (const bad of [
    null,
    undefined,
    'a',
    7,
    [],
    {},
    { ...held, accessToken: '' },
    { ...held, accessToken: 7 },
    { ...held, subject: undefined },
    { ...held, issuedAt: '1' },
  ])
    assert.equal(readSession(bad), null, JSON.stringify(bad));
});

test('the session that was issued later wins; the same one again changes nothing', () => {
  assert.equal(isNewer(held, null), true);
  assert.equal(isNewer(held, held), false);
  assert.equal(isNewer({ ...held, issuedAt: 1_001 }, held), true);
  assert.equal(isNewer({ ...held, issuedAt: 999 }, held), false);
});

test('a token is renewed half a minute before its end; one without an end never', () => {
  assert.equal(endsSoon(held, 870_999), false);
  assert.equal(endsSoon(held, 871_000), true);
  assert.equal(endsSoon(held, 2_000_000), true);
  assert.equal(endsSoon({ ...held, expiresAt: null }, 2_000_000), false);
});

test('a sign-out ends what was issued before it, and nothing later', () => {
  assert.equal(isSignedOut(held, null), false);
  assert.equal(isSignedOut(held, 1_000), true);
  assert.equal(isSignedOut(held, 999), false);
});

test('only #sign-in= holds a code', () => {
  assert.equal(linkCodeOf('#sign-in=bwl_x-Y_1'), 'bwl_x-Y_1');
  assert.equal(linkCodeOf('#sign-in=a%20b'), 'a b');
  assert.equal(linkCodeOf('#sign-in=%'), '%', 'a broken escape does not stop the page');
  assert.equal(linkCodeOf('#sign-in='), '');
  for (const other of ['', '#', '#content', '#x-sign-in=1', '?sign-in=1']) assert.equal(linkCodeOf(other), null, other);
});
