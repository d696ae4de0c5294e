import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingLogger } from '../../test/support/recording-logger.ts';
import { errors } from '../kernel/database/errors.ts';
import { ManualClock } from '../model/time.ts';
import { WAIT_AT_MOST_MS, withFirstConnection } from './first-connection.ts';

function wait(onPause: (count: number) => void = () => undefined) {
  const clock = new ManualClock('2026-03-01T00:00:00Z');
  const stop = new AbortController();
  const pauses: number[] = [];
  const logger = recordingLogger();
  const pause = async (ms: number): Promise<void> => {
    pauses.push(ms);
    clock.advance(ms);
    onPause(pauses.length);
  };
  return { deps: { clock, logger, stop: stop.signal, pause }, stop, pauses, logger };
}

test('a Postgres that comes back is waited for with growing pauses, and the wait is logged once', async () => {
  const { deps, pauses, logger } = wait();
  let tries = 0;
  const result = await withFirstConnection(deps, async () => {
    tries += 1;
    if (tries <= 7) throw errors.DATABASE_UNAVAILABLE();
    return 'open';
  });
  assert.equal(result, 'open');
  assert.deepEqual(pauses, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  assert.deepEqual(logger.events(), ['database_waiting']);
});

test('after a minute the wait ends with the error of the last try', async () => {
  const { deps, pauses } = wait();
  await assert.rejects(
    withFirstConnection(deps, () => Promise.reject(errors.DATABASE_UNAVAILABLE())),
    { code: 'DATABASE_UNAVAILABLE' },
  );
  assert.equal(
    pauses.reduce((sum, ms) => sum + ms, 0),
    WAIT_AT_MOST_MS,
  );
});

test('a stop ends the wait', async () => {
  const { deps, stop, pauses } = wait((count) => {
    if (count === 2) stop.abort();
  });
  await assert.rejects(
    withFirstConnection(deps, () => Promise.reject(errors.DATABASE_UNAVAILABLE())),
    { code: 'DATABASE_UNAVAILABLE' },
  );
  assert.equal(pauses.length, 2);
});

test('any other error ends the start at once', async () => {
  const { deps, pauses } = wait();
  await assert.rejects(
    withFirstConnection(deps, () => Promise.reject(errors.MIGRATION_EDITED())),
    { code: 'MIGRATION_EDITED' },
  );
  assert.deepEqual(pauses, []);
});
