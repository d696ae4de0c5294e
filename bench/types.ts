/** What a benchmark gives back: our figure and the peers', from the same run on the same machine. */
export interface BenchResult {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly peers: readonly { readonly name: string; readonly value: number }[];
  /** What was aimed at, in words. */
  readonly goal: string;
  readonly met: boolean;
  readonly note?: string;
}
