/**
 * How likely it is that a passage is closed to a ship when it gets there.
 * From priced events through a hazard and a link, and from what is observed to be closed now.
 */
import { anyOf, clampProbability, hazardRate, logit, poolLogOdds, probabilityWithin, type Probability } from '../../model/probability.ts';
import { DAY_MS, type Millis } from '../../model/time.ts';
import type { Claim, EventRisk, ForecastBasis } from './inputs.ts';
import { quantile } from './interval.ts';
import { PARAMETERS } from './settings.ts';

/** A risk with its claims pooled: what many shipments share in one evaluation. */
export interface PreparedRisk {
  readonly risk: EventRisk;
  /** Rate of the triggering event, per day; 0 for what is observed already. */
  readonly hazardPerDay: number;
  /** Days from as-of for which the claims speak; nothing new is presumed after. For what has happened: when, at most 0. */
  readonly horizonDays: number;
  /** Days from the event to the closing, at five equally likely quantiles: it differs from one event to the next. */
  readonly delays: readonly number[];
  /** Log-odds a √day. */
  readonly logitVolatility: number;
  /** Widest gap between two claims that count, in log-odds over the pooling horizon… */
  readonly disagreement: number;
  /** …and their two probabilities within it. */
  readonly lowest: Probability;
  readonly highest: Probability;
  /** The pooled probability of the event within the pooling horizon; for observed risks the share of traffic lost. */
  readonly eventProbability: Probability;
}

/** The uncertain figures of one risk: at their medians, or one draw. */
export interface RiskDraw {
  readonly harm: number;
  readonly durationDays: number;
  readonly trafficLost: number;
  /** How much of the jump in the price of a way out has taken place, 0…1. */
  readonly jumped: number;
}

const days = (from: Millis, to: Millis): number => (to - from) / DAY_MS;

/** Claims of one id count once; expired ones not at all; the order of what is left is fixed. */
export function liveClaims(basis: ForecastBasis, asOf: Millis): readonly Claim[] {
  const byId = new Map<string, Claim>();
  for (const claim of basis.claims) if (claim.horizonEnd > asOf && claim.observedAt <= asOf && claim.observedAt < claim.horizonEnd) byId.set(claim.evidenceId, claim);
  return [...byId.values()].sort((a, b) => (a.evidenceId < b.evidenceId ? -1 : 1));
}

/**
 * Pools the claims at one common horizon, so that "by 28 February" and "by 30 June" may be compared, and gives back one hazard.
 * @returns null when a forecast has no live claim left: then it is context, not a probability
 */
export function prepareRisk(risk: EventRisk, asOf: Millis): PreparedRisk | null {
  if (risk.basis.kind !== 'forecast') {
    const eventProbability = risk.basis.kind === 'observed' ? risk.basis.trafficLost.expected : 1;
    // Days since it happened, as a negative horizon: the closed form below needs no more of it.
    const horizonDays = risk.basis.kind === 'occurred' ? days(asOf, risk.basis.at) : 0;
    return { risk, hazardPerDay: 0, horizonDays, delays: delaysOf(risk), logitVolatility: PARAMETERS.defaultLogitVolatility, disagreement: 0, lowest: eventProbability, highest: eventProbability, eventProbability };
  }
  const horizon = PARAMETERS.poolingHorizonDays;
  const claims = liveClaims(risk.basis, asOf);
  const opinions = claims.map((c) => ({
    // The price was of the whole time from its observation: nothing has happened since, so the rate still holds.
    // Within its last hour a price is an outcome coming in, not a hazard: without the floor the rate would run away.
    probability: probabilityWithin(hazardRate(c.probability, Math.max(days(c.observedAt, c.horizonEnd), 1 / 24)), horizon),
    weight: c.weight,
  }));
  const pooled = poolLogOdds(opinions, PARAMETERS.extremizing);
  if (pooled === null) return null;
  const heaviest = Math.max(...opinions.map((o) => o.weight));
  const heard = opinions.filter((o) => o.weight >= PARAMETERS.disagreementLeastWeight * heaviest).map((o) => o.probability);
  const [lowest, highest] = [Math.min(...heard), Math.max(...heard)];
  return {
    risk,
    hazardPerDay: hazardRate(pooled, horizon),
    horizonDays: Math.max(...claims.map((c) => days(asOf, c.horizonEnd))),
    delays: delaysOf(risk),
    logitVolatility: risk.basis.logitVolatility ?? PARAMETERS.defaultLogitVolatility,
    disagreement: logit(highest) - logit(lowest),
    lowest,
    highest,
    eventProbability: pooled,
  };
}

/** The uncertain figures at one quantile each. @param u three numbers 0…1; 0.5 gives the medians */
export function riskDraw(risk: EventRisk, u: readonly [number, number, number]): RiskDraw {
  const linked = risk.basis.kind === 'observed' ? null : risk.basis;
  const trafficLost = clampProbability(risk.basis.kind === 'observed' ? quantile(risk.basis.trafficLost, u[2]) : 0);
  return {
    harm: clampProbability(linked ? quantile(linked.harmGivenEvent, u[0]) : 1),
    durationDays: Math.max(0.01, quantile(risk.durationDays, u[1])),
    trafficLost,
    jumped: risk.basis.kind === 'occurred' ? 1 : trafficLost,
  };
}

export const medianDraw = (risk: EventRisk): RiskDraw => riskDraw(risk, [0.5, 0.5, 0.5]);

/**
 * P(the passage is closed `inDays` from as-of).
 * The event arrives at rate λ while its claims speak (horizon H), closes the passage after a delay D with probability h, and a closing
 * lasts exponentially with mean L: h ∫₀^min(T,H) λ e^(−λs) e^(−(T−s)/L) ds with T = inDays − D, averaged over D. What is closed now stays so
 * with the same law: lost · e^(−inDays/L). What follows an event that has happened began D days after it, with probability h.
 * @param elapsed days from as-of that have passed without the event
 */
export function closedProbability(p: PreparedRisk, d: RiskDraw, inDays: number, elapsed = 0): Probability {
  if (inDays < 0) return 0;
  if (p.risk.basis.kind === 'observed') return d.trafficLost * Math.exp(-inDays / d.durationDays);
  let sum = 0;
  for (const delay of p.delays) {
    sum += p.risk.basis.kind === 'occurred' ? stillClosed(inDays - p.horizonDays - delay, d.durationDays) : closedByThen(p, d.durationDays, inDays - elapsed - delay, p.horizonDays - elapsed);
  }
  return clampProbability((d.harm * sum) / p.delays.length);
}

/** e^(−t/L) from the closing on; 0 before. */
const stillClosed = (sinceClosing: number, mean: number): number => (sinceClosing < 0 ? 0 : Math.exp(-sinceClosing / mean));

/** ∫₀^min(T,H) λ e^(−λs) e^(−(T−s)/L) ds, in a form that neither overflows nor divides by 0. */
function closedByThen(p: PreparedRisk, mean: number, T: number, horizon: number): number {
  const until = Math.min(T, horizon);
  if (until <= 0) return 0;
  const k = 1 / mean - p.hazardPerDay;
  const area = Math.abs(k * until) < 1e-9 ? until * Math.exp(-T / mean) : (Math.exp(k * until - T / mean) - Math.exp(-T / mean)) / k;
  return p.hazardPerDay * area;
}

const DELAY_QUANTILES = [0.1, 0.3, 0.5, 0.7, 0.9];

function delaysOf({ basis }: EventRisk): readonly number[] {
  return basis.kind === 'observed' ? [0] : DELAY_QUANTILES.map((u) => Math.max(0, quantile(basis.delayDays, u)));
}

/** P(the event happens within `inDays`), as long as its claims speak. */
export function eventWithin(p: PreparedRisk, inDays: number): Probability {
  return probabilityWithin(p.hazardPerDay, Math.min(inDays, p.horizonDays));
}

/**
 * Several risks to one passage. They are seldom independent (two markets on one conflict), so the truth lies between
 * the likeliest alone and the union of independents.
 * @param dependence 0 independent … 1 the same story
 */
export function combined(probabilities: readonly Probability[], dependence: number): Probability {
  let largest = 0;
  for (const p of probabilities) if (p > largest) largest = p;
  if (probabilities.length < 2) return largest;
  // Sorted, since a product of doubles depends on its order.
  const union = anyOf(probabilities.toSorted((a, b) => a - b));
  return clampProbability(largest + (1 - dependence) * (union - largest));
}
