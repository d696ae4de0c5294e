/** Geography over HTTP: where the passages are, and the way of a ship between two ports with passages open or closed. */
import * as z from 'zod';
import { readAccess, type HttpApp } from '../../../kernel/http/index.ts';
import { CHOKEPOINTS, CHOKEPOINT_IDS, isChokepointId, type ChokepointId, type UnLocode } from '../../../model/place.ts';
import { errors } from '../errors.ts';
import { PASSAGE_AREAS } from '../vessels/areas.ts';
import { continuedPath } from './geodesy.ts';
import type { SeaRoute, SeaRouter } from './sea-router.ts';

export interface GeographyRoutesDeps {
  /** The desk's one: the network takes 40 ms to read, and what one reader has asked the next one gets at once. */
  readonly router: SeaRouter;
}

/** What a container ship of today sails to save fuel; only to make days of miles. What a decision reckons with is in its settings. */
const KNOTS = 16;
const HOURS_A_DAY = 24;

const chokepointId = z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]);
const GEOGRAPHY = z.object({
  chokepoints: z.array(z.object({ id: chokepointId, name: z.string(), lon: z.number(), lat: z.number(), outline: z.array(z.tuple([z.number(), z.number()])) })),
});
const END = z.object({ locode: z.string(), name: z.string(), lon: z.number(), lat: z.number() });
const ROUTE = z.object({
  from: END,
  to: END,
  closed: z.array(chokepointId),
  distance_nm: z.number(),
  days_at_16_knots: z.number(),
  passages: z.array(z.object({ id: chokepointId, fraction: z.number() })),
  extra_distance_nm: z.number(),
  extra_days: z.number(),
  path: z.array(z.tuple([z.number(), z.number()])),
});
type RouteJson = z.infer<typeof ROUTE>;

const QUERY = z.strictObject({
  from: z.string().max(20).describe('UN/LOCODE, as in CNSHA'),
  to: z.string().max(20).describe('UN/LOCODE, as in NLRTM'),
  closed: z.string().max(200).default('').describe('Passages that the ship may not use, with commas between them'),
});

export const geographyRoutes =
  ({ router }: GeographyRoutesDeps) =>
  (app: HttpApp): void => {
    const places = PASSAGE_AREAS.map(({ chokepoint: id, centre: [lon, lat], outline }) => ({ id, name: CHOKEPOINTS[id], lon, lat, outline: outline.map(([x, y]): [number, number] => [x, y]) }));

    app.get(
      '/api/v1/geography',
      { config: { access: readAccess }, schema: { summary: 'Where the passages are: middle and outline, in degrees', tags: ['reality'], response: { 200: GEOGRAPHY } } },
      () => ({ chokepoints: places }),
    );

    app.get(
      '/api/v1/sea-route',
      { config: { access: readAccess }, schema: { summary: 'The shortest way by sea, with passages closed, against the open way', tags: ['reality'], querystring: QUERY, response: { 200: ROUTE } } },
      ({ query }) => seaRouteJson(router, query.from, query.to, readClosed(query.closed)),
    );
  };

/** @throws CodedError CHOKEPOINT_UNKNOWN @returns each named passage once, in the order of the list of passages */
function readClosed(text: string): readonly ChokepointId[] {
  const named = text.split(',').map((id) => id.trim()).filter((id) => id !== '');
  const wrong = named.find((id) => !isChokepointId(id));
  if (wrong !== undefined) throw errors.CHOKEPOINT_UNKNOWN({ field: 'closed', detail: `There is no chokepoint ${JSON.stringify(wrong)}`, fix: `One or more of ${CHOKEPOINT_IDS.join(', ')}, with commas between them` });
  return CHOKEPOINT_IDS.filter((id) => named.includes(id));
}

/** @throws CodedError PORT_UNKNOWN, SEA_ROUTE_NONE */
function seaRouteJson(router: SeaRouter, fromText: string, toText: string, closed: readonly ChokepointId[]): RouteJson {
  const [from, to] = [fromText.trim().toUpperCase(), toText.trim().toUpperCase()];
  const open = router.route(from, to);
  const route = closed.length === 0 ? open : router.route(from, to, { closed });
  if (!open || !route) throw errors.SEA_ROUTE_NONE({ field: closed.length === 0 ? 'to' : 'closed', detail: `No way by sea from ${from} to ${to}${closed.length === 0 ? '' : ` without ${closed.join(', ')}`}`, fix: closed.length === 0 ? 'Give ports of connected seas' : 'Close fewer passages: a gulf with one mouth has no way around' });
  const extraNm = route.distanceNm - open.distanceNm;
  return {
    from: endJson(router, from),
    to: endJson(router, to),
    closed: [...closed],
    distance_nm: round(route.distanceNm, 1),
    days_at_16_knots: round(days(route.distanceNm), 2),
    passages: route.passages.map((id) => ({ id, fraction: round(route.etaFractionByPassage[id] ?? 0, 4) })),
    extra_distance_nm: round(extraNm, 1),
    extra_days: round(days(extraNm), 2),
    path: pathJson(route),
  };
}

function endJson(router: SeaRouter, locode: UnLocode): z.infer<typeof END> {
  const { name, position } = router.port(locode)!;
  return { locode, name, lon: position[0], lat: position[1] };
}

const days = (nm: number): number => nm / (KNOTS * HOURS_A_DAY);
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Three decimals are 100 m: finer than the network is. */
const pathJson = ({ path }: SeaRoute): RouteJson['path'] => continuedPath(path).map(([lon, lat]) => [round(lon, 3), round(lat, 3)]);
