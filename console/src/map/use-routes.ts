// The ways of the ships, asked for once a lane, however many sail it.
import { useQueries } from '@tanstack/react-query';
import { seaRouteQuery } from '../api/queries.ts';
import type { SeaRoute } from '../api/types.ts';
import type { Voyage } from './voyage.ts';

/** So many different lanes are drawn; the most pressing voyages come first. */
const MOST_LANES = 60;

const keyOf = (from: string, to: string, closed: readonly string[]): string => `${from}>${to}>${closed.join()}`;

export interface Routes {
  readonly usual: (voyage: Voyage) => SeaRoute | undefined;
  readonly around: (voyage: Voyage) => SeaRoute | undefined;
  /** Whether each has been answered, with a way or without. */
  readonly settled: boolean;
  /** Ways that were asked for and not given. */
  readonly failed: number;
  retry(): void;
}

export function useRoutes(voyages: readonly Voyage[]): Routes {
  const wanted = new Map<string, readonly [string, string, readonly string[]]>();
  for (const { shipment: { from, to }, around } of voyages) {
    if (wanted.size >= MOST_LANES) break;
    wanted.set(keyOf(from, to, []), [from, to, []]);
    if (around) wanted.set(keyOf(from, to, around), [from, to, around]);
  }
  const keys = [...wanted.keys()];
  return useQueries({
    queries: [...wanted.values()].map(([from, to, closed]) => seaRouteQuery(from, to, closed)),
    combine: (answers) => {
      const found = new Map(answers.map((answer, i) => [keys[i]!, answer.data]));
      return {
        usual: ({ shipment: { from, to } }) => found.get(keyOf(from, to, [])),
        around: ({ shipment: { from, to }, around }) => (around ? found.get(keyOf(from, to, around)) : undefined),
        settled: answers.every(({ isPending }) => !isPending),
        failed: answers.filter(({ isError }) => isError).length,
        retry: () => answers.filter(({ isError }) => isError).forEach((answer) => void answer.refetch()),
      };
    },
  });
}
