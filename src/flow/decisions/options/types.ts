/** One way to act on a shipment: until when it is open, and what it costs. */
import type { Millis } from '../../../model/time.ts';
import type { World } from '../situation.ts';
import type { StateCosts } from './costs.ts';

export const ACTIONS = Object.freeze(['proceed', 'reroute', 'divert', 'delay', 'insure', 'hedge', 'split', 'wait'] as const);
export type Action = (typeof ACTIONS)[number];

export interface Option {
  readonly action: Exclude<Action, 'wait'>;
  /** Tells apart variants of one action: `delay:7`. */
  readonly id: string;
  /** Last moment at which it can be chosen; null: always open (proceeding). */
  readonly cutOff: Millis | null;
  readonly cutOffReason: string;
  /** Why it cannot be chosen now; null when it can. */
  readonly whyNot: string | null;
  /** Of a split: how many boxes go the other way. */
  readonly boxes?: number;
  /** Days later than planned, at this state of the world. */
  extraDays(world: World): number;
  /** @returns costs beyond the undisturbed voyage, in micros */
  costs(world: World): StateCosts;
}
