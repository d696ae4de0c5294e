import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apart, sides } from './layout.ts';

const frame = { width: 400, height: 200 };

test('ships in one port stand around it, none upon another, and the first where it is', () => {
  const spots = apart(Array.from({ length: 20 }, () => ({ x: 100, y: 100 })));
  assert.deepEqual(spots[0], { x: 100, y: 100 });
  for (const [i, a] of spots.entries()) for (const b of spots.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= 11, JSON.stringify([a, b]));
  const alone = { x: 10, y: 10 };
  assert.deepEqual(apart([alone], [{ x: 100, y: 10 }]), [alone], 'what is alone is not moved');
});

test('a label stays inside the frame, right of its mark if it can', () => {
  const at = (x: number, y: number) => sides([{ spot: { x, y }, text: 'Hormuz' }], [{ x, y }], frame)[0];
  assert.equal(at(100, 100), 'right');
  assert.equal(at(390, 100), 'left');
  assert.equal(sides([{ spot: { x: 200, y: 100 }, text: 'a label as wide as the frame is, or nearly so, no more' }], [], frame)[0], 'above');
  assert.equal(sides([{ spot: { x: 200, y: 100 }, text: 'x'.repeat(80) }], [], frame)[0], 'none');
});

test('no two labels cover each other, and the earlier one has the choice', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ x: fc.integer({ min: 0, max: 400 }), y: fc.integer({ min: 0, max: 200 }) }), { maxLength: 12 }), (spots) => {
      const chosen = sides(spots.map((spot) => ({ spot, text: 'Suez' })), [], frame);
      const right = spots.filter((_, i) => chosen[i] === 'right');
      for (const [i, a] of right.entries()) for (const b of right.slice(i + 1)) assert.ok(Math.abs(a.x - b.x) >= 26 || Math.abs(a.y - b.y) >= 15.9);
    }),
  );
  assert.deepEqual(sides([{ spot: { x: 50, y: 50 }, text: 'A' }, { spot: { x: 50, y: 50 }, text: 'B' }], [], frame), ['right', 'left']);
});
