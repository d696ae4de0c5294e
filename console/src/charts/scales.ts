// Pure arithmetic of the charts: scales, round ticks, and labels that do not cover each other.

/** A straight map from a domain to pixels; a domain without width maps to the middle. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): (value: number) => number {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  if (d1 === d0) return () => (r0 + r1) / 2;
  return (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
}

/**
 * Round ticks that cover [min, max]: steps of 1, 2 or 5 times a power of ten.
 * @param about how many are wanted; the count may differ by a few
 */
export function niceTicks(min: number, max: number, about: number): readonly number[] {
  if (!(max > min) || about < 1) return [min];
  const rough = (max - min) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 10 * power;
  const first = Math.floor(min / step);
  const last = Math.ceil(max / step);
  // Multiplied, not summed: 0.1 + 0.2 must be a tick of 0.3.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * Moves label centres apart so that neighbours are at least `gap` from each other and all stay inside `[low, high]`
 * when there is room; order is kept.
 */
export function spread(centres: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = centres.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at);
  const placed = order.map(({ at }) => Math.min(high, Math.max(low, at)));
  for (let i = 1; i < placed.length; i += 1) placed[i] = Math.max(placed[i]!, placed[i - 1]! + gap);
  if (placed.length > 0 && placed.at(-1)! > high) {
    placed[placed.length - 1] = high;
    for (let i = placed.length - 2; i >= 0; i -= 1) placed[i] = Math.min(placed[i]!, placed[i + 1]! - gap);
  }
  const result: number[] = [];
  for (const [rank, { i }] of order.entries()) result[i] = placed[rank]!;
  return result;
}

/**
 * Which of a row of labels can be written without covering each other; the later of two is the news, so it wins.
 * @param at positions in ascending order
 * @param widths of each label
 */
export function withRoom(at: readonly number[], widths: readonly number[], gap: number): readonly boolean[] {
  const shown = at.map(() => false);
  let free = Infinity;
  for (let i = at.length - 1; i >= 0; i -= 1) {
    if (at[i]! + widths[i]! + gap > free) continue;
    shown[i] = true;
    free = at[i]!;
  }
  return shown;
}
