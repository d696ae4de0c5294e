import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, ManualClock, addDays, dayOf, daysBetween, parseInstant, startOfDay } from './time.ts';

const day = fc.integer({ min: 0, max: 40_000 }).map((n) => dayOf(n * DAY_MS));

test('days can be added and counted, over leap years and the turn of the year', () => {
  assert.equal(addDays('2024-02-28', 1), '2024-02-29');
  assert.equal(addDays('2025-12-31', 1), '2026-01-01');
  fc.assert(fc.property(day, fc.integer({ min: -5_000, max: 5_000 }), (d, n) => daysBetween(d, addDays(d, n)) === n));
});

test('what is not a calendar day or an instant is refused', () => {
  for (const text of ['2026-02-30', '2026-2-1', '20260201', '', '2026-13-01']) assert.throws(() => startOfDay(text), RangeError, text);
  assert.throws(() => parseInstant('yesterday'), RangeError);
});

test('a manual clock moves only when told', () => {
  const clock = new ManualClock('2026-02-28T06:00:00Z');
  const before = clock.now();
  clock.advance(DAY_MS);
  assert.equal(clock.now() - before, DAY_MS);
  assert.equal(dayOf(clock.now()), '2026-03-01');
});
