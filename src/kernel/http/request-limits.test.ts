import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCodedError } from '../errors/index.ts';
import { ManualClock, MINUTE_MS } from '../../model/time.ts';
import { createRequestLimits, type Share } from './request-limits.ts';

function limits(global: number, caller: number) {
  const clock = new ManualClock('2026-03-01T00:00:00Z');
  const made = createRequestLimits(clock, global, caller);
  /** How many of so many calls pass. */
  const passing = (times: number, call: () => void): number => {
    let count = 0;
    for (let i = 0; i < times; i++) {
      try {
        call();
        count += 1;
      } catch (e) {
        assert.ok(isCodedError(e) && e.code === 'RATE_LIMITED');
      }
    }
    return count;
  };
  const passed = (who: string, share: Share | null, times: number): number => passing(times, () => made.known(who, share, null));
  const strangers = (address: string, share: 'sign-in' | null, times: number): number => passing(times, () => made.stranger(address, share, null));
  return { clock, made, passing, passed, strangers };
}

test('what a caller’s own limit refuses does not count for everyone', () => {
  const { passed } = limits(100, 30);
  assert.equal(passed('10.0.0.1', null, 1_000), 30);
  assert.equal(passed('10.0.0.2', null, 1_000), 30);
  assert.equal(passed('10.0.0.3', null, 10), 10, '60 of 100 are used, whatever was refused');
});

test('signing in, webhooks and signed producers have a share that others cannot use up', () => {
  const { passed, clock } = limits(100, 1_000);
  assert.equal(passed('10.0.0.1', null, 1_000), 100);
  assert.equal(passed('10.0.0.9', null, 1), 0, 'the limit for everyone is spent');
  for (const share of ['webhook', 'signed'] as const) assert.equal(passed(`caller of ${share}`, share, 50), 10, share);
  clock.advance(MINUTE_MS + 1);
  assert.equal(passed('producer', 'signed', 50), 50, 'past its share it uses what is left for everyone');
});

test('one address cannot use up the share of signing in', () => {
  const { strangers } = limits(1_000, 1_000);
  assert.equal(strangers('10.0.0.1', 'sign-in', 500), 10, 'a tenth of the share');
  assert.equal(strangers('10.0.0.2', 'sign-in', 5), 5);
});

test('0 means no limit', () => {
  const { passed, strangers, made, passing } = limits(0, 0);
  assert.deepEqual([passed('a', 'signed', 500), strangers('a', 'sign-in', 500)], [500, 500]);
  assert.equal(passing(500, () => (made.noteGuess('a'), made.checkGuesses('a'))), 500);
});

test('however many strangers there are, signed-in callers keep half of the limit for everyone', () => {
  const { passed, strangers } = limits(100, 30);
  const admitted = ['a', 'b', 'c', 'd', 'e'].map((address) => strangers(address, null, 100));
  assert.equal(admitted.reduce((sum, n) => sum + n, 0), 50);
  assert.equal(passed('user:ann', null, 30), 30);
  assert.equal(passed('user:bob', null, 30), 20);
});

test('an address that sends wrong credentials is refused before they are looked up, for a minute', () => {
  const { made, passing, clock } = limits(0, 100);
  assert.equal(passing(50, () => (made.checkGuesses('a'), made.noteGuess('a'))), 10);
  assert.equal(passing(5, () => made.checkGuesses('b')), 5, 'another address is not concerned');
  assert.equal(passing(1, () => made.stranger('a', null, null)), 1, 'nor are requests without a credential');
  clock.advance(MINUTE_MS + 1);
  assert.equal(passing(1, () => made.checkGuesses('a')), 1);
});
