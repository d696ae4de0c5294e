import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../model/time.ts';
import { ShortCache } from './short-cache.ts';

function counted() {
  const clock = new ManualClock('2026-03-01T12:00:00Z');
  const cache = new ShortCache<number>(clock, 10);
  let loads = 0;
  const pending: (() => void)[] = [];
  const load = () => {
    const mine = ++loads;
    return new Promise<number>((resolve) => void pending.push(() => resolve(mine)));
  };
  const answer = (): void => pending.shift()!();
  return { clock, cache, load, answer, loads: () => loads };
}

test('callers who ask at once share one load, and the answer holds for five seconds', async () => {
  const { cache, load, answer, clock, loads } = counted();
  const asked = [cache.get('a', load), cache.get('a', load), cache.get('a', load)];
  answer();
  assert.deepEqual(await Promise.all(asked), [1, 1, 1]);
  clock.advance(4_999);
  assert.equal(await cache.get('a', load), 1);
  clock.advance(1);
  const next = cache.get('a', load);
  answer();
  assert.deepEqual([await next, loads()], [2, 2]);
});

test('whoever asks after a change does not get what was being read before it', async () => {
  const { cache, load, answer, loads } = counted();
  const before = cache.get('a', load);
  cache.forget((key) => key === 'a');
  const after = cache.get('a', load);
  answer();
  answer();
  assert.deepEqual([await before, await after, loads()], [1, 2, 2]);
  assert.equal(await cache.get('a', load), 2, 'the answer that was read after the change is kept, whichever came last');
});

test('a load that fails is tried again', async () => {
  const { cache, load, answer } = counted();
  await assert.rejects(cache.get('a', () => Promise.reject(new Error('away'))));
  const next = cache.get('a', load);
  answer();
  assert.equal(await next, 1);
});
