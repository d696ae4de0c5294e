import { HOUR_MS } from '../../../model/time.ts';
import { PARAMETERS } from '../settings.ts';
import type { Situation } from '../situation.ts';
import { NOTHING } from './costs.ts';
import { lossIfHit } from './loss-if-hit.ts';
import type { Option } from './types.ts';

/** Sail as planned with war-risk cover. It pays for goods lost; time, freight and penalties stay with the shipper. */
export function insure(s: Situation): Option {
  return {
    action: 'insure',
    id: 'insure',
    cutOff: s.entersAt - PARAMETERS.insureNoticeHours * HOUR_MS,
    cutOffReason: 'underwriters_notice',
    whyNot: null,
    extraDays: () => 0,
    costs(w) {
      const premium = ((s.terms.value * w.k.warPremiumBp) / 10_000) * w.priceNow;
      const loss = lossIfHit(s, w).costs;
      return {
        calm: { ...NOTHING, premium },
        hit: { ...loss, goods: loss.goods * (1 - w.k.insuredShare), premium },
        priced: premium,
      };
    },
  };
}
