import type { Situation } from '../situation.ts';
import { NOTHING } from './costs.ts';
import { lossIfHit } from './loss-if-hit.ts';
import type { Option } from './types.ts';

/** Sail as planned: free while the passage is open, the whole loss when it is not. */
export function proceed(s: Situation): Option {
  return {
    action: 'proceed',
    id: 'proceed',
    cutOff: null,
    cutOffReason: '',
    whyNot: null,
    extraDays: () => 0,
    costs: (w) => ({ calm: NOTHING, hit: lossIfHit(s, w).costs, priced: 0 }),
  };
}
