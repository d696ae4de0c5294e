/** The stage's durable job. */
import * as z from 'zod';
import type { JobDefinition, JobQueue } from '../../kernel/jobs/types.ts';
import { parseInstant } from '../../model/time.ts';
import type { RecordService } from './service.ts';

/** Scores what has been answered by a time, and lets the pool learn from it. One at a time, in order. */
export const recordScore: JobDefinition<{ as_of: string }> = Object.freeze({
  name: 'record.score',
  payload: z.strictObject({ as_of: z.iso.datetime() }),
  serialQueue: 'record.score',
});

export function handleRecordJobs(jobs: Pick<JobQueue, 'handle'>, record: RecordService): void {
  jobs.handle(recordScore, async ({ as_of }, context) => {
    const done = await context.transaction((tx) => record.score(tx, parseInstant(as_of)));
    if (done.questions > 0) context.logger.info('record_scored', { as_of, ...done });
  });
}
