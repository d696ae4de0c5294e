import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testHttp } from '../../../../test/support/http.ts';
import { CHOKEPOINT_IDS } from '../../../model/place.ts';
import { continuedPath, haversineKm, KM_PER_NM, type Position } from './geodesy.ts';
import { geographyRoutes } from './geography-routes.ts';
import { createSeaRouter } from './sea-router.ts';

const router = createSeaRouter();

async function desk() {
  const http = await testHttp({ auth: { byToken: async () => ({ subject: 'user:u', role: 'viewer', scopes: [] }), bySignature: async () => assert.fail() } });
  geographyRoutes({ router })(http.app);
  await http.start();
  return { ask: (path: string) => http.ask(path, { headers: { authorization: 'Bearer t' } }), anyone: (path: string) => http.ask(path), [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() };
}

type Route = { distance_nm: number; days_at_16_knots: number; extra_distance_nm: number; extra_days: number; passages: { id: string; fraction: number }[]; path: [number, number][]; from: { name: string } };

test('each passage has its place, and ships that use it sail by', async () => {
  await using http = await desk();
  const { chokepoints } = (await http.ask('/api/v1/geography')).json as { chokepoints: { id: string; name: string; lon: number; lat: number; outline: [number, number][] }[] };
  assert.deepEqual(chokepoints.map(({ id }) => id).sort(), CHOKEPOINT_IDS);
  const through = { bab_el_mandeb: ['CNSHA', 'NLRTM'], bosphorus: ['NLRTM', 'ROCND'], cape_of_good_hope: ['BRSSZ', 'SGSIN'], dover: ['CNSHA', 'NLRTM'], gibraltar: ['CNSHA', 'NLRTM'], hormuz: ['AEJEA', 'NLRTM'], malacca: ['CNSHA', 'NLRTM'], panama: ['CNSHA', 'USNYC'], suez: ['CNSHA', 'NLRTM'] } as const;
  for (const { id, lon, lat, outline } of chokepoints) {
    const [from, to] = through[id as keyof typeof through];
    const route = router.route(from, to)!;
    assert.ok(route.passages.includes(id as never), `${from} to ${to} goes by ${id}`);
    const nearest = Math.min(...between(route.path).map((at) => haversineKm(at, [lon, lat])));
    assert.ok(nearest < 40, `${id} is drawn ${Math.round(nearest)} km off the way`);
    assert.ok(outline.length > 2 && outline.every(([x, y]) => haversineKm([x, y], [lon, lat]) < 400), `${id} has its waters around it`);
  }
});

/** Points at most some kilometres apart: segments may be long. */
const between = (path: readonly Position[]): Position[] =>
  path.flatMap((at, i) => {
    const next = path[i + 1] ?? at;
    return Array.from({ length: 50 }, (_, k) => [at[0] + ((next[0] - at[0]) * k) / 50, at[1] + ((next[1] - at[1]) * k) / 50] as const);
  });

test('the way around the Red Sea: known miles, days, passages, and what it is longer by', async () => {
  await using http = await desk();
  const open = (await http.ask('/api/v1/sea-route?from=CNSHA&to=NLRTM')).json as unknown as Route;
  assert.deepEqual([Math.round(open.distance_nm), open.extra_distance_nm, open.extra_days, open.from.name], [10_551, 0, 0, 'Shanghai']);
  const around = (await http.ask('/api/v1/sea-route?from=cnsha&to=nlrtm&closed=bab_el_mandeb,%20suez,suez')).json as unknown as Route & { closed: string[] };
  assert.deepEqual(around.closed, ['bab_el_mandeb', 'suez']);
  assert.equal(Math.round(around.distance_nm), 13_471);
  assert.ok(Math.abs(around.extra_distance_nm - (around.distance_nm - open.distance_nm)) < 0.15);
  assert.ok(Math.abs(around.days_at_16_knots - around.distance_nm / 384) < 0.01 && Math.abs(around.extra_days - around.extra_distance_nm / 384) < 0.01);
  // By Panama it is some 400 miles shorter than by the Cape, which is what remains with Panama closed too.
  assert.deepEqual(around.passages.map(({ id }) => id), ['panama', 'dover']);
  const cape = (await http.ask('/api/v1/sea-route?from=CNSHA&to=NLRTM&closed=bab_el_mandeb,suez,panama')).json as unknown as Route;
  assert.deepEqual(cape.passages.map(({ id }) => id), ['cape_of_good_hope', 'dover']);
  assert.ok(cape.extra_distance_nm > around.extra_distance_nm && cape.extra_distance_nm < around.extra_distance_nm + 1_000, `${cape.extra_distance_nm}`)
  assert.ok(around.passages.every(({ fraction }) => fraction > 0 && fraction < 1));
  const sailed = around.path.slice(1).reduce((km, at, i) => km + haversineKm(around.path[i]!, at), 0) / KM_PER_NM;
  assert.ok(Math.abs(sailed - around.distance_nm) < 60, `the path is as long as it says: ${sailed}`);
});

test('across the Pacific the path goes on beyond 180° and no step is longer than half the Earth', async () => {
  await using http = await desk();
  for (const [from, to] of [['CNSHA', 'USLAX'], ['USLAX', 'CNSHA'], ['NZAKL', 'PAMIT']] as const) {
    const { path } = (await http.ask(`/api/v1/sea-route?from=${from}&to=${to}`)).json as unknown as Route;
    for (let i = 1; i < path.length; i++) assert.ok(Math.abs(path[i]![0] - path[i - 1]![0]) <= 180, `${from} to ${to} jumps at ${i}`);
    assert.ok(path.some(([lon]) => Math.abs(lon) > 180), 'it does cross');
  }
  assert.deepEqual(continuedPath([[179, 0], [-179, 1], [-170, 2], [179, 3]]), [[179, 0], [181, 1], [190, 2], [179, 3]]);
  assert.deepEqual(continuedPath([[-179, 0], [179, 1]]), [[-179, 0], [-181, 1]]);
  assert.deepEqual(continuedPath([]), []);
});

test('what cannot be answered is refused with its code, field and fix', async () => {
  await using http = await desk();
  for (const [query, status, code, field, fix] of [
    ['from=CNSHA&to=XXXXX', 422, 'PORT_UNKNOWN', 'to', /UN\/LOCODE/],
    ['from=constructor&to=NLRTM', 422, 'PORT_UNKNOWN', 'from', /UN\/LOCODE/],
    ['from=CNSHA&to=NLRTM&closed=atlantis', 404, 'CHOKEPOINT_UNKNOWN', 'closed', /suez/],
    ['from=CNSHA&to=NLRTM&closed=__proto__', 404, 'CHOKEPOINT_UNKNOWN', 'closed', /suez/],
    ['from=AEJEA&to=NLRTM&closed=hormuz', 422, 'SEA_ROUTE_NONE', 'closed', /fewer/],
    ['from=CNSHA', 400, 'VALIDATION_FAILED', 'to', /./],
    ['from=CNSHA&to=NLRTM&via=suez', 400, 'VALIDATION_FAILED', 'via', /./],
  ] as const) {
    const { status: given, json } = await http.ask(`/api/v1/sea-route?${query}`);
    assert.deepEqual([given, json['code']], [status, code], `${query}: ${JSON.stringify(json)}`);
    const issue = (json['issues'] as { field?: string }[] | undefined)?.[0];
    assert.equal(json['field'] ?? issue?.field ?? field, field, query);
    if (json['fix'] !== undefined) assert.match(String(json['fix']), fix);
  }
  assert.equal((await http.anyone('/api/v1/sea-route?from=CNSHA&to=NLRTM')).status, 401);
  assert.equal((await http.anyone('/api/v1/geography')).status, 401);
});
