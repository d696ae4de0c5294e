import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCodedError } from '../errors/index.ts';
import { ManualClock, MINUTE_MS } from '../../model/time.ts';
import { createRequestLimits, type Share } from './request-limits.ts';

function limits(global: number, caller: number) {
  const clock = new ManualClock('2026-03-01T00:00:00Z');
  const made = createRequestLimits(clock, global, caller);
  /** How many of so many requests pass. */
  const passed = (who: string, share: Share | null, times: number): number => {
    let count = 0;
    for (let i = 0; i < times; i++) {
      try {
        made.count(who, share, null);
        count += 1;
      } catch (e) {
        assert.ok(isCodedError(e) && e.code === 'RATE_LIMITED');
      }
    }
    return count;
  };
  return { clock, passed };
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
  const { passed } = limits(1_000, 1_000);
  assert.equal(passed('10.0.0.1', 'sign-in', 500), 10, 'a tenth of the share');
  assert.equal(passed('10.0.0.2', 'sign-in', 5), 5);
});

test('0 means no limit', () => {
  const { passed } = limits(0, 0);
  assert.equal(passed('a', 'sign-in', 500), 500);
});
