import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { changePoint } from './change-point.ts';

const NILE = 'risk/methods/tcpd_nile.json';
const VECTORS = 'risk/methods/test_vectors.json';
const [nile, vectors] = [sharedData(NILE), sharedData(VECTORS)];

test('the flow of the Nile fell in 1899, as is known', { skip: nile === null || vectors === null ? `${NILE} or ${VECTORS} is absent` : false }, () => {
  const flow = (JSON.parse(readFileSync(nile!, 'utf8')) as { series: { raw: number[] }[] }).series[0]!.raw;
  const known = (JSON.parse(readFileSync(vectors!, 'utf8')) as { nile_changepoint: { index: number; year: number; mean_before: number; mean_after: number; sse: number } }).nile_changepoint;
  const found = changePoint(flow)!;
  assert.deepEqual([found.index, 1871 + found.index, found.meanBefore.toFixed(2), found.meanAfter.toFixed(2), found.sse.toFixed(1)], [known.index, known.year, known.mean_before.toFixed(2), known.mean_after.toFixed(2), known.sse.toFixed(1)]);
});

test('a step without noise is found where it is, and no other split is better', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 50 }), (before, after, level, step) => {
      const found = changePoint([...Array.from({ length: before }, () => level), ...Array.from({ length: after }, () => level + step)])!;
      assert.deepEqual([found.index, found.meanBefore, found.meanAfter], [before, level, level + step]);
    }),
  );
  assert.equal(changePoint([7]), null);
});
