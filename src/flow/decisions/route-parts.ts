/** What the stage's routes share: dependencies and path parameters. */
import { z } from 'zod';
import type { JobQueue } from '../../kernel/jobs/types.ts';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { DecisionsDeps, DecisionService } from './service.ts';

export interface DecisionRoutesDeps extends Pick<DecisionsDeps, 'db' | 'planner' | 'audit'> {
  readonly decisions: DecisionService;
  readonly jobs: Pick<JobQueue, 'enqueue'>;
  /** The desk's now: the scenario's time in a replay. */
  readonly now: () => Millis | Promise<Millis>;
}

export const chokepointSchema = z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]);
export const idParams = z.object({ id: z.string().min(1).max(100) });
