import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { addDays, startOfDay, DAY_MS } from '../../../model/time.ts';
import { baselineOf, firstCrossing, STANDARD_CHART } from './cusum.ts';
import { baselineAnchor, followSeries, type DayValue } from './follow-series.ts';
import { averageRunLength } from './run-length.ts';

const PORTWATCH = 'risk/portwatch/chokepoint-transits-2022-2026.json';
const VECTORS = 'risk/methods/test_vectors.json';
const [portwatch, vectors] = [sharedData(PORTWATCH), sharedData(VECTORS)];
const skip = portwatch === null || vectors === null ? `${PORTWATCH} or ${VECTORS} is absent` : false;

type Day = { date: string; total: number; container: number };
const transits = (): Record<string, { history: Day[] }> => (JSON.parse(readFileSync(portwatch!, 'utf8')) as { chokepoints: Record<string, { history: Day[] }> }).chokepoints;
const valuesOf = (passage: string, shipClass: 'total' | 'container', from = '2022-01-01', to = '2026-07-19'): DayValue[] =>
  transits()[passage]!.history.filter((d) => d.date >= from && d.date <= to).map((d) => ({ day: d.date, value: d[shipClass], knownAt: startOfDay(d.date) + 6 * DAY_MS }));

test('the recorded alarms come out to the day, the value and the statistic', { skip }, () => {
  const { cusum_portwatch: known } = JSON.parse(readFileSync(vectors!, 'utf8')) as {
    cusum_portwatch: { series: string; baseline: [string, string]; start: string; k: number; h: number; mu: number; sd: number; alarm: string; value: number; S: number }[];
  };
  assert.equal(known.length, 3);
  for (const v of known) {
    const [passage, shipClass] = v.series.split('.') as [string, 'total' | 'container'];
    const baseline = baselineOf(valuesOf(passage, shipClass, ...v.baseline).map((d) => d.value))!;
    assert.deepEqual([baseline.mean.toFixed(4), baseline.sd.toFixed(4)], [v.mu.toFixed(4), v.sd.toFixed(4)]);
    const after = valuesOf(passage, shipClass, v.start);
    const crossing = firstCrossing(after.map((d) => d.value), baseline, ['down'], v)!;
    assert.deepEqual([after[crossing.index]!.day, after[crossing.index]!.value, crossing.statistic.toFixed(4), crossing.direction], [v.alarm, v.value, v.S.toFixed(4), 'down']);
  }
});

test('followed with fixed rules from 2022, the same alarms come, and none in the quiet stretches', { skip }, () => {
  const alarms = (passage: string, shipClass: 'total' | 'container', level: number) => followSeries(valuesOf(passage, shipClass), { side: 'down', level }).alarms.map((a) => a.day);
  assert.deepEqual(alarms('bab_el_mandeb', 'container', 0.8).filter((d) => d >= '2023'), ['2023-11-30', '2025-12-13']);
  assert.deepEqual(alarms('bab_el_mandeb', 'total', 0.8), ['2023-12-19', '2025-06-22', '2025-12-10']);
  assert.deepEqual(alarms('hormuz_strait', 'total', 0.5), ['2026-03-02']);
  assert.deepEqual(alarms('suez', 'total', 0.8), ['2023-12-26']);
});

test('an alarm depends on the past alone: cut off after it, the series alarms the same', { skip }, () => {
  const cut = followSeries(valuesOf('bab_el_mandeb', 'container', '2022-01-01', '2023-11-30'), { side: 'down', level: 0.8 });
  assert.deepEqual([cut.standing?.day, cut.standing?.level.toFixed(2)], ['2023-11-30', '0.78']);
  const before = followSeries(valuesOf('bab_el_mandeb', 'container', '2022-01-01', '2023-11-29'), { side: 'down', level: 0.8 });
  assert.equal(before.standing, null);
});

test('a crisis does not become the norm: the baseline of before the collapse is kept', { skip }, () => {
  const state = followSeries(valuesOf('hormuz_strait', 'total', '2025-08-01', '2026-06-30'), { side: 'down', level: 0.5 });
  assert.equal(state.standing?.day, '2026-03-02');
  assert.equal(state.baseline?.to, '2026-01-31');
  assert.ok(state.recent!.ratio < 0.55, String(state.recent!.ratio));
});

// Montgomery, Introduction to Statistical Quality Control, tables 9.3 and 9.4 (h = 4 and 5, k = ½).
test('run lengths are those of the textbook', () => {
  const near = (a: number, b: number, relative: number) => assert.ok(Math.abs(a / b - 1) < relative, `${a} is not ${b}`);
  near(averageRunLength(STANDARD_CHART, 0), 465, 0.005);
  near(averageRunLength(STANDARD_CHART, 1), 10.4, 0.005);
  near(averageRunLength({ k: 0.5, h: 4 }, 0), 168, 0.005);
  near(averageRunLength({ k: 0.5, h: 4 }, 1), 8.38, 0.005);
});

const series = (values: readonly number[], from = '2025-01-01'): DayValue[] => values.map((value, i) => ({ day: addDays(from, i), value, knownAt: startOfDay(addDays(from, i)) }));

test('a series that stands still, or is all zeros, has a baseline that does not alarm at once', () => {
  assert.deepEqual(baselineOf([40, 40, 40]), { mean: 40, sd: 2, count: 3 });
  assert.deepEqual(baselineOf([0, 0]), { mean: 0, sd: 1, count: 2 });
  assert.equal(baselineOf([null, 3]), null);
  const still = followSeries(series([...Array<number>(200).fill(40), 39, 41, 39]), { side: 'down', level: 0.8 });
  assert.equal(still.standing, null);
  const fallen = followSeries(series([...Array<number>(200).fill(40), 20, 20, 20]), { side: 'down', level: 0.8 });
  assert.equal(fallen.standing?.day, addDays('2025-01-01', 201), 'on the first day at half the mean of three days is still above 0.8');
});

test('missing days are no zeros, and too many of them make no baseline', () => {
  const gappy = series(Array.from({ length: 300 }, (_, i) => 50 + (i % 5))).filter((_, i) => i % 4 !== 0);
  const state = followSeries(gappy, { side: 'down', level: 0.8 });
  assert.equal(state.alarms.length, 0);
  assert.ok(state.baseline!.count >= 60 && state.baseline!.count < 90);
  assert.equal(followSeries(series([5, 6]), { side: 'down', level: 0.8 }).baseline, null);
  assert.deepEqual(followSeries([], { side: 'down', level: 0.8 }), { baseline: null, recent: null, alarms: [], standing: null });
  assert.equal(followSeries(gappy.filter((_, i) => i % 3 === 0), { side: 'down', level: 0.8 }).baseline, null);
});

test('an alarm ends after a week back at nine tenths, and a new one can come', () => {
  const calm = Array.from({ length: 120 }, (_, i) => 50 + (i % 7));
  const state = followSeries(series([...calm, ...Array<number>(10).fill(10), ...Array<number>(10).fill(52), ...Array<number>(5).fill(10)], '2025-06-10'), { side: 'down', level: 0.8 });
  assert.equal(state.alarms.length, 2);
  assert.equal(state.standing, state.alarms[1]);
});

test('the anchor is the last first of February, May, August or November', () => {
  assert.deepEqual(['2026-01-31', '2026-02-01', '2026-04-30', '2026-12-31'].map((d) => baselineAnchor(d)), ['2025-11-01', '2026-02-01', '2026-02-01', '2026-11-01']);
  assert.equal(baselineAnchor('2026-02-10', 8), '2024-02-01');
});

test('any series: sums stay finite, a standing alarm is the last, levels are on the right side', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 400 }), fc.constantFrom('down' as const, 'up' as const), (values, side) => {
      const level = side === 'down' ? 0.8 : 1.25;
      const state = followSeries(series(values), { side, level });
      for (const a of state.alarms) assert.ok(Number.isFinite(a.statistic) && a.statistic > 5 && (side === 'down' ? a.level <= level : a.level >= level));
      if (state.standing) assert.equal(state.standing, state.alarms.at(-1));
    }),
    { numRuns: 60 },
  );
});
