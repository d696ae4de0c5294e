import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, keysTouchedBy, readEvent } from './live-rules.ts';

test('the wait doubles, keeps a floor, and stops at 20 s', () => {
  assert.equal(backoffMs(0, 0), 250);
  assert.equal(backoffMs(0, 1), 500);
  assert.equal(backoffMs(3, 1), 4_000);
  assert.equal(backoffMs(50, 1), 20_000);
  assert.equal(backoffMs(5_000, 0), 10_000);
});

test('two consoles that lost the same server do not return in step', () => {
  assert.notEqual(backoffMs(4, 0.1), backoffMs(4, 0.9));
});

test('an event makes only its own answers old; a new connection all of them', () => {
  assert.deepEqual(keysTouchedBy('alert.updated'), ['alerts']);
  assert.ok(keysTouchedBy('signal.stored').includes('history'));
  assert.deepEqual(keysTouchedBy('hello'), ['*']);
  assert.deepEqual(keysTouchedBy('something.new'), []);
});

test('what is not an event is dropped', () => {
  assert.deepEqual(readEvent('{"type":"replay.tick","day":3}'), { type: 'replay.tick', day: 3 });
  for (const bad of ['', 'null', '[]', '{"type":3}', '{', 7, undefined]) assert.equal(readEvent(bad), null);
});
