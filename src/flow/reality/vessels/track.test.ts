import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { HOUR_MS, MINUTE_MS, parseInstant } from '../../../model/time.ts';
import type { Position } from '../routing/geodesy.ts';
import { bearing, between, distanceNm, isInside, PASSAGE_AREAS, sailed } from './areas.ts';
import type { VesselReport } from '../ports.ts';
import { atAnchor, report, voyage } from './test-support/voyages.ts';
import { advance, type VesselEvent, type VesselTrack } from './track.ts';

const START = parseInstant('2023-12-16T00:00:00Z');
const GULF_OF_ADEN: Position = [50, 12.9];
const SOCOTRA: Position = [56, 11];
const RED_SEA: Position = [40.5, 16.5];

function follow(reports: readonly VesselReport[], from: VesselTrack | null = null) {
  let track = from;
  const events: VesselEvent[] = [];
  const dropped = { old: 0, implausible: 0 };
  for (const each of reports) {
    const step = advance(track, each);
    track = step.track;
    events.push(...step.events);
    if (step.dropped) dropped[step.dropped] += 1;
  }
  return { track: track!, events: events.map((e) => `${e.kind} ${e.chokepoint}`), dropped };
}

test('a ship through Bab el-Mandeb comes into it and leaves it, once each', () => {
  const { track, events } = follow(voyage(1, START, GULF_OF_ADEN, [{ to: [43.35, 12.55], knots: 16, destination: 'NLRTM' }, { to: RED_SEA, knots: 16 }]));
  assert.deepEqual(events, ['entered bab_el_mandeb', 'left bab_el_mandeb']);
  assert.equal(track.inside, null);
});

test('a ship that turns away and types another port was diverted; with the same port it was not', () => {
  const toward = { to: [46.5, 12.4] as Position, knots: 16, destination: 'NL RTM' };
  assert.deepEqual(follow(voyage(2, START, SOCOTRA, [toward, { to: [52, 8], knots: 17, destination: 'ZACPT' }])).events, ['diverted bab_el_mandeb']);
  assert.deepEqual(follow(voyage(3, START, SOCOTRA, [toward, { to: [52, 8], knots: 17 }])).events, []);
  assert.deepEqual(follow(voyage(4, START, SOCOTRA, [toward, { to: [52, 8], knots: 17, destination: 'nl-rtm' }])).events, [], 'the same port in other letters');
});

test('a ship that heads for it but for an hour, or only passes by, was not bound for it', () => {
  assert.deepEqual(follow(voyage(5, START, [46.7, 12.4], [{ to: [46.45, 12.4], knots: 14, destination: 'SAJED' }, { to: [51, 13], knots: 14, destination: 'INNSA' }])).events, []);
  assert.deepEqual(follow(voyage(6, START, [52, 20], [{ to: [55, 10], knots: 14, destination: 'KEMBA' }, { to: [48, 0], knots: 14, destination: 'TZDAR' }])).events, []);
});

test('a ship lies still near a passage from when it stopped, through gaps in hearing; at a berth or under way it does not', () => {
  const off: Position = [56.7, 25.3];
  const five = follow(atAnchor(7, START, off, 5));
  const seven = follow(atAnchor(7, START + 5 * HOUR_MS, off, 2), five.track);
  assert.deepEqual(seven.track.still, { chokepoint: 'hormuz', since: START });
  const moored = atAnchor(8, START, off, 9).map((r) => ({ ...r, navigationStatus: 5 }));
  assert.equal(follow(moored).track.still, null);
  const sails = follow(voyage(7, START + 8 * HOUR_MS, off, [{ to: [58, 24.8], knots: 12 }]), seven.track);
  assert.equal(sails.track.still, null);
});

test('a false position is dropped and counted, and a true one after it counts again', () => {
  const [first, second] = voyage(9, START, GULF_OF_ADEN, [{ to: [49, 12.8], knots: 16 }]) as [VesselReport, VesselReport];
  // Jammed receivers in the Gulf show ships at airports.
  const false_ = report(9, first.at + 5 * MINUTE_MS, { longitude: 56.38, latitude: 26.6, speedKnots: 12, courseDegrees: 0 });
  const { track, events, dropped } = follow([first, false_, second]);
  assert.deepEqual([events, dropped], [[], { old: 0, implausible: 1 }]);
  assert.equal(track.fix?.at, second.at);
});

test('repeats and late copies of reports change nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 60 }), (again) => {
      const reports = voyage(10, START, SOCOTRA, [{ to: [46.5, 12.4], knots: 16, destination: 'NLRTM' }, { to: [52, 8], knots: 17, destination: 'ZACPT' }]);
      const noisy = reports.flatMap((each, i) => [each, ...again.filter((a) => a % reports.length === i).map((a) => reports[Math.max(0, i - (a % 7))]!)]);
      const [clean, with_] = [follow(reports), follow(noisy)];
      assert.deepEqual([with_.track, with_.events], [clean.track, clean.events]);
    }),
    { numRuns: 50 },
  );
});

test('each area holds its middle or surrounds it, and none overlaps another', () => {
  for (const area of PASSAGE_AREAS) {
    assert.ok(isInside(area.outline, area.centre) || area.chokepoint === 'cape_of_good_hope', area.chokepoint);
    for (const other of PASSAGE_AREAS) if (other !== area) for (const corner of area.outline) assert.ok(!isInside(other.outline, corner), `${area.chokepoint} reaches into ${other.chokepoint}`);
  }
});

const STRAIT = 'risk/adb_passageways/bab_elmandeb_strait.geojson';
const strait = sharedData(STRAIT);

test('ours of Bab el-Mandeb covers where the Asian Development Bank counts', { skip: strait === null ? `${STRAIT} is absent` : false }, () => {
  const { features } = JSON.parse(readFileSync(strait!, 'utf8')) as { features: { geometry: { coordinates: Position[][] } }[] };
  const { outline } = PASSAGE_AREAS.find((a) => a.chokepoint === 'bab_el_mandeb')!;
  for (const { geometry } of features) {
    const [ring] = geometry.coordinates as [Position[]];
    const middle: Position = [ring.slice(1).reduce((s, p) => s + p[0], 0) / (ring.length - 1), ring.slice(1).reduce((s, p) => s + p[1], 0) / (ring.length - 1)];
    assert.ok(isInside(outline, middle), String(middle));
  }
});

test('bearing, distance and dead reckoning agree', () => {
  const place = fc.tuple(fc.double({ min: -179, max: 179, noNaN: true }), fc.double({ min: -70, max: 70, noNaN: true }));
  fc.assert(
    fc.property(place, fc.double({ min: 0, max: 359.9, noNaN: true }), fc.double({ min: 1, max: 2_000, noNaN: true }), (from, course, nm) => {
      const to = sailed(from, course, nm);
      assert.ok(Math.abs(distanceNm(from, to) - nm) < 1e-6 * nm + 1e-6);
      assert.ok(between(bearing(from, to), course) < 1e-4);
    }),
  );
  // Great-circle initial course Singapore to Colombo (own arithmetic on the formula of Snyder 1987, 5-4b).
  assert.equal(Math.round(bearing([103.8, 1.25], [79.85, 6.95])), 284);
});
