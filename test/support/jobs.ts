/** A queue for tests: beats fast, stopped by `await using`. And a wait for what happens elsewhere. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/kernel/database/index.ts';
import { createJobs, type Jobs, type JobsOptions } from '../../src/kernel/jobs/index.ts';
import { silentLogger } from '../../src/kernel/logging/types.ts';
import { systemClock } from '../../src/model/time.ts';
import { testMetrics } from './test-metrics.ts';

export function testJobs(db: Database, options: Partial<JobsOptions> = {}): Jobs & AsyncDisposable {
  const jobs = createJobs({ db, clock: systemClock, logger: silentLogger, metrics: testMetrics(), beatMs: 100, pollMs: 200, ...options });
  return Object.assign(jobs, {
    async [Symbol.asyncDispose]() {
      await jobs.stop(AbortSignal.timeout(5_000));
    },
  });
}

/** Looks until `condition` holds. A bound on waiting for other processes, not a duration that is asserted. @throws Error after `timeoutMs` */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it did not happen within ${timeoutMs} ms: ${condition.toString()}`);
    await sleep(10);
  }
}
