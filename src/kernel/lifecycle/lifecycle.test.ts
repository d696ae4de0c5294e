import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../logging/index.ts';
import { createLifecycle } from './index.ts';

function recorded(stopTimeoutMs?: number) {
  const acts: string[] = [];
  const life = createLifecycle({ logger: silentLogger, ...(stopTimeoutMs === undefined ? {} : { stopTimeoutMs }) });
  const add = (name: string, part: { start?: () => void | Promise<void>; stop?: (signal: AbortSignal) => void | Promise<void> } = {}) =>
    life.add({
      name,
      start: async () => {
        acts.push(`+${name}`);
        await part.start?.();
      },
      stop: async (signal) => {
        acts.push(`-${name}`);
        await part.stop?.(signal);
      },
    });
  return { acts, life, add };
}

test('starts in order, stops in reverse, once', async () => {
  const { acts, life, add } = recorded();
  add('database');
  add('cache');
  add('http');
  await life.start();
  const first = life.stop();
  assert.equal(life.stop(), first);
  assert.deepEqual(await first, []);
  assert.deepEqual(acts, ['+database', '+cache', '+http', '-http', '-cache', '-database']);
  assert.equal(life.state, 'stopped');
});

test('a failed start stops what had started, the failed part too, and tells why', async () => {
  const { acts, life, add } = recorded();
  add('database');
  add('cache', { start: () => Promise.reject(new Error('no port')) });
  add('http');
  await assert.rejects(life.start(), /no port/);
  assert.deepEqual(acts, ['+database', '+cache', '-cache', '-database']);
});

test('a part that does not stop is left at the deadline, and those after it still stop', async () => {
  const { acts, life, add } = recorded(10);
  let told = false;
  add('database');
  add('stuck', {
    stop: (signal) => {
      signal.addEventListener('abort', () => (told = true));
      return new Promise(() => undefined);
    },
  });
  add('broken', { stop: () => Promise.reject(new Error('x')) });
  await life.start();
  const keepAlive = setInterval(() => undefined, 1_000);
  assert.deepEqual(await life.stop(), ['broken', 'stuck']);
  clearInterval(keepAlive);
  assert.deepEqual([acts.slice(3), told], [['-broken', '-stuck', '-database'], true]);
});

test('a stop that is asked for during the start ends it there', async () => {
  const { acts, life, add } = recorded();
  add('database', { start: () => void life.stop() });
  add('http');
  await life.start();
  await life.stop();
  assert.deepEqual(acts, ['+database', '-database']);
});
