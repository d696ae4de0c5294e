// Everything that the map shows, as of the desk's time: passages with their places, voyages with their ways.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { chokepointsQuery, decisionsQuery, geographyQuery, shipmentsQuery } from '../api/queries.ts';
import type { Chokepoint, DecisionSummary, PassagePlace, Shipment } from '../api/types.ts';
import { useList, useNow, usePolling, useStatus } from '../api/use-desk.ts';
import { useRoutes, type Routes } from './use-routes.ts';
import { isExposed, voyagesOf, type Voyage } from './voyage.ts';

export interface PlacedPassage {
  readonly passage: Chokepoint;
  readonly place: PassagePlace;
}

export interface MapData {
  /** Epoch ms. */
  readonly now: number;
  readonly passages: readonly PlacedPassage[];
  /** What is on the way or to come; the most pressing first. */
  readonly voyages: readonly Voyage[];
  readonly exposed: ReadonlySet<Voyage>;
  readonly routes: Routes;
  /** Shipments on file of which the list has not all. */
  readonly partial: boolean;
  readonly nameOf: (id: string) => string;
}

const NONE: readonly never[] = [];

/** `query` has the shape that Guard asks for: data once every part is there, else the first error. */
export function useMapData() {
  const now = useNow();
  const status = useStatus();
  const refetchInterval = usePolling();
  const passages = useQuery({ ...chokepointsQuery, refetchInterval });
  const geography = useQuery(geographyQuery);
  const shipments = useList<Shipment>(shipmentsQuery);
  const decisions = useList<DecisionSummary>(decisionsQuery('active'));
  const voyages = useMemo(() => (shipments.items && decisions.items && now !== null ? voyagesOf(shipments.items, decisions.items, now) : NONE), [shipments.items, decisions.items, now]);
  const routes = useRoutes(voyages);
  const asked = [passages, geography, shipments, decisions, status];
  const ready = passages.data && geography.data && shipments.items && decisions.items && now !== null;
  const data: MapData | undefined = ready ? assembled(passages.data, geography.data, voyages, routes, now, shipments.hasNextPage) : undefined;
  return {
    data,
    error: asked.find(({ error }) => error)?.error ?? null,
    isPending: data === undefined,
    isFetching: asked.some(({ isFetching }) => isFetching),
    refetch: () => asked.filter(({ error }) => error).forEach((one) => void one.refetch()),
  };
}

function assembled(items: readonly Chokepoint[], places: readonly PassagePlace[], voyages: readonly Voyage[], routes: Routes, now: number, partial: boolean): MapData {
  const byId = new Map(items.map((one) => [one.id, one]));
  return {
    now,
    passages: places.flatMap((place) => (byId.has(place.id) ? [{ passage: byId.get(place.id)!, place }] : [])),
    voyages,
    exposed: new Set(voyages.filter((voyage) => isExposed(voyage, routes.usual(voyage), byId))),
    routes,
    partial,
    nameOf: (id) => byId.get(id)?.name ?? id.replaceAll('_', ' '),
  };
}
