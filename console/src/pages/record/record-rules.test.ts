import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CurveBin } from '../../api/calibration.ts';
import { curveWords, gain, offDiagonal, overlap, score, valueSegments, worthBetween } from './record-rules.ts';

const bin = (said: number, low: number, high: number): CurveBin => ({ low: said - 0.05, high: said + 0.05, mean_forecast: said, observed: (low + high) / 2, observed_interval_90: [low, high], n: 5, clusters: 4 });

test('only an interval that leaves the diagonal refutes what was said', () => {
  assert.deepEqual([bin(0.6, 0.2, 0.5), bin(0.2, 0.3, 0.8), bin(0.5, 0.5, 0.9), bin(0.5, 0.1, 0.9)].map(offDiagonal), ['too high', 'too low', null, null]);
  assert.equal(curveWords([]), 'Nothing is scored yet.');
  assert.match(curveWords([bin(0.5, 0.1, 0.9)]), /^Every interval touches/);
  assert.equal(curveWords([bin(0.6, 0.2, 0.5), bin(0.2, 0.3, 0.8), bin(0.5, 0.1, 0.9)]), '2 intervals of 3 miss the diagonal: 1 said too much, 1 said too little.');
  assert.equal(curveWords([bin(0.6, 0.2, 0.5)]), '1 interval of 1 misses the diagonal: 1 said too much.');
});

test('the range in which a forecast is worth something leaves out where it is not', () => {
  const values = [{ cost_loss: 0.05, value: -0.2 }, { cost_loss: 0.1, value: 0.3 }, { cost_loss: 0.5, value: 0.1 }, { cost_loss: 0.9, value: 0 }];
  assert.deepEqual(worthBetween(values), [0.1, 0.5]);
  assert.equal(worthBetween([{ cost_loss: 0.5, value: null }]), null);
});

test('the line of values breaks where there is none, and is cut off below', () => {
  const values = [{ cost_loss: 0.1, value: -3 }, { cost_loss: 0.2, value: 0.5 }, { cost_loss: 0.3, value: null }, { cost_loss: 0.4, value: 1 }];
  assert.deepEqual(valueSegments(values, -0.5), [[[0.1, -0.5], [0.2, 0.5]], [[0.4, 1]]]);
  assert.deepEqual(valueSegments([{ cost_loss: 0.1, value: null }], -0.5), []);
});

test('intervals that touch do not decide', () => {
  assert.deepEqual([overlap([0, 0.2], [0.2, 0.4]), overlap([0, 0.1], [0.2, 0.4]), overlap([0.1, 0.9], [0.2, 0.3])], [true, false, true]);
  assert.equal(score(0.19328), '0.193');
  assert.deepEqual([-0.006, 0.0008].map(gain), ['−0.0060', '+0.0008']);
});
