/** How sure a figure of the record is. Pure: chance is injected. */
import type { Random } from '../../../kernel/random/random.ts';

export type Interval90 = readonly [low: number, high: number];

const Z_90 = 1.6448536269514722;

/**
 * Wilson's 90 % interval of a share. Rows of one event are no independent draws, so `n` is the number of clusters: wider, and honest.
 * Source: Wilson 1927, J. American Statistical Association 22:209.
 * @param share 0…1 @param n independent draws, above 0
 */
export function wilson90(share: number, n: number): Interval90 {
  if (!(n > 0)) throw new RangeError(`an interval needs at least one draw, not ${n}`);
  const z2 = Z_90 ** 2;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_90 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

export const BOOTSTRAP_DRAWS = 2_000;

/**
 * 90 % percentile interval of a mean, by drawing whole clusters with replacement (Cameron, Gelbach & Miller 2008, Rev. Economics and Statistics 90:414).
 * The mean is over rows, so a cluster counts by its rows. About 1 ms for 100 clusters.
 * @returns null below two clusters: one event says nothing of how much events differ
 */
export function clusterBootstrap90(rows: readonly { readonly cluster: string; readonly value: number }[], uniform: Random, draws = BOOTSTRAP_DRAWS): Interval90 | null {
  const byCluster = new Map<string, number[]>();
  for (const { cluster, value } of rows) {
    const values = byCluster.get(cluster);
    if (values) values.push(value);
    else byCluster.set(cluster, [value]);
  }
  // In a fixed order: neither a permutation of the rows nor their arrival changes a bit.
  const clusters = [...byCluster.keys()].sort().map((key) => {
    const values = Float64Array.from(byCluster.get(key)!).sort();
    return { sum: values.reduce((sum, v) => sum + v, 0), n: values.length };
  });
  if (clusters.length < 2) return null;
  const means = Float64Array.from({ length: draws }, () => {
    let [sum, n] = [0, 0];
    for (let i = 0; i < clusters.length; i++) {
      const drawn = clusters[Math.floor(uniform() * clusters.length)]!;
      sum += drawn.sum;
      n += drawn.n;
    }
    return sum / n;
  }).sort();
  return [percentile(means, 0.05), percentile(means, 0.95)];
}

/** Linear between order statistics. */
function percentile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}
