import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { chosenQuestion, columnsOf, dayRows, lastOf } from './history-columns.ts';
import { linear, niceTicks, spread, withRoom } from './scales.ts';

describe('scales', () => {
  test('a linear map meets both ends, and a flat domain the middle', () => {
    const scale = linear([0, 50], [10, 110]);
    assert.equal(scale(0), 10);
    assert.equal(scale(50), 110);
    assert.equal(linear([3, 3], [0, 100])(3), 50);
  });
  test('ticks are round and cover the range', () => {
    assert.deepEqual(niceTicks(0, 97, 5), [0, 20, 40, 60, 80, 100]);
    assert.deepEqual(niceTicks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
    assert.deepEqual(niceTicks(-120_000, 340_000, 4), [-200_000, 0, 200_000, 400_000]);
    assert.deepEqual(niceTicks(5, 5, 4), [5]);
  });
  test('ticks cover any range', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 2, max: 8 }), (min, width, about) => {
        const ticks = niceTicks(min, min + width, about);
        assert.ok(ticks[0]! <= min && ticks.at(-1)! >= min + width && ticks.length <= about + 3);
      }),
    );
  });
  test('labels move apart in order and stay inside', () => {
    assert.deepEqual(spread([50, 52], 10, 0, 100), [50, 60]);
    assert.deepEqual(spread([98, 97], 10, 0, 100), [100, 90]);
    assert.deepEqual(spread([], 10, 0, 100), []);
  });
  test('of two labels in one place the later is written', () => {
    assert.deepEqual(withRoom([0, 30, 200], [60, 60, 60], 4), [false, true, true]);
    assert.deepEqual(withRoom([0, 100], [60, 60], 4), [true, true]);
  });
});

const odds = (at: string, value: number, question = 'Q') => ({ at, value, question, source: 'polymarket' });

describe('history', () => {
  const history = {
    transits: [
      { observed_for: '2026-02-10', known_at: '2026-02-16T00:00:00Z', value: 92 },
      { observed_for: '2026-02-11T00:00:00Z', known_at: '2026-02-17T00:00:00Z', value: 88 },
    ],
    odds: [odds('2026-02-12T00:00:00Z', 0.5), odds('2026-02-01T00:00:00Z', 0.4), odds('2026-02-11T00:00:00Z', 0.1, 'other')],
  };
  const asOf = Date.parse('2026-02-17T18:00:00Z');
  test('odds hold until now; transits stop at the last day that is known', () => {
    const columns = columnsOf(history, 'Q', asOf);
    assert.deepEqual(lastOf(columns.x, columns.odds), { at: asOf / 1000, value: 50 });
    assert.deepEqual(lastOf(columns.x, columns.transits), { at: Date.parse('2026-02-11T12:00:00Z') / 1000, value: 88 });
    assert.ok(columns.x.every((at, i) => i === 0 || at > columns.x[i - 1]!));
  });
  test('the desk’s market is followed, else the one with most prices', () => {
    assert.equal(chosenQuestion(history.odds, 'other'), 'other');
    assert.equal(chosenQuestion(history.odds, 'gone'), 'Q');
    assert.equal(chosenQuestion([], null), null);
  });
  test('the table says the same: newest first, odds as they held', () => {
    const rows = dayRows(columnsOf(history, 'Q', asOf));
    assert.deepEqual(rows[0], { day: '2026-02-17', transits: null, odds: 50 });
    assert.deepEqual(rows.find((row) => row.day === '2026-02-10'), { day: '2026-02-10', transits: 92, odds: 40 });
  });
  test('nothing known is nothing drawn', () => {
    const columns = columnsOf({ transits: [], odds: [] }, null, asOf);
    assert.deepEqual(columns.x, []);
    assert.equal(lastOf(columns.x, columns.odds), null);
  });
});
