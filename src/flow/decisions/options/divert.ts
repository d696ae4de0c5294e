import { HOUR_MS, type Millis } from '../../../model/time.ts';
import { delayCost } from '../delay-cost.ts';
import { quantile } from '../interval.ts';
import { PARAMETERS } from '../settings.ts';
import type { Situation, World } from '../situation.ts';
import { NOTHING } from './costs.ts';
import { USD } from './loss-if-hit.ts';
import type { Option } from './types.ts';

/** Load or land outside the passage and go overland. If the passage then closes, everybody comes to that port, and there is a queue. */
export function divert(s: Situation): Option {
  const side = s.overland?.side;
  return {
    action: 'divert',
    id: 'divert',
    cutOff: cutOff(s),
    cutOffReason: side === 'origin' ? 'booking_cut_off' : 'notice_before_passage',
    whyNot: !s.overland ? 'no_port_outside' : side === 'origin' && s.phase === 'under_way' ? 'loaded_behind_passage' : null,
    extraDays: (w) => overlandDays(s, w),
    costs(w) {
      const days = overlandDays(s, w);
      const overland = (s.overland ? quantile(s.overland.way.usdPerFeu, w.overlandU) : 0) * USD * w.priceNow * s.terms.feu;
      const handling = w.k.destinationChangePerFeu * USD * s.terms.feu;
      const fixed = { ...NOTHING, overland, handling };
      return {
        calm: { ...fixed, ...delayCost(s.terms, w.k, { days, random: false }) },
        hit: { ...fixed, ...delayCost(s.terms, w.k, { days: days + w.k.congestionDays, random: false }) },
        priced: overland,
      };
    },
  };
}

const overlandDays = (s: Situation, w: World): number => (s.overland ? quantile(s.overland.way.days, w.overlandU) : 0);

/** Cargo loaded behind the passage must be diverted before it is loaded; cargo bound there, until the notice before the passage. */
function cutOff(s: Situation): Millis {
  return s.overland?.side === 'origin' ? s.shipment.etd - PARAMETERS.bookingCutoffHours * HOUR_MS : s.entersAt - PARAMETERS.divertNoticeHours * HOUR_MS;
}
