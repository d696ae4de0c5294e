/**
 * What it costs to stand before a closed passage: the loss that acting avoids. The cost of acting in time is not in here.
 * Ship and cargo do not wait for ever: the cheapest of waiting it out, being sent round, and being landed outside is counted.
 */
import { usd } from '../../../model/money.ts';
import { delayCost, type Delay } from '../delay-cost.ts';
import { quantile } from '../interval.ts';
import type { Situation, World } from '../situation.ts';
import { NOTHING, totalOf, type Costs, type Loss, type Recourse } from './costs.ts';

/** Micros a dollar, as a double: coefficients are in dollars. */
export const USD = Number(usd(1));

/**
 * Most options start from this loss: it is computed once a world.
 * @param w a world of this situation: one world belongs to one situation
 */
export const lossIfHit = (s: Situation, w: World): Loss => (w.memo.loss ??= leastLoss(s, w, w.k.surge));

/** @param roundPrice what the way around costs once everybody wants it, as a multiple of the calm price */
export function leastLoss(s: Situation, w: World, roundPrice: number): Loss {
  let best = loss(s, w, 'wait_out', { days: w.durationDays, random: w.durationKnown !== true }, NOTHING);
  for (const other of [sentRound(s, w, roundPrice), landedOutside(s, w)]) if (other && totalOf(other.costs) < totalOf(best.costs)) best = other;
  return best;
}

function sentRound(s: Situation, w: World, price: number): Loss | null {
  if (!s.detour) return null;
  const days = detourDays(s, w) + w.k.forcedBacktrackDays;
  const freight = laneRate(s, w) * w.k.rerouteFreightShare * price * s.terms.feu;
  return loss(s, w, 'sent_round', { days, random: false }, { ...NOTHING, freight, onward: onward(s, w) });
}

function landedOutside(s: Situation, w: World): Loss | null {
  if (!s.overland) return null;
  const { way, side } = s.overland;
  const days = quantile(way.days, w.overlandU) + w.k.congestionDays + w.k.forcedBacktrackDays;
  const overland = quantile(way.usdPerFeu, w.overlandU) * USD * w.k.surge * s.terms.feu;
  const handling = (side === 'origin' ? w.k.relayPerFeu : w.k.destinationChangePerFeu) * USD * s.terms.feu;
  return loss(s, w, 'landed_outside', { days, random: false }, { ...NOTHING, overland, handling });
}

function loss(s: Situation, w: World, recourse: Recourse, delay: Delay, extra: Costs): Loss {
  const of = delayCost(s.terms, w.k, delay);
  return {
    recourse,
    days: delay.days,
    costs: { ...extra, ...of, goods: s.terms.value * w.k.goodsLossGivenHit, emergency: w.k.emergencyPerFeu * USD * s.terms.feu },
  };
}

export const laneRate = (s: Situation, w: World): number => (s.laneRate ?? w.k.laneRate) * USD;

/** Days of the longer way by sea, without any way back to where the ways part. */
export const detourDays = (s: Situation, w: World): number => (s.detour?.extraNm ?? 0) / (24 * w.k.speedKnots);

/** What waits on the way around: each passage's chance to be closed there times what standing before it costs. */
export function onward(s: Situation, w: World): number {
  let cost = 0;
  for (const { probability, durationDays } of s.onward) {
    const of = delayCost(s.terms, w.k, { days: durationDays, random: true });
    cost += probability * (of.time + of.spoilage + of.penalty + s.terms.value * w.k.goodsLossGivenHit + w.k.emergencyPerFeu * USD * s.terms.feu);
  }
  return cost;
}
