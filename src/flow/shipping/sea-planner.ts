/** The planner of ways, over the router of the stage `reality` (whose face fits {@link SeaRouterLike} as it is). */
import type { ChokepointId, UnLocode } from '../../model/place.ts';
import type { RoutePlanner } from './ports.ts';

export interface SeaRouterLike {
  /** @throws CodedError on an unknown port */
  route(from: UnLocode, to: UnLocode, options?: { readonly closed?: readonly ChokepointId[] }): {
    readonly distanceNm: number;
    readonly passages: readonly ChokepointId[];
    readonly etaFractionByPassage: Readonly<Partial<Record<ChokepointId, number>>>;
  } | null;
  port(locode: UnLocode): { readonly name: string } | null;
}

export function plannerOver(router: SeaRouterLike): RoutePlanner {
  return {
    portName: (port) => router.port(port)?.name ?? null,
    route(from, to, { closed }) {
      if (!router.port(from) || !router.port(to)) return null;
      const route = router.route(from, to, { closed });
      if (!route) return null;
      return { distanceNm: route.distanceNm, passages: route.passages.flatMap((id) => passage(id, route.etaFractionByPassage[id])) };
    },
  };
}

const passage = (id: ChokepointId, fraction: number | undefined) => (fraction === undefined ? [] : [{ id, fraction: Math.min(1, Math.max(0, fraction)) }]);
