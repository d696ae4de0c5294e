/** The stage's jobs. Both share one queue: states are assessed one at a time, in order. */
import * as z from 'zod';
import type { JobDefinition, JobQueue } from '../../kernel/jobs/types.ts';
import { parseInstant } from '../../model/time.ts';
import type { RealityService } from './service.ts';

type AsOf = { as_of: string; cause: string };
const payload = z.strictObject({ as_of: z.iso.datetime(), cause: z.string().min(1).max(200) });

/** Asks every source of observations once, as of a time, and assesses. The replay or the schedule enqueues it. */
export const realitySweep: JobDefinition<AsOf> = Object.freeze({ name: 'reality.sweep', payload, serialQueue: 'reality' });

/** Assesses what is stored: enqueued when new signals may have changed a state. */
export const realityAssess: JobDefinition<AsOf> = Object.freeze({ name: 'reality.assess', payload, serialQueue: 'reality' });

export function handleRealityJobs(jobs: JobQueue, reality: RealityService): void {
  jobs.handle(realitySweep, async ({ as_of, cause }, context) => {
    const sources = await reality.sweep(parseInstant(as_of), cause, { signal: context.signal, transact: (work) => context.transaction(work) });
    context.logger.info('reality_swept', { as_of, cause, sources });
  });
  jobs.handle(realityAssess, async ({ as_of, cause }, context) => {
    await reality.assess(parseInstant(as_of), cause, { transact: (work) => context.transaction(work) });
  });
}
