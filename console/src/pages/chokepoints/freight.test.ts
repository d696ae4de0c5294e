import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latestByLane } from './freight.ts';

const rate = (lane: string, observed_for: string, value: number) => ({ lane, observed_for, value, known_at: observed_for, unit: 'USD/FEU' });

test('each lane keeps its first and last rate, whatever the order that they came in', () => {
  const lanes = latestByLane([rate('b', '2026-03-05', 2052), rate('a', '2026-02-26', 9), rate('b', '2026-02-12', 2127), rate('b', '2026-03-12', 2443)]);
  assert.deepEqual(lanes.map(({ first, last }) => [last.lane, first.value, last.value]), [['a', 9, 9], ['b', 2127, 2443]]);
  assert.deepEqual(latestByLane([]), []);
});
