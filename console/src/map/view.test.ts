import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clamped, fitted, WHOLE, zoomedAt } from './view.ts';

const box = { width: 800, height: 400 };

test('the frame always shows map, however it is pulled', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.integer({ min: -9_999, max: 9_999 }), fc.integer({ min: -9_999, max: 9_999 }), (k, x, y) => {
      const view = clamped({ k, x, y }, box);
      assert.ok(view.k >= 1 && view.x <= 0 && view.y <= 0);
      assert.ok(view.x + box.width * view.k >= box.width - 1e-6 && view.y + box.height * view.k >= box.height - 1e-6);
    }),
  );
});

test('zooming keeps the point under the pointer, and back again is where it began', () => {
  const near = zoomedAt(WHOLE, 2, [200, 100], box);
  assert.deepEqual(near, { k: 2, x: -200, y: -100 });
  assert.deepEqual([200 * near.k + near.x, 100 * near.k + near.y], [200, 100]);
  assert.deepEqual(zoomedAt(near, 0.5, [200, 100], box), WHOLE);
  assert.equal(zoomedAt(WHOLE, 1_000, [0, 0], box).k, 12, 'there is a nearest');
});

test('a fit has all its points inside, and never more than is asked for', () => {
  const points = [[500, 100], [600, 180]] as const;
  const view = fitted(points, box, 30, 6);
  for (const [x, y] of points) {
    assert.ok(x * view.k + view.x >= 29 && x * view.k + view.x <= 771);
    assert.ok(y * view.k + view.y >= 29 && y * view.k + view.y <= 371);
  }
  assert.ok(view.k > 2);
  assert.equal(fitted([[500, 100]], box, 30, 3).k, 3, 'one point is not looked at from as near as can be');
  assert.deepEqual(fitted([], box, 30, 3), WHOLE);
});
