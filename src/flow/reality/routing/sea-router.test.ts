import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { haversineKm } from './geodesy.ts';
import { createSeaRouter } from './sea-router.ts';

const router = createSeaRouter();
const nm = (from: string, to: string, closed: Parameters<typeof router.route>[2] = {}) => Math.round(router.route(from, to, closed)!.distanceNm);

// Known answers: Dijkstra over the marnet network, the Northwest Passage left out.
test('the distances that are known come out to the mile', () => {
  assert.equal(nm('CNSHA', 'NLRTM'), 10_551);
  assert.equal(nm('CNSHA', 'NLRTM', { closed: ['suez', 'bab_el_mandeb'] }), 13_471);
  assert.equal(nm('AEJEA', 'NLRTM'), 6_281);
  assert.equal(nm('AEJEA', 'NLRTM', { closed: ['suez', 'bab_el_mandeb'] }), 11_064);
});

test('the Pacific is crossed at the antimeridian, not walked around', () => {
  const miles = nm('CNSHA', 'USLAX');
  assert.ok(miles > 5_600 && miles < 5_900, `${miles} nm`);
});

test('passages come in the order in which a ship meets them, with where on the way', () => {
  const route = router.route('CNSHA', 'NLRTM')!;
  assert.deepEqual(route.passages, ['malacca', 'bab_el_mandeb', 'suez', 'gibraltar', 'dover']);
  const fractions = route.passages.map((p) => route.etaFractionByPassage[p]!);
  assert.deepEqual(fractions, [...fractions].sort((a, b) => a - b));
  assert.ok(fractions[0]! > 0.15 && fractions[0]! < 0.3, `Malacca at ${fractions[0]}`);
  assert.ok(fractions.at(-1)! > 0.95 && fractions.at(-1)! < 1);
});

test('a Gulf port passes Hormuz, and goes round the Cape when the Red Sea is closed', () => {
  assert.equal(router.route('AEJEA', 'NLRTM')!.passages[0], 'hormuz');
  const cape = router.route('AEJEA', 'NLRTM', { closed: ['bab_el_mandeb'] })!;
  assert.ok(cape.passages.includes('cape_of_good_hope') && !cape.passages.includes('suez'));
});

test('with Hormuz closed there is no route out of the Gulf, and the router says so', () => {
  assert.equal(router.route('AEJEA', 'NLRTM', { closed: ['hormuz'] }), null);
  assert.notEqual(router.route('AEJEA', 'SADMM', { closed: ['hormuz'] }), null, 'inside the Gulf one can still sail');
});

test('the Bosphorus is the only way into the Black Sea', () => {
  assert.ok(router.route('NLRTM', 'ROCND')!.passages.includes('bosphorus'));
  assert.equal(router.route('NLRTM', 'ROCND', { closed: ['bosphorus'] }), null);
});

test('an unknown or malformed port is refused with its field', () => {
  assert.throws(() => router.route('CNSHA', 'XXXXX'), { code: 'PORT_UNKNOWN' });
  assert.throws(() => router.route('constructor', 'NLRTM'), { code: 'PORT_UNKNOWN' });
  assert.equal(router.port('CNSHA')!.name, 'Shanghai');
  assert.equal(router.port('ZZZZZ'), null);
});

test('any pair: symmetric, no shorter than the great circle, never shorter with a passage closed', () => {
  const codes = ['CNSHA', 'NLRTM', 'AEJEA', 'SGSIN', 'USLAX', 'USNYC', 'INNSA', 'BRSSZ', 'ZADUR', 'JPYOK', 'EGPSD', 'SAJED', 'GRPIR', 'VNSGN', 'AUSYD', 'CLVAP'];
  fc.assert(
    fc.property(fc.constantFrom(...codes), fc.constantFrom(...codes), fc.constantFrom('suez', 'panama', 'malacca', 'bab_el_mandeb'), (a, b, closed) => {
      const there = router.route(a, b)!;
      const back = router.route(b, a)!;
      assert.ok(Math.abs(there.distanceNm - back.distanceNm) < 1e-6);
      // Ports up a river are measured from their approach: allow for it.
      const direct = haversineKm(router.port(a)!.position, router.port(b)!.position) / 1.852;
      assert.ok(there.distanceNm >= direct - 60, `${a}-${b} ${there.distanceNm} < ${direct}`);
      const detour = router.route(a, b, { closed: [closed as 'suez'] });
      if (detour) {
        assert.ok(detour.distanceNm >= there.distanceNm - 1e-6);
        assert.ok(!detour.passages.includes(closed as 'suez'));
      }
    }),
    { numRuns: 150 },
  );
});
