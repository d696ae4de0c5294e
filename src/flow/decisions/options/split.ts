import { PARAMETERS } from '../settings.ts';
import type { Situation } from '../situation.ts';
import { NOTHING, plus, type StateCosts } from './costs.ts';
import { lossIfHit, USD } from './loss-if-hit.ts';
import { reroute } from './reroute.ts';
import type { Option } from './types.ts';

/**
 * A share of the boxes takes the other way by sea, the rest sails as planned: both costs in proportion, and a second set of papers.
 * A penalty is taken to fall on what is late. Being a mix with a price of its own it never costs less in expectation than the better of its
 * ends; it is there for whoever may not put all boxes on one ship, with what that costs.
 * @param index into `splitShares`
 */
export function split(s: Situation, index: number): Option {
  const other = reroute(s);
  const boxes = s.shipment.containers;
  const moved = Math.round((PARAMETERS.splitShares[index] ?? 0) * boxes);
  const share = moved / boxes;
  return {
    ...other,
    action: 'split',
    id: `split:${index}`,
    boxes: moved,
    whyNot: other.whyNot ?? (moved === 0 || moved === boxes ? 'too_few_boxes' : null),
    extraDays: (w) => other.extraDays(w) * share,
    costs(w): StateCosts {
      const round = other.costs(w);
      const papers = { ...NOTHING, handling: w.k.splitPerShipment * USD };
      const mixed = (a: StateCosts['calm'], b: StateCosts['calm']) => plus(plus(papers, a, share), b, 1 - share);
      return { calm: mixed(round.calm, NOTHING), hit: mixed(round.hit, lossIfHit(s, w).costs), priced: round.priced * share };
    },
  };
}
