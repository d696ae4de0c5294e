import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_RETRY, parseRetryAfter, retryPauseMs } from './retry.ts';
import { redact } from './redact.ts';

test('the pause lies between what the venue asked for and the exponential bound above it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.option(fc.integer({ min: 0, max: 60_000 })), fc.double({ min: 0, max: 0.999_999, noNaN: true }), (tried, retryAfterMs, r) => {
      const pauseMs = retryPauseMs(DEFAULT_RETRY, tried, retryAfterMs, () => r);
      assert.ok(pauseMs >= (retryAfterMs ?? 0) && pauseMs <= (retryAfterMs ?? 0) + Math.min(5_000, 200 * 2 ** (tried - 1)));
    }),
  );
  assert.equal(retryPauseMs(DEFAULT_RETRY, 3, null, () => 0.5), 400);
});

test('Retry-After is seconds or an HTTP date', () => {
  const now = Date.parse('2026-03-01T00:00:00Z');
  assert.equal(parseRetryAfter('120', now), 120_000);
  assert.equal(parseRetryAfter(' 0 ', now), 0);
  assert.equal(parseRetryAfter('Sun, 01 Mar 2026 00:00:30 GMT', now), 30_000);
  assert.equal(parseRetryAfter('Sat, 28 Feb 2026 00:00:00 GMT', now), 0);
  for (const nothing of [null, '', 'soon', '-5x']) assert.equal(parseRetryAfter(nothing, now), null);
});

test('what looks like a credential goes, what does not stays', () => {
  assert.equal(redact('GET https://u:pass@h/x?api_key=abc123&symbol=IBM&sig=zz'), 'GET https://u:[redacted]@h/x?api_key=[redacted]&symbol=IBM&sig=[redacted]');
  assert.equal(redact('Authorization: Bearer abcdefgh.ijk'), 'Authorization: Bearer [redacted]');
  assert.equal(redact('the basic idea, a token of it, 12 monkeys=3'), 'the basic idea, a token of it, 12 monkeys=3');
});
