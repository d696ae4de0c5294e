import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { addDays, DAY_MS, startOfDay, type IsoDay } from '../../model/time.ts';
import { CLOSED_SHARE, metAt } from './passage-levels.ts';
import { transitSeries, type Observation } from './ports.ts';
import { seenPassages } from './seen-passages.ts';
import { storeObservations } from './store.ts';

const FROM: IsoDay = '2025-10-01';
const SHUT: IsoDay = '2026-03-01';

/** Five months of twenty container ships and sixty of all kinds, then one and six; each known six days later. */
function counts(): readonly Observation[] {
  const days = Array.from({ length: 200 }, (_, i) => addDays(FROM, i));
  return days.flatMap((day, i) =>
    ([['total', 60, 6], ['container', 20, 1]] as const).map(([ships, usual, shut]): Observation => ({
      series: transitSeries('hormuz', ships), observedFor: day, knownAt: startOfDay(day) + 6 * DAY_MS, value: (day < SHUT ? usual : shut) + (i % 3), unit: 'vessels/day', source: 'portwatch', url: 'https://portwatch.imf.org',
    })),
  );
}

test('a passage is seen as it was known: container ships against the fixed baseline, each day once its three next are counted', async () => {
  await using db = await freshDatabase();
  await db.transaction((tx) => storeObservations(tx, counts(), startOfDay('2026-05-01')));
  const asOf = startOfDay('2026-03-20');
  const seen = (await seenPassages(db, ['hormuz', 'suez'], asOf)).get('hormuz')!;
  assert.deepEqual([seen.series, (await seenPassages(db, ['suez'], asOf)).size], [transitSeries('hormuz', 'container'), 0]);
  assert.ok(Math.abs(seen.baseline - 21) < 0.2, String(seen.baseline));
  // Known on 20 March: counts up to the 14th, and so levels up to the 11th.
  assert.ok(seen.level(startOfDay('2026-03-11'))! < 0.2);
  assert.equal(seen.level(startOfDay('2026-03-12')), null);
  assert.deepEqual([metAt(seen, startOfDay('2026-02-20'), CLOSED_SHARE)?.hit, metAt(seen, startOfDay('2026-03-08'), CLOSED_SHARE)?.hit], [false, true]);
  const before = (await seenPassages(db, ['hormuz'], startOfDay('2026-03-05'))).get('hormuz')!;
  assert.equal(before.level(startOfDay('2026-03-01')), null, 'on 5 March nothing of March was known');
});
