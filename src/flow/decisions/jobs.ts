/** The stage's durable jobs. */
import { z } from 'zod';
import type { JobDefinition, JobQueue } from '../../kernel/jobs/types.ts';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../model/place.ts';
import { parseInstant } from '../../model/time.ts';
import type { DecisionService } from './service.ts';

export interface EvaluatePayload {
  /** Desk time. */
  readonly as_of: string;
  /** What changed, for the record: `signals`, `reality`, `clock`, `shipment shp_…`. */
  readonly cause: string;
  /** Only these passages; left out: all. */
  readonly chokepoints?: readonly ChokepointId[] | undefined;
  /** Only these shipments; left out: all. */
  readonly shipment_ids?: readonly string[] | undefined;
}

/** Assesses what a change touches. One at a time, in order: a late evaluation must not overtake a newer one. */
export const decisionsEvaluate: JobDefinition<EvaluatePayload> = Object.freeze({
  name: 'decisions.evaluate',
  payload: z.strictObject({
    as_of: z.iso.datetime(),
    cause: z.string().min(1).max(200),
    chokepoints: z.array(z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]])).optional(),
    shipment_ids: z.array(z.string().min(1).max(100)).max(10_000).optional(),
  }),
  serialQueue: 'decisions.evaluate',
});

/** Looks at what came of decisions whose ships have passed. Known by `as_of`, and nothing later. */
export const decisionsSettle: JobDefinition<{ as_of: string }> = Object.freeze({
  name: 'decisions.settle',
  payload: z.strictObject({ as_of: z.iso.datetime() }),
  serialQueue: 'decisions.settle',
});

export function handleDecisionJobs(jobs: Pick<JobQueue, 'handle'>, decisions: DecisionService): void {
  jobs.handle(decisionsEvaluate, async (payload, context) => {
    const done = await context.transaction((tx) =>
      decisions.evaluate(tx, { asOf: parseInstant(payload.as_of), cause: payload.cause, chokepoints: payload.chokepoints ?? null, shipmentIds: payload.shipment_ids ?? null }),
    );
    context.logger.info('decisions_evaluated', { as_of: payload.as_of, cause: payload.cause, assessed: done.assessed, made: done.made.length, superseded: done.superseded, expired: done.expired });
  });
  jobs.handle(decisionsSettle, async ({ as_of }, context) => {
    const done = await context.transaction((tx) => decisions.settle(tx, parseInstant(as_of)));
    if (done.observed > 0) context.logger.info('decisions_settled', { as_of, ...done });
  });
}
