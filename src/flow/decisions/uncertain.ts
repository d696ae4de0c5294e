/**
 * The points at which everything uncertain is drawn for the 90 % interval: a lattice in the unit cube, the same for all decisions,
 * so that what only depends on the passage or on the rule is drawn once. Not here: what is computed at a point (`monte-carlo.ts`).
 */
import { riskDraw, type RiskDraw } from './hit-probability.ts';
import type { EventRisk } from './inputs.ts';
import { quantile } from './interval.ts';
import { COEFFICIENT_NAMES, COEFFICIENTS, PARAMETERS, type Coefficients } from './settings.ts';

/** Coordinates: one a coefficient, two of the situation, three a risk (further risks take the same three again, shifted). */
const RISK_FROM = COEFFICIENT_NAMES.length + 2;

/**
 * The i-th point's j-th coordinate: additive recurrence with fractional parts of square roots of primes (Richtmyer 1951; Niederreiter 1992,
 * ch. 2), each coordinate a permutation-free, evenly spread sequence of its own.
 */
function coordinate(i: number, j: number): number {
  const x = 0.5 + (i + 1) * alpha(j);
  return x - Math.floor(x);
}

const PRIMES = primes(96);
const alpha = (j: number): number => Math.sqrt(PRIMES[j % PRIMES.length]!) % 1;

function primes(n: number): readonly number[] {
  const found: number[] = [];
  for (let x = 2; found.length < n; x++) if (found.every((p) => x % p !== 0)) found.push(x);
  return found;
}

export interface Point {
  readonly k: Coefficients;
  readonly overlandU: number;
  readonly backtrackU: number;
}

/** @param points how many @returns coefficients and the situation's own figures at each point */
export function coefficientPoints(points: number): readonly Point[] {
  return Array.from({ length: points }, (_, i) => ({
    k: Object.freeze(Object.fromEntries(COEFFICIENT_NAMES.map((name, j) => [name, quantile(COEFFICIENTS[name], coordinate(i, j))])) as Coefficients),
    overlandU: coordinate(i, COEFFICIENT_NAMES.length),
    backtrackU: coordinate(i, COEFFICIENT_NAMES.length + 1),
  }));
}

/** One draw a risk at each point of the interval. */
export function riskDraws(risks: readonly EventRisk[], points: number = PARAMETERS.draws): readonly (readonly RiskDraw[])[] {
  return Array.from({ length: points }, (_, i) =>
    risks.map((risk, r) => {
      const at = RISK_FROM + 3 * r;
      return riskDraw(risk, [coordinate(i, at), coordinate(i, at + 1), coordinate(i, at + 2)]);
    }),
  );
}

let points: readonly Point[] | undefined;
/** Drawn once: they depend on the rule alone. */
export const POINTS = (): readonly Point[] => (points ??= coefficientPoints(PARAMETERS.draws));
