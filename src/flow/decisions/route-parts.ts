/** What the stage's routes share: dependencies and path parameters. */
import { z } from 'zod';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { AlertsOf } from './audit-trail.ts';
import type { DecisionsDeps, DecisionService } from './service.ts';

export interface DecisionRoutesDeps extends Pick<DecisionsDeps, 'db'> {
  readonly decisions: DecisionService;
  /** The desk's now: the scenario's time in a replay. */
  readonly now: () => Millis | Promise<Millis>;
  /** Left out: nobody is told of decisions. */
  readonly alertsOf?: AlertsOf;
}

export const chokepointSchema = z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]);
