/** What theory says of extremising, to hold the learnt value against. */

/**
 * The factor by which the mean of `n` experts' log-odds is best moved away from the prior in the worst case that the authors consider:
 * d = n (√(3n² − 3n + 1) − 2) ÷ (n² − n − 1), from 1 for one expert towards √3.
 * Source: Neyman & Roughgarden 2022, "Are you smarter than a random expert?", EC '22.
 * @param n at least 1
 */
export const neymanRoughgarden = (n: number): number => (n === 1 ? 1 : (n * (Math.sqrt(3 * n * n - 3 * n + 1) - 2)) / (n * n - n - 1));
