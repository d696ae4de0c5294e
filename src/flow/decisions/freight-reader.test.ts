import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Executor } from '../../kernel/database/types.ts';
import { createFreightReader, laneOf } from './freight-reader.ts';
import { at } from './test-support/hormuz.ts';

test('a lane stands for its regions, and a pair without a series has none', async () => {
  assert.deepEqual(
    [laneOf('CNSHA', 'NLRTM'), laneOf('KRPUS', 'ITGOA'), laneOf('CNYTN', 'USLAX'), laneOf('VNSGN', 'USNYC'), laneOf('DEHAM', 'CNSHA'), laneOf('CNSHA', 'AEJEA'), laneOf('BRSSZ', 'DEHAM')],
    ['shanghai_rotterdam', 'shanghai_genoa', 'shanghai_la', 'shanghai_ny', 'rotterdam_shanghai', null, null],
  );
  const asked: string[] = [];
  const reader = createFreightReader({
    newest: async (_on, lane) => (asked.push(lane), lane === 'shanghai_rotterdam' ? { value: 2_127, observedFor: '2026-02-12', knownAt: at('2026-02-17T00:00'), source: 'drewry-wci', url: 'https://drewry.test' } : null),
  });
  const nowhere = {} as Executor; // The series above never look at it.
  assert.equal((await reader.laneRate(nowhere, 'CNSHA', 'NLRTM', 0))?.usdPerFeu, 2_127);
  assert.equal(await reader.laneRate(nowhere, 'CNSHA', 'ITGOA', 0), null);
  assert.equal(await reader.laneRate(nowhere, 'CNSHA', 'AEJEA', 0), null);
  assert.deepEqual(asked, ['shanghai_rotterdam', 'shanghai_genoa']);
});
