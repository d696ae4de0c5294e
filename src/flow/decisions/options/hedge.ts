import { HOUR_MS } from '../../../model/time.ts';
import { PARAMETERS } from '../settings.ts';
import type { Situation, World } from '../situation.ts';
import { NOTHING } from './costs.ts';
import { laneRate, leastLoss, lossIfHit } from './loss-if-hit.ts';
import type { Option } from './types.ts';

/**
 * Sail as planned with the price of the way around fixed today: a forward on the index, or an option on space. It costs its premium either
 * way; if the passage closes, the way around costs today's price again, but for the basis. It pays for freight alone.
 */
export function hedge(s: Situation): Option {
  return {
    action: 'hedge',
    id: 'hedge',
    cutOff: s.entersAt - PARAMETERS.divertNoticeHours * HOUR_MS,
    cutOffReason: 'notice_before_passage',
    whyNot: s.detour ? null : 'no_other_sea_route',
    extraDays: () => 0,
    costs(w) {
      const premium = laneRate(s, w) * w.k.rerouteFreightShare * w.k.hedgePremiumShare * w.priceNow * s.terms.feu;
      const price = priceThen(w);
      const loss = price < w.k.surge ? leastLoss(s, w, price) : lossIfHit(s, w);
      return { calm: { ...NOTHING, premium }, hit: { ...loss.costs, premium }, priced: premium };
    },
  };
}

/** What the way around costs with the hedge once everybody wants it, as a multiple of the calm price: never less than what was fixed. */
const priceThen = (w: World): number => w.k.surge - w.k.hedgeCover * Math.max(0, w.k.surge - w.priceNow);
