import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../test/support/database.ts';
import { realityDesk, playing } from '../flow/reality/test-support/desk.ts';
import type { Observation } from '../flow/reality/index.ts';
import { DAY_MS, startOfDay, type IsoDay } from '../model/time.ts';
import { createFreightIndex } from '../venues/freight/index.ts';
import { directOutbound } from '../venues/test-support/direct-outbound.ts';
import { misbehavingServer, reply } from '../../test/support/misbehaving-server.ts';
import { freightReader } from './readers.ts';

const rate = (lane: string, observedFor: IsoDay, value: number): Observation => ({ series: `freight.${lane}`, observedFor, knownAt: startOfDay(observedFor) + DAY_MS, value, unit: 'USD/FEU', source: 'test', url: 'https://index.example/' });
const NOW = startOfDay('2026-03-09');

test('a live desk with SCFI alone finds a rate for Shanghai to Rotterdam, and says what it is', async () => {
  await using db = await freshDatabase();
  await using server = await misbehavingServer();
  const line = (lineName_EN: string, unit_EN: string, currentContent: number) => ({ dataItemTypeName: 'SCFI_L', currentContent, lastContent: null, percentage: null, properties: { lineName_EN, unit_EN } });
  server.plan(reply(200, { data: { currentDate: '2026-03-06', lastDate: '2026-02-27', lineDataList: [line('Europe (Base port)', 'USD/TEU', 1452), line('USWC (Base port)', 'USD/FEU', 1940), line('Central/South America West Coast(Manzanillo)', 'USD/TEU', 999)] } }));
  const { reality } = realityDesk(db, [createFreightIndex({ outbound: directOutbound(), url: server.url, kind: 'real' })]);
  await reality.sweep(NOW, 'test');
  const found = await freightReader.laneRate(db, 'CNSHA', 'NLRTM', NOW);
  assert.deepEqual([found?.usdPerFeu, found?.lane, found?.observedFor], [2904, 'shanghai_north_europe', '2026-03-06']);
  assert.equal(found?.evidence.statement, 'Container freight Shanghai to North Europe: $2904 an FEU on 2026-03-06, the index of the region, quoted a TEU and counted twice');
  assert.equal((await freightReader.laneRate(db, 'CNSHA', 'USLAX', NOW))?.usdPerFeu, 1940);
  assert.equal(await freightReader.laneRate(db, 'CNSHA', 'AEJEA', NOW), null, 'the index had no figure for the Gulf');
  assert.equal(await freightReader.laneRate(db, 'CNNGB', 'NLRTM', NOW), null, 'it is quoted from Shanghai');
});

test('the pair before the region before the estimate, the newest of it, none that is stale or not known yet', async () => {
  await using db = await freshDatabase();
  const rows = [
    rate('shanghai_rotterdam', '2026-02-26', 2094), rate('shanghai_rotterdam', '2026-03-05', 2052), rate('shanghai_rotterdam', '2026-03-12', 2500),
    rate('shanghai_north_europe', '2026-03-06', 2904), rate('freightos_shanghai_rotterdam', '2026-03-08', 2600),
    rate('shanghai_genoa', '2026-01-01', 3000), rate('shanghai_mediterranean', '2026-01-02', 3100), rate('freightos_shanghai_genoa', '2026-03-08', 3200),
  ];
  const { reality } = realityDesk(db, [playing('index', rows)]);
  await reality.sweep(startOfDay('2026-04-10'), 'test');
  const at = async (day: IsoDay, to: string) => {
    const found = await freightReader.laneRate(db, 'CNSHA', to, startOfDay(day));
    return found && [found.lane, found.usdPerFeu];
  };
  assert.deepEqual(await at('2026-03-09', 'NLRTM'), ['shanghai_rotterdam', 2052]);
  assert.deepEqual(await at('2026-04-08', 'NLRTM'), ['shanghai_rotterdam', 2500]);
  assert.deepEqual(await at('2026-03-09', 'BEANR'), ['shanghai_north_europe', 2904]);
  assert.deepEqual(await at('2026-03-09', 'ITGOA'), ['freightos_shanghai_genoa', 3200], 'index and region are stale');
  assert.equal(await at('2026-04-10', 'BEANR'), null);
});
