/** The stage's jobs. */
import * as z from 'zod';
import type { JobDefinition, JobQueue } from '../../kernel/jobs/types.ts';
import { parseInstant } from '../../model/time.ts';
import type { SignalsService } from './service.ts';

/** Asks every source once, as of a time. The replay or the schedule enqueues it. One at a time: a late sweep must not overtake a newer one. */
export const signalsSweep: JobDefinition<{ as_of: string; cause: string }> = Object.freeze({
  name: 'signals.sweep',
  payload: z.strictObject({ as_of: z.iso.datetime(), cause: z.string().min(1).max(200) }),
  serialQueue: 'signals.sweep',
});

export function handleSignalJobs(jobs: JobQueue, signals: SignalsService): void {
  jobs.handle(signalsSweep, async ({ as_of, cause }, context) => {
    const { sources } = await signals.sweep(parseInstant(as_of), cause, { signal: context.signal, transact: (work) => context.transaction(work) });
    context.logger.info('signals_swept', { as_of, cause, sources });
  });
}
