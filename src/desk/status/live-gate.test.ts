import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deskMode, type SourceView } from './live-gate.ts';

const source = (kind: SourceView['kind'], status: SourceView['status']): SourceView => ({ name: 'x', kind, status, last_success_at: null, message: null });

test('a replay is a replay, whatever its sources say', () => {
  assert.equal(deskMode(true, [source('real', 'healthy')]), 'REPLAY');
});

test('four of five real and fresh sources make a live desk, three do not', () => {
  const real = source('real', 'healthy');
  assert.equal(deskMode(false, [real, real, real, real, source('real', 'unhealthy')]), 'LIVE');
  assert.equal(deskMode(false, [real, real, real, source('real', 'unhealthy'), source('twin', 'healthy')]), 'PARTIAL');
});

test('a disabled source is not counted, a degraded one is not fresh, and no source at all is not live', () => {
  assert.equal(deskMode(false, [source('real', 'healthy'), source('real', 'disabled')]), 'LIVE');
  assert.equal(deskMode(false, [source('real', 'degraded')]), 'PARTIAL');
  assert.equal(deskMode(false, []), 'PARTIAL');
});
