import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { addDays, startOfDay } from '../../../model/time.ts';
import type { DayValue } from './follow-series.ts';
import { freightAlarms } from './freight-chart.ts';

const DREWRY = 'risk/freight/drewry_wci_wayback_2021-05_2026-09.csv';
const drewry = sharedData(DREWRY);

function lane(name: string): DayValue[] {
  const [header, ...rows] = readFileSync(drewry!, 'utf8').trim().split('\n').map((line) => line.trim().split(','));
  const at = header!.indexOf(name);
  return rows.flatMap((row) => (row[at] ? [{ day: row[0]!, value: Number(row[at]), knownAt: startOfDay(addDays(row[0]!, 1)) }] : []));
}

test('in five years of Shanghai to Rotterdam the only alarms are those of the Red Sea', { skip: drewry === null ? `${DREWRY} is absent` : false }, () => {
  const rates = lane('shanghai_rotterdam');
  assert.deepEqual(freightAlarms(rates).map((a) => [a.day, a.direction]), [['2023-12-21', 'up'], ['2024-01-04', 'up']]);
  // What came later changes nothing of what was alarmed.
  assert.deepEqual(freightAlarms(rates.filter((r) => r.day <= '2023-12-21')).map((a) => a.day), ['2023-12-21']);
  assert.equal(freightAlarms(rates.filter((r) => r.day < '2023-12-21')).length, 0);
});

const weekly = (values: readonly number[]): DayValue[] => values.map((value, i) => ({ day: addDays('2022-01-06', 7 * i), value, knownAt: startOfDay(addDays('2022-01-07', 7 * i)) }));
/** Up and down by 3 % in turn. */
const calm = Array.from({ length: 30 }, (_, i) => 2_000 * (i % 2 === 0 ? 1 : 1.03));

test('a run of rises alarms, a fall does not, and a short record says nothing', () => {
  assert.deepEqual(freightAlarms(weekly(calm)), []);
  const rising = weekly([...calm, ...[1.2, 1.45, 1.75].map((f) => 2_060 * f)]);
  assert.equal(freightAlarms(rising).length > 0, true);
  assert.deepEqual(freightAlarms(weekly([...calm, ...[0.8, 0.6, 0.5].map((f) => 2_060 * f)])), []);
  assert.deepEqual(freightAlarms(rising.slice(25)), []);
});

test('weeks without a figure do not make a change larger than it is', () => {
  const gap = weekly(calm).map((v, i) => (i < 29 ? v : { ...v, day: addDays(v.day, 63), value: v.value * 1.25 }));
  assert.deepEqual(freightAlarms(gap), [], 'a quarter more in ten weeks is no run of rises');
});
