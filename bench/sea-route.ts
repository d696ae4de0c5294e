/** The way of a ship between any two ports: pairs drawn from the whole list, each asked for the first time, and one asked again. */
import { createSeaRouter, type SeaRouter } from '../src/flow/reality/index.ts';
import { readPortsFile } from '../src/flow/reality/routing/network-file.ts';
import type { ChokepointId, UnLocode } from '../src/model/place.ts';
import type { BenchResult } from './types.ts';

/** Fewer than the router remembers: no pair is forgotten, and hardly one comes twice. */
const PAIRS = 1_500;
const WARM_UP = 300;
const GOAL_MS = 2;
const CLOSED: readonly (readonly ChokepointId[])[] = [[], ['suez', 'bab_el_mandeb'], ['hormuz']];

/** A linear congruential generator (Press et al., Numerical Recipes, § 7.1): the same pairs in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const ninetyNinth = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)]!;

function timed(router: SeaRouter, pairs: readonly (readonly [UnLocode, UnLocode, readonly ChokepointId[]])[]): number[] {
  return pairs.map(([from, to, closed]) => {
    const at = performance.now();
    router.route(from, to, { closed });
    return performance.now() - at;
  });
}

export async function run(): Promise<BenchResult[]> {
  const ports = Object.keys(readPortsFile().ports);
  const random = seeded(7);
  const port = (): UnLocode => ports[Math.floor(random() * ports.length)]!;
  const draw = (count: number) => Array.from({ length: count }, (_, i) => [port(), port(), CLOSED[i % CLOSED.length]!] as const);
  const router = createSeaRouter();
  timed(router, draw(WARM_UP));
  const pairs = draw(PAIRS);
  const first = timed(router, pairs);
  const again = timed(router, pairs);
  const base = { unit: 'ms', peers: [] } as const;
  return [
    { ...base, name: 'sea route of a pair not asked before, p50', ours: median(first), goal: `under ${GOAL_MS} ms`, met: median(first) < GOAL_MS, note: `p99 ${ninetyNinth(first).toFixed(2)} ms; any two of ${ports.length} ports, a third each with nothing, the Red Sea or Hormuz closed; with path, passages and miles` },
    { ...base, name: 'sea route of a pair asked again, p50', ours: median(again), goal: `under ${GOAL_MS} ms`, met: median(again) < GOAL_MS },
  ];
}
