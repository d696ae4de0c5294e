/**
 * A worker in a process of its own, for tests that kill or stop it. Usage: node job-worker.ts DSN LEASE_MS.
 * Each job says `running ID` on stdout and waits for a line on stdin; then it does what its payload says.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { openDatabase } from '../../src/kernel/database/index.ts';
import { isCodedError } from '../../src/kernel/errors/index.ts';
import { createJobs, type JobDefinition, type JobHandler } from '../../src/kernel/jobs/index.ts';
import { silentLogger } from '../../src/kernel/logging/types.ts';
import { systemClock } from '../../src/model/time.ts';
import { testMetrics } from './test-metrics.ts';

interface HeldPayload {
  readonly act: 'transaction' | 'finish' | 'nothing';
}

export const held: JobDefinition<HeldPayload> = {
  name: 'test.held',
  payload: z.strictObject({ act: z.enum(['transaction', 'finish', 'nothing']) }),
};

/** As the jobs of the minute are: one try. */
export const heldOnce: JobDefinition<HeldPayload> = { ...held, name: 'test.held-once', maxAttempts: 1 };

if (process.argv[1] === import.meta.filename) {
  const [, , url = '', leaseMs = '1000'] = process.argv;
  const db = openDatabase({ url });
  const jobs = createJobs({ db, clock: systemClock, logger: silentLogger, metrics: testMetrics(), leaseMs: Number(leaseMs), beatMs: 100, pollMs: 200 });
  const lines = createInterface({ input: process.stdin });
  const handler: JobHandler<HeldPayload> = async ({ act }, context) => {
    const go = once(lines, 'line');
    console.log(`running ${context.id}`);
    await go;
    try {
      if (act !== 'nothing') {
        await context[act](async (tx) => {
          await tx.query('insert into effects (job, pid) values ($1, $2)', [context.id, process.pid]);
        });
      }
      console.log(`ended ${context.id}`);
    } catch (e) {
      console.log(`${isCodedError(e) ? e.code : String(e)} ${context.id}`);
      throw e;
    }
  };
  jobs.queue.handle(held, handler);
  jobs.queue.handle(heldOnce, handler);
  await jobs.start();
  console.log('started');
}
