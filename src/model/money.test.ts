import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_EXACT_MICROS, basisPoints, formatUsd, parseUsd, roundMicros, sumMicros, times, toDecimal, usd } from './money.ts';

const amount = fc.bigInt({ min: -(10n ** 23n), max: 10n ** 23n });

test('what is written as a decimal is read back exactly', () => {
  fc.assert(fc.property(amount, (micros) => parseUsd(toDecimal(micros)) === micros));
});

test('an amount that is not a decimal with at most six places is refused', () => {
  for (const text of ['', '1e3', '1,000', '0.0000001', '--1', '1.', 'NaN', 'Infinity', '0x10']) assert.throws(() => parseUsd(text), RangeError, text);
});

test('rounding is half away from zero and symmetric', () => {
  assert.equal(roundMicros(0.5), 1n);
  assert.equal(roundMicros(-0.5), -1n);
  assert.equal(roundMicros(2.5), 3n);
  fc.assert(fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (x) => roundMicros(-x) === -roundMicros(x)));
});

test('corrupt money stops here: what a double cannot hold exactly is refused', () => {
  for (const x of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53)]) assert.throws(() => roundMicros(x), RangeError);
  assert.equal(roundMicros(Number(MAX_EXACT_MICROS)), MAX_EXACT_MICROS);
});

test('shares of an amount differ from the amount by rounding alone', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.integer({ min: 1, max: 50 }), (micros, parts) => {
      const total = sumMicros(Array.from({ length: parts }, () => times(micros, 1 / parts)));
      const off = total - micros;
      return (off < 0n ? -off : off) <= BigInt(parts);
    }),
  );
});

test('known amounts', () => {
  assert.equal(usd(12.34), 12_340_000n);
  assert.equal(basisPoints(usd(1_000_000), 75), usd(7_500));
  assert.equal(toDecimal(usd(12340.5)), '12340.50');
  assert.equal(toDecimal(1n), '0.000001');
  assert.equal(toDecimal(-1_500_000n), '-1.50');
});

test('people read whole dollars from $100 up and cents below', () => {
  assert.equal(formatUsd(usd(1_234_567.5)), '$1,234,568');
  assert.equal(formatUsd(usd(99.5)), '$99.50');
  assert.equal(formatUsd(usd(3)), '$3');
  assert.equal(formatUsd(-usd(4_200)), '−$4,200');
  assert.equal(formatUsd(0n), '$0');
});
