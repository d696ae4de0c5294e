import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseUnLocode } from '../../model/place.ts';
import { LANE, scfiLane } from './lanes.ts';
import { lanesOf, QUOTED_LANES } from './quoted-lanes.ts';

const names = (from: string, to: string): readonly string[] => lanesOf(from, to).map((l) => l.lane);

test('the pair comes before the region, the region before the estimate', () => {
  assert.deepEqual(names('CNSHA', 'NLRTM'), ['shanghai_rotterdam', 'shanghai_north_europe', 'freightos_shanghai_rotterdam']);
  assert.deepEqual(names('CNSHA', 'DEHAM'), ['shanghai_north_europe']);
  assert.deepEqual(names('CNSHA', 'USLGB'), ['shanghai_us_west_coast']);
  assert.deepEqual(names('NLRTM', 'CNSHA'), ['rotterdam_shanghai', 'freightos_rotterdam_shanghai']);
});

test('nothing is guessed: not from another port, not against the direction, not across a region’s edge', () => {
  for (const [from, to] of [['CNNGB', 'NLRTM'], ['DEHAM', 'CNSHA'], ['SGSIN', 'NLRTM'], ['CNSHA', 'EGPSD'], ['CNSHA', 'USHOU'], ['CNSHA', 'PLGDN'], ['CNSHA', 'TRIST'], ['AEJEA', 'NLRTM'], ['CNSHA', 'CNSHA']] as const) assert.deepEqual(names(from, to), [], `${from}-${to}`);
});

test('every port exists, each lane has a name of its own, and no port lies in two regions', () => {
  const { ports } = JSON.parse(readFileSync(join(import.meta.dirname, '../../flow/reality/routing/data/ports.json'), 'utf8')) as { ports: Record<string, unknown> };
  for (const { lane, from, to } of QUOTED_LANES) {
    assert.match(lane, LANE);
    for (const port of [...from, ...to]) assert.ok(parseUnLocode(port) === port && Object.hasOwn(ports, port), `${lane}: ${port}`);
  }
  assert.equal(new Set(QUOTED_LANES.map((l) => l.lane)).size, QUOTED_LANES.length);
  const regions = QUOTED_LANES.filter((l) => l.precision === 'region').flatMap((l) => l.to);
  assert.equal(new Set(regions).size, regions.length);
});

/** The names of the index's lanes as its page has them. */
const SCFI_NAMES: readonly (readonly [name: string, lane: string | null])[] = [
  ['Comprehensive Index', null], ['Europe (Base port)', 'shanghai_north_europe'], ['Mediterranean (Base port)', 'shanghai_mediterranean'], ['USWC (Base port)', 'shanghai_us_west_coast'],
  ['USEC (Base port)', 'shanghai_us_east_coast'], ['Persian Gulf and Red Sea (Dubai)', 'shanghai_persian_gulf'], ['Australia/New Zealand (Melbourne)', 'shanghai_australia'],
  ['East/West Africa (Lagos)', 'shanghai_west_africa'], ['South Africa (Durban)', 'shanghai_south_africa'], ['South America (Santos)', 'shanghai_south_america'], ['West Japan (Base port)', 'shanghai_west_japan'],
  ['East Japan (Base port)', 'shanghai_east_japan'], ['Southeast Asia (Singapore)', 'shanghai_southeast_asia'], ['Korea (Pusan)', 'shanghai_korea'], ['Central/South America West Coast(Manzanillo)', null], ['India/Pakistan', null],
];
for (const [name, lane] of SCFI_NAMES) {
  test(`SCFI "${name}" is ${lane ?? 'not followed'}, and its ports are quoted in the unit it is read in`, () => {
    const read = scfiLane(name);
    assert.equal(read?.lane ?? null, lane);
    if (read) assert.equal(QUOTED_LANES.find((l) => l.lane === lane)?.quotedIn, read.perFeu === 2 ? 'TEU' : 'FEU');
  });
}

test('the unit in the reply wins over the lane’s usual one', () => {
  assert.deepEqual([scfiLane('Europe (Base port)', 'USD/FEU')?.perFeu, scfiLane('USWC (Base port)', 'USD/TEU')?.perFeu, scfiLane('USWC (Base port)', '')?.perFeu], [1, 2, 1]);
});
