import { clampProbability } from '../../../model/probability.ts';
import { HOUR_MS } from '../../../model/time.ts';
import { delayCost } from '../delay-cost.ts';
import { PARAMETERS } from '../settings.ts';
import type { Situation, World } from '../situation.ts';
import { NOTHING, plus } from './costs.ts';
import { lossIfHit, USD } from './loss-if-hit.ts';
import type { Option } from './types.ts';

/**
 * Sail `days` later. A passage that would have been closed has then opened again with probability 1 − e^(−days/L);
 * one that would have been open may have closed. That one could put off sailing again is left out, which errs against this option.
 * @param index into `departureDelaysDays`
 */
export function delayDeparture(s: Situation, index: number): Option {
  const days = PARAMETERS.departureDelaysDays[index] ?? 0;
  return {
    action: 'delay',
    id: `delay:${days}`,
    cutOff: s.shipment.etd - PARAMETERS.bookingCutoffHours * HOUR_MS,
    cutOffReason: 'booking_cut_off',
    whyNot: s.phase === 'under_way' ? 'under_way' : null,
    extraDays: () => days,
    costs(w) {
      const storage = w.k.storagePerFeuDay * USD * s.terms.feu * days;
      const put = { ...NOTHING, ...delayCost(s.terms, w.k, { days, random: false }), storage };
      const loss = lossIfHit(s, w).costs;
      const stillClosed = Math.exp(-days / w.durationDays);
      return { calm: plus(put, loss, closedSince(w, index, stillClosed)), hit: plus(put, loss, stillClosed), priced: 0 };
    },
  };
}

/** P(closed after the delay | open at the first date), from P(closed) = p·stillClosed + (1 − p)·this. */
function closedSince(w: World, index: number, stillClosed: number): number {
  const after = w.hitAfterDelay[index] ?? w.p;
  return w.p >= 1 ? 0 : clampProbability((after - w.p * stillClosed) / (1 - w.p));
}
