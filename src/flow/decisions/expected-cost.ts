/** The cost–loss rule: expected cost of an option, and the probability from which acting pays. */

/** What an option costs in either state, in one unit of money. */
export interface TwoStates {
  readonly calm: number;
  readonly hit: number;
}

/** EC = (1 − p)·c₀ + p·c₁. */
export const expectedCost = (c: TwoStates, p: number): number => (1 - p) * c.calm + p * c.hit;

/**
 * p* = Δc₀ ÷ (Δc₁ + Δc₀), with Δc₀ what acting costs more when calm and Δc₁ what it saves when hit. Acting pays above it.
 * (Murphy 1977, Mon. Wea. Rev. 105: the cost–loss ratio; in inventory the newsvendor's critical ratio.)
 * @returns null when acting saves nothing when hit: then no probability makes it pay
 */
export function breakEven(proceeding: TwoStates, acting: TwoStates): number | null {
  const more = acting.calm - proceeding.calm;
  const saved = proceeding.hit - acting.hit;
  if (saved <= 0) return null;
  return more <= 0 ? 0 : more / (saved + more);
}
