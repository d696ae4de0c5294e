import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData } from '../../../test/support/shared-data.ts';
import { ManualClock, parseInstant } from '../../model/time.ts';
import { directOutbound } from '../test-support/direct-outbound.ts';
import { hormuz } from '../test-support/hormuz.ts';
import { startTwin } from '../twin/index.ts';
import { createIndexCsvSource, createFreightIndex, parseIndexCsv, readIndexFile, startFreightTwin } from './index.ts';

const never = new AbortController().signal;
const WCI = { source: 'drewry-wci', url: 'https://www.drewry.co.uk/' };

test('the Shanghai index\'s own names are read: a rate a TEU counts twice, composite and unknown lanes are left out', async () => {
  const clock = new ManualClock('2026-03-06T18:00:00Z');
  const lines = [
    { dataItemTypeName: 'SCFI_T', currentContent: 1489.19, lastContent: 1333.11, percentage: 11.7, properties: { lineName_EN: 'Comprehensive Index' } },
    { dataItemTypeName: 'SCFI_EU', currentContent: 1452, lastContent: '1,420', percentage: 2.3, properties: { lineName_EN: 'Europe (Base port)' } },
    { dataItemTypeName: 'USWC (Base port)', currentContent: 1940, lastContent: '', percentage: null },
    { dataItemTypeName: 'Persian Gulf and Red Sea (Dubai)', currentContent: 0, lastContent: 1220, percentage: null },
    { dataItemTypeName: 'Santos', currentContent: 2000, lastContent: 2000, percentage: 0 },
  ];
  await using twin = await startTwin({ name: 'scfi', clock, routes: [{ method: 'GET', path: '/currentIndex', handle: () => ({ json: { data: { currentDate: '2026-03-06', lastDate: '2026-02-27', lineDataList: lines } } }) }] });
  const source = createFreightIndex({ outbound: directOutbound(), url: twin.url, kind: 'real' });
  assert.deepEqual((await source.fetch(clock.now(), null, never)).map((o) => [o.series, o.observedFor, o.value, o.source]), [
    ['freight.shanghai_north_europe', '2026-02-27', 2840, 'scfi'],
    ['freight.shanghai_north_europe', '2026-03-06', 2904, 'scfi'],
    ['freight.shanghai_persian_gulf', '2026-02-27', 2440, 'scfi'],
    ['freight.shanghai_us_west_coast', '2026-03-06', 1940, 'scfi'],
  ]);
  assert.deepEqual((await source.fetch(clock.now(), '2026-03-01', never)).map((o) => o.observedFor), ['2026-03-06', '2026-03-06']);
});

test('the twin tells no rate before its day is over, and nothing where there is nothing', async () => {
  const clock = new ManualClock('2026-03-05T23:59:59Z');
  await using twin = await startFreightTwin({ scenario: hormuz(), clock });
  const source = createFreightIndex({ outbound: directOutbound(), url: twin.url, kind: 'twin' });
  const newest = async () => (await source.fetch(clock.now(), null, never)).filter((o) => o.series === 'freight.shanghai_rotterdam').at(-1)?.observedFor;
  assert.equal(await newest(), '2026-02-26');
  clock.set('2026-03-06T00:00:00Z');
  assert.equal(await newest(), '2026-03-05');
  clock.set('2020-01-01T00:00:00Z');
  assert.equal(await newest(), undefined);
});

test('an index file is read by its header; a gap is a gap; a day without known_at is known from its end', () => {
  const text = 'date,composite_index,shanghai_rotterdam,shanghai_la,known_at\n2026-03-05,1958,2052,,2026-03-05T17:00:00Z\n2026-02-26,1899,2094.5,2191,\n';
  assert.deepEqual(parseIndexCsv(text, WCI), [
    { series: 'freight.shanghai_la', observedFor: '2026-02-26', knownAt: parseInstant('2026-02-27T00:00:00Z'), value: 2191, unit: 'USD/FEU', ...WCI },
    { series: 'freight.shanghai_rotterdam', observedFor: '2026-02-26', knownAt: parseInstant('2026-02-27T00:00:00Z'), value: 2094.5, unit: 'USD/FEU', ...WCI },
    { series: 'freight.shanghai_rotterdam', observedFor: '2026-03-05', knownAt: parseInstant('2026-03-05T17:00:00Z'), value: 2052, unit: 'USD/FEU', ...WCI },
  ]);
  assert.deepEqual(parseIndexCsv(text, { ...WCI, lanes: ['shanghai_la'] }).map((o) => o.value), [2191]);
});

test('a file with a wrong line is refused whole, with every wrong place', () => {
  const bad = 'date,shanghai_rotterdam\n2026-03-05,2052\n2026-03-05,2060\n2026-13-01,1\n2026-03-12,2k\n2026-03-19,0\n2026-03-26\n';
  assert.throws(() => parseIndexCsv(bad, WCI), (e: { code: string; occurrence: { issues: { field: string }[] } }) => {
    assert.equal(e.code, 'FREIGHT_CSV_INVALID');
    assert.deepEqual(e.occurrence.issues.map((i) => i.field), ['line 3, date', 'line 4, date', 'line 5, shanghai_rotterdam', 'line 6, shanghai_rotterdam', 'line 7']);
    return true;
  });
  for (const text of ['', 'day,shanghai_rotterdam\n', 'date,price\n', 'date,shanghai_rotterdam,known_at\n2026-03-05,1,2026-03-04T00:00:00Z\n', 'date,a_b\n"2026']) {
    assert.throws(() => parseIndexCsv(text, WCI), { code: 'FREIGHT_CSV_INVALID' }, text);
  }
  assert.throws(() => parseIndexCsv('date,a_b\n', { ...WCI, lanes: ['a_c'] }), { code: 'FREIGHT_CSV_INVALID' });
});

test('the file of the setting is read at each fetch; one that is not there, a folder, or one that is too large is refused with its name', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'index-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'index.csv');
  const source = createIndexCsvSource({ ...WCI, file: () => readIndexFile(path) });
  const asOf = parseInstant('2026-03-20T00:00:00Z');
  await assert.rejects(source.fetch(asOf, null, never), (e: { code: string; message: string; occurrence: { field: string } }) => e.code === 'FREIGHT_CSV_INVALID' && e.message.includes('ENOENT') && e.occurrence.field === 'FREIGHT_CSV');
  writeFileSync(path, 'date,shanghai_rotterdam\n2026-03-05,2052\n');
  assert.equal((await source.fetch(asOf, null, never)).length, 1);
  writeFileSync(path, 'date,shanghai_rotterdam\n2026-03-05,2052\n2026-03-12,2100\n');
  assert.equal((await source.fetch(asOf, null, never)).length, 2);
  writeFileSync(path, ' '.repeat(16 * 1024 * 1024 + 1));
  for (const wrong of [path, folder]) await assert.rejects(readIndexFile(wrong), { code: 'FREIGHT_CSV_INVALID' });
});

test('the recorded Drewry file is read whole, and as a source it tells nothing ahead of its time', async (t) => {
  const path = sharedData('risk/freight/drewry_wci_wayback_2021-05_2026-09.csv');
  if (!path) return t.skip('recorded data is absent: shared/data/risk/freight/drewry_wci_wayback_2021-05_2026-09.csv');
  const source = createIndexCsvSource({ ...WCI, file: async () => readFileSync(path, 'utf8') });
  const asOf = parseInstant('2026-03-06T00:00:00Z');
  const rotterdam = (await source.fetch(asOf, '2026-02-01', never)).filter((o) => o.series === 'freight.shanghai_rotterdam');
  assert.deepEqual(rotterdam.map((o) => [o.observedFor, o.value]), [['2026-02-12', 2127], ['2026-02-26', 2094], ['2026-03-05', 2052]]);
});
