/**
 * What waiting is worth: the expected cost of the best choice once more is known, with what waiting itself costs.
 * Between now and then either the event happens (the price of every way out jumps), or it does not (the odds drift).
 */
import { clampProbability } from '../../model/probability.ts';
import { expectedCost, type TwoStates } from './expected-cost.ts';
import { closedProbability, eventWithin, type PreparedRisk, type RiskDraw } from './hit-probability.ts';
import { PREFERENCES, type Preference } from './preference.ts';
import { PARAMETERS } from './settings.ts';
import type { Situation, World } from './situation.ts';

/** One way the news may go, with what is then believed. The beliefs' mean is what is believed now. */
export interface Branch {
  readonly weight: number;
  /** P(hit) as then believed. */
  readonly p: number;
  /** The price of acting, as a multiple of today's. */
  readonly price: number;
}

/** An option's two costs and the part of them that follows the market. */
export interface PricedOption extends TwoStates {
  readonly priced: number;
}

export interface Outlook {
  /** Expected cost of what will then be chosen; for a balanced customer E[min EC]. */
  readonly cost: number;
  /** What it is chosen by: the mean of the least scores. */
  readonly score: number;
  /** Which option is then the best, a branch each: an index into the options given. */
  readonly choices: readonly number[];
}

/** E over branches of the least expected cost; a branch with no option open is an error of the caller. */
export function outlook(branches: readonly Branch[], options: readonly PricedOption[], by: Preference = PREFERENCES.balanced): Outlook {
  let [cost, score] = [0, 0];
  const choices = branches.map((b) => {
    const choice = cheapest(options, b.p, b.price, by);
    cost += b.weight * costAt(options[choice]!, b.p, b.price);
    score += b.weight * scoreAt(options, choice, b.p, b.price, by);
    return choice;
  });
  return { cost, score, choices };
}

export const costAt = (o: PricedOption, p: number, price: number): number => expectedCost(o, p) + o.priced * (price - 1);

/** The first of the cheapest: options are given with proceeding first, so a tie is not acted on. */
export function cheapest(options: readonly PricedOption[], p: number, price = 1, by: Preference = PREFERENCES.balanced): number {
  let best = 0;
  let least = scoreAt(options, 0, p, price, by);
  for (let i = 1; i < options.length; i++) {
    const score = scoreAt(options, i, p, price, by);
    if (score < least) [best, least] = [i, score];
  }
  return best;
}

/** @param options proceeding first */
export const scoreAt = (options: readonly PricedOption[], i: number, p: number, price: number, by: Preference): number => by.score(options[i]!, p, i === 0, options[i]!.priced * (price - 1));

/**
 * The news of the next `days`, as branches whose mean is exactly `world.p`.
 * Event: with P(event within days) of the likeliest risk; belief follows from the mean. No event: the odds drift with sd σ√days in
 * log-odds, as three points (Gauss–Hermite, mean and variance exact), cut short where they would leave 0…1.
 */
export function news(s: Situation, world: World, prepared: readonly PreparedRisk[], days: number): readonly Branch[] {
  const risk = prepared[world.dominant];
  const draw = world.draws[world.dominant];
  if (!risk || !draw || days <= 0 || world.p <= 0) return [{ weight: 1, p: world.p, price: 1 }];
  const drift = (1 + world.k.rateDriftPerDay) ** days;
  if (risk.risk.basis.kind === 'observed') {
    // What is closed may open: then it is open for this ship too; else it is closed for longer. Prices have jumped already.
    // Counts are published late: a reopening of the last days is not seen by then, and to wait for less than that teaches nothing.
    const opens = -Math.expm1(-Math.max(0, days - PARAMETERS.publicationDays) / draw.durationDays);
    const closed = clampProbability(world.p / (1 - opens));
    return [{ weight: 1 - world.p / closed, p: 0, price: drift }, { weight: world.p / closed, p: closed, price: drift }];
  }
  if (risk.risk.basis.kind === 'occurred') return consequences(world.p, risk, draw, days, drift);
  const happens = eventWithin(risk, days);
  const now = closedProbability(risk, draw, s.passInDays);
  const without = now > 0 ? world.p * Math.min(1, closedProbability(risk, draw, s.passInDays, days) / now) : 0;
  const after = happens > 0 ? clampProbability((world.p - (1 - happens) * without) / happens) : 0;
  const quiet = happens < 1 ? Math.max(0, (world.p - happens * after) / (1 - happens)) : 0;
  return [{ weight: happens, p: after, price: drift * world.k.surge }, ...drifted(quiet, risk.logitVolatility * Math.sqrt(days), 1 - happens, drift)];
}

/**
 * The event has happened: whether harm follows shows once its delay is over and counts are published. Prices have jumped already.
 */
function consequences(p: number, risk: PreparedRisk, draw: RiskDraw, days: number, price: number): readonly Branch[] {
  const shows = -Math.expm1(-days / (meanDelay(risk) + PARAMETERS.publicationDays));
  const harm = Math.max(draw.harm, p);
  return [{ weight: 1 - shows, p, price }, { weight: shows * harm, p: p / harm, price }, { weight: shows * (1 - harm), p: 0, price }];
}

const meanDelay = (risk: PreparedRisk): number => risk.delays.reduce((sum, d) => sum + d, 0) / risk.delays.length;

/** Mean-preserving spread of a belief: p and p ± √3·s with weights 4:1:1, s = p(1 − p)·σ. */
function drifted(p: number, sigma: number, weight: number, price: number): readonly Branch[] {
  const step = Math.min(Math.sqrt(3) * p * (1 - p) * sigma, p, 1 - p);
  return [
    { weight: (weight * 2) / 3, p, price },
    { weight: weight / 6, p: p - step, price },
    { weight: weight / 6, p: p + step, price },
  ];
}

/** The least that any waiting can come to: the cost with perfect foresight, E over states of the cheapest option. */
export function perfectForesight(options: readonly TwoStates[], p: number): number {
  return (1 - p) * Math.min(...options.map((o) => o.calm)) + p * Math.min(...options.map((o) => o.hit));
}
