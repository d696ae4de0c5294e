/** When a series changed its level, seen afterwards: the split into two means that leaves the least squared error. Pure. A chart tells that it changed; this tells when. */

export interface ChangePoint {
  /** Of the first value of the new level. */
  readonly index: number;
  readonly meanBefore: number;
  readonly meanAfter: number;
  /** Sum of squared errors about the two means. */
  readonly sse: number;
}

/**
 * One change in mean by least squares, the maximum-likelihood estimate for normal values of one variance (Hinkley 1970, Biometrika 57:1).
 * @returns null for fewer than two values; of equal splits the earliest
 */
export function changePoint(values: readonly number[]): ChangePoint | null {
  const total = values.reduce((sum, v) => sum + v, 0);
  const squares = values.reduce((sum, v) => sum + v * v, 0);
  let best: ChangePoint | null = null;
  let before = 0;
  for (let index = 1; index < values.length; index += 1) {
    before += values[index - 1]!;
    const after = total - before;
    const sse = squares - (before * before) / index - (after * after) / (values.length - index);
    if (best === null || sse < best.sse) best = { index, meanBefore: before / index, meanAfter: after / (values.length - index), sse };
  }
  return best;
}
