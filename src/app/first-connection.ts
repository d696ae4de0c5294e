/** Waits for a Postgres of another process at the start of the desk: it may restart, or start later than the desk. */
import { isCodedError } from '../kernel/errors/index.ts';
import type { Logger } from '../kernel/logging/types.ts';
import { SECOND_MS, type Clock } from '../model/time.ts';

export interface FirstConnectionDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the wait. */
  readonly stop: AbortSignal;
  /** Returns after `ms`, or at once when the signal aborts. */
  readonly pause: (ms: number, stop: AbortSignal) => Promise<void>;
}

export const WAIT_AT_MOST_MS = 60 * SECOND_MS;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5 * SECOND_MS;

/**
 * Repeats `work` while Postgres cannot be reached, with growing pauses, for a minute in all. `work` must be repeatable.
 * @throws what `work` throws: DATABASE_UNAVAILABLE after a minute or a stop, any other error at once
 */
export async function withFirstConnection<R>(deps: FirstConnectionDeps, work: () => Promise<R>): Promise<R> {
  const end = deps.clock.now() + WAIT_AT_MOST_MS;
  for (let pauseMs = FIRST_PAUSE_MS, told = false; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await work();
    } catch (e) {
      const left = end - deps.clock.now();
      if (!isCodedError(e) || e.code !== 'DATABASE_UNAVAILABLE' || left <= 0 || deps.stop.aborted) throw e;
      if (!told) deps.logger.warn('database_waiting', { wait_at_most_ms: WAIT_AT_MOST_MS, error: e });
      told = true;
      await deps.pause(Math.min(pauseMs, left), deps.stop);
      if (deps.stop.aborted) throw e;
    }
  }
}
