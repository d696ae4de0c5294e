/** Text from outside cannot hold the desk up: no reader takes time that grows much faster than the text. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

/** For all readers together. A guard, not a measure: a quadratic reader takes longer, an exponential one never ends. */
const GUARD_MS = 10_000;

test('every reader of outside text ends on a long hostile text', async () => {
  const worker = new Worker(new URL('support/hostile-texts.ts', import.meta.url));
  const begun: string[] = [];
  worker.on('message', (reader: string) => begun.push(reader));
  const stuck = (): Error => new Error(`"${begun.at(-1)}" does not end`);
  try {
    const [code] = await once(worker, 'exit', { signal: AbortSignal.timeout(GUARD_MS) }).catch((e: unknown) => {
      throw e instanceof Error && e.name === 'AbortError' ? stuck() : e;
    });
    assert.equal(code, 0);
    assert.ok(begun.length > 20);
  } finally {
    await worker.terminate();
  }
});
