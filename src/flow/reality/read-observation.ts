/** Checks what a source hands over: a malformed observation, or one from the future, is counted and not stored. Pure. */
import * as z from 'zod';
import { day, millis } from '../../kernel/http/fields.ts';
import { dayOf, type Millis } from '../../model/time.ts';
import type { Observation } from './ports.ts';

const OBSERVATION = z.object({
  series: z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/).max(120),
  observedFor: day(),
  knownAt: millis(),
  value: z.number().nonnegative(),
  unit: z.enum(['vessels/day', 'vessels', 'USD/FEU', 'index']),
  source: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
});

export type ObservationRefusal = 'malformed' | 'look-ahead';

/** @param asOf the desk's now */
export function refusalOf(observation: Observation, asOf: Millis): ObservationRefusal | null {
  if (!OBSERVATION.safeParse(observation).success) return 'malformed';
  if (observation.knownAt > asOf) return 'look-ahead';
  // A day cannot be told before it has begun.
  return observation.observedFor > dayOf(observation.knownAt) ? 'malformed' : null;
}
