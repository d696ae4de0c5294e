import { HOUR_MS } from '../../../model/time.ts';
import { delayCost } from '../delay-cost.ts';
import { PARAMETERS } from '../settings.ts';
import type { Situation, World } from '../situation.ts';
import { NOTHING, type Costs, type StateCosts } from './costs.ts';
import { detourDays, laneRate, onward, USD } from './loss-if-hit.ts';
import type { Option } from './types.ts';

/** Another way by sea, around the passage: booked on another service, or relayed at a hub when under way. It costs the same whether the passage closes or not. */
export function reroute(s: Situation): Option {
  const underWay = s.phase === 'under_way';
  const cutOff = underWay ? s.entersAt - PARAMETERS.divertNoticeHours * HOUR_MS : s.shipment.etd - PARAMETERS.bookingCutoffHours * HOUR_MS;
  // The way back to the fork is anything from nothing (a hub ahead) to sailing it twice.
  const days = (w: World): number => detourDays(s, w) + (underWay ? (2 * w.backtrackU * (s.detour?.sailedSinceForkNm ?? 0)) / (24 * w.k.speedKnots) : 0);
  return {
    action: 'reroute',
    id: 'reroute',
    cutOff,
    cutOffReason: underWay ? 'notice_before_passage' : 'booking_cut_off',
    whyNot: s.detour ? null : 'no_other_sea_route',
    extraDays: days,
    costs: (w) => (w.memo.reroute ??= costs(s, w, days(w))),
  };
}

function costs(s: Situation, w: World, days: number): StateCosts {
  const freight = laneRate(s, w) * w.k.rerouteFreightShare * w.priceNow * s.terms.feu;
  const handling = s.phase === 'under_way' ? w.k.relayPerFeu * USD * s.terms.feu : 0;
  const each: Costs = { ...NOTHING, ...delayCost(s.terms, w.k, { days, random: false }), freight, handling, onward: onward(s, w) };
  return { calm: each, hit: each, priced: freight };
}
