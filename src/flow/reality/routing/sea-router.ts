/**
 * Routes between ports: distance, the passages on the way and where on the way they come, with passages closed.
 * Shortest paths for planning and comparison; not for navigation.
 */
import { LRUCache } from 'lru-cache';
import { isChokepointId, parseUnLocode, type ChokepointId, type UnLocode } from '../../../model/place.ts';
import { errors } from '../errors.ts';
import { APPROACHES } from './approaches.ts';
import { KM_PER_NM, type Position } from './geodesy.ts';
import { decodeNetwork, readNetworkFile, readPortsFile } from './network-file.ts';
import { buildSeaNetwork, type Leg, type SeaNetwork } from './sea-network.ts';

export interface Port {
  readonly locode: UnLocode;
  readonly name: string;
  readonly position: Position;
}

export interface SeaRoute {
  readonly from: UnLocode;
  readonly to: UnLocode;
  /** Nautical miles, from port to port. */
  readonly distanceNm: number;
  /** In the order in which the ship meets them. */
  readonly passages: readonly ChokepointId[];
  /** The share of the distance sailed when the ship enters the passage, 0…1. */
  readonly etaFractionByPassage: Readonly<Partial<Record<ChokepointId, number>>>;
  /** [longitude, latitude] from port to port. Longitudes may jump at ±180. */
  readonly path: readonly Position[];
}

export interface RouteOptions {
  /** Passages that no ship may use. */
  readonly closed?: readonly ChokepointId[];
}

export interface SeaRouter {
  /**
   * The shortest route, or null when the closed passages leave none (a port in the Gulf while Hormuz is closed).
   * @param from UN/LOCODE, as in `CNSHA` @throws CodedError PORT_UNKNOWN
   */
  route(from: UnLocode, to: UnLocode, options?: RouteOptions): SeaRoute | null;
  /** Null when the list has no such port. */
  port(locode: UnLocode): Port | null;
}

/** The network's tags in the desk's words. Tags that are not here (Sunda, Magellan, Bering, Dardanelles) are no chokepoints that the desk follows. */
const CHOKEPOINT_OF: Readonly<Record<string, ChokepointId>> = Object.freeze({
  babalmandab: 'bab_el_mandeb',
  bosporus: 'bosphorus',
  dover: 'dover',
  gibraltar: 'gibraltar',
  malacca: 'malacca',
  ormuz: 'hormuz',
  panama: 'panama',
  south_africa: 'cape_of_good_hope',
  suez: 'suez',
});

/** The Northwest Passage is on the map, but no liner schedules it. */
const NEVER_USED = 'northwest';

/** A book of 10,000 shipments has some hundred port pairs, each asked for with a few sets of closed passages. */
const REMEMBERED_ROUTES = 4_096;

export function createSeaRouter(network: SeaNetwork = buildSeaNetwork(decodeNetwork(readNetworkFile())), ports = readPortsFile().ports): SeaRouter {
  const tagOf = new Map(Object.entries(CHOKEPOINT_OF).map(([tag, id]) => [id, tag]));
  const routes = new LRUCache<string, { readonly route: SeaRoute | null }>({ max: REMEMBERED_ROUTES });
  const anchors = new Map<UnLocode, { readonly node: number; readonly km: number }>();

  function port(locode: UnLocode): Port | null {
    const entry = Object.hasOwn(ports, locode) ? ports[locode] : undefined;
    return entry ? { locode, name: entry[0], position: [entry[1], entry[2]] } : null;
  }

  function anchorOf(known: Port): { readonly node: number; readonly km: number } {
    let anchor = anchors.get(known.locode);
    if (!anchor) anchors.set(known.locode, (anchor = network.nearest(APPROACHES[known.locode] ?? known.position)));
    return anchor;
  }

  function search(from: Port, to: Port, closed: readonly ChokepointId[]): SeaRoute | null {
    const start = anchorOf(from);
    const end = anchorOf(to);
    const tags = new Set([NEVER_USED, ...closed.map((id) => tagOf.get(id)).filter((tag) => tag !== undefined)]);
    const legs = network.shortestPath(start.node, end.node, tags);
    if (!legs) return null;
    const km = start.km + legs.at(-1)!.km + end.km;
    return Object.freeze({
      from: from.locode,
      to: to.locode,
      distanceNm: km / KM_PER_NM,
      ...passagesOn(legs, start.km, km),
      path: [from.position, ...legs.map((leg) => network.nodes[leg.node]!), to.position],
    });
  }

  return {
    port,
    route(fromCode, toCode, { closed = [] } = {}) {
      const key = `${fromCode}>${toCode}>${closed.length > 1 ? [...closed].sort().join() : (closed[0] ?? '')}`;
      const known = routes.get(key);
      if (known) return known.route;
      const route = search(portOrThrow(port, fromCode, 'from'), portOrThrow(port, toCode, 'to'), closed);
      routes.set(key, { route });
      return route;
    },
  };
}

function portOrThrow(port: SeaRouter['port'], locode: string, field: string): Port {
  let known: Port | null = null;
  try {
    known = port(parseUnLocode(locode));
  } catch {
    // Not even of the form: the same answer.
  }
  if (!known) throw errors.PORT_UNKNOWN({ field, detail: `No port ${JSON.stringify(locode)} in the port list`, fix: 'Give a UN/LOCODE of a sea port, as in CNSHA' });
  return known;
}

function passagesOn(legs: readonly Leg[], offsetKm: number, totalKm: number): Pick<SeaRoute, 'passages' | 'etaFractionByPassage'> {
  const entered: Partial<Record<ChokepointId, number>> = {};
  const passages: ChokepointId[] = [];
  for (let i = 1; i < legs.length; i++) {
    const id = CHOKEPOINT_OF[legs[i]!.passage ?? ''];
    if (id === undefined || !isChokepointId(id) || entered[id] !== undefined) continue;
    passages.push(id);
    entered[id] = totalKm === 0 ? 0 : (offsetKm + legs[i - 1]!.km) / totalKm;
  }
  return { passages, etaFractionByPassage: entered };
}
