import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isChokepointId, parseUnLocode } from './place.ts';

test('a UN/LOCODE is read with or without its blank, in either case', () => {
  assert.equal(parseUnLocode('cn sha'), 'CNSHA');
  assert.equal(parseUnLocode('USLA2'), 'USLA2');
  for (const text of ['', 'CN', 'CNSH0', 'CNSHAA', '12SHA']) assert.throws(() => parseUnLocode(text), RangeError, text);
});

test('a chokepoint is one of those that the desk follows, not a property of objects', () => {
  assert.equal(isChokepointId('hormuz'), true);
  assert.equal(isChokepointId('toString'), false);
});
