import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../../test/support/database.ts';
import { testMetrics } from '../../../../test/support/test-metrics.ts';
import { ManualTimers } from '../../../kernel/timers/index.ts';
import { silentLogger } from '../../../kernel/logging/types.ts';
import { DAY_MS, HOUR_MS, parseInstant } from '../../../model/time.ts';
import { createVesselIntake, createVesselSource, forgetOldVessels, takeReports, vesselCounts } from './index.ts';
import { atAnchor, report, voyage } from './test-support/voyages.ts';

const START = parseInstant('2023-12-16T00:00:00Z');
const at = START + 3 * DAY_MS;

const SEA = [
  ...voyage(11, START, [50, 12.9], [{ to: [43.35, 12.6], knots: 6.6, destination: 'NLRTM' }]),
  ...atAnchor(12, START + 2 * DAY_MS, [56.7, 25.3], 20),
  ...atAnchor(13, START + 3 * DAY_MS - 2 * HOUR_MS, [56.8, 25.3], 2),
  ...voyage(14, START, [56, 11], [{ to: [46.5, 12.4], knots: 16, destination: 'NLRTM' }, { to: [52, 8], knots: 17, destination: 'ZACPT' }]),
];

test('reports become counts of each passage, the same in any order and however often they come', async () => {
  await using db = await freshDatabase();
  await takeReports(db, SEA.filter((r) => r.at < START + DAY_MS));
  const first = await takeReports(db, SEA);
  assert.ok(first.taken > 0 && first.old > 0, 'what was taken already is old');
  assert.deepEqual(await takeReports(db, SEA.toReversed()), { taken: 0, old: SEA.length, implausible: 0 });
  const counts = new Map((await vesselCounts(db, at)).map((c) => [c.chokepoint, c]));
  const of = (id: 'bab_el_mandeb' | 'hormuz') => [counts.get(id)!.inside, counts.get(id)!.waiting, counts.get(id)!.diverted, counts.get(id)!.entered];
  assert.deepEqual(of('bab_el_mandeb'), [1, 0, 1, 1]);
  assert.deepEqual(of('hormuz'), [0, 1, 0, 0], 'one has waited for six hours, the other for two');
  assert.equal(counts.get('panama')!.heardAt, null);
  const observed = await createVesselSource({ db, kind: 'real' }).fetch(at, null, new AbortController().signal);
  assert.deepEqual(observed.map((o) => [o.series, o.value]).sort(), [
    ['bab_el_mandeb.ais.diverted', 1], ['bab_el_mandeb.ais.inside', 1], ['bab_el_mandeb.ais.waiting', 0], ['hormuz.ais.diverted', 0], ['hormuz.ais.inside', 0], ['hormuz.ais.waiting', 1],
  ]);
  assert.ok(observed.every((o) => o.knownAt === at && o.observedFor === '2023-12-19'));
  await assert.rejects(createVesselSource({ db, kind: 'real' }).fetch(at + HOUR_MS, null, new AbortController().signal), { code: 'VESSELS_NOT_HEARD' }, 'deaf receivers do not count nought');
  const gone = new Map((await vesselCounts(db, at + 2 * DAY_MS)).map((c) => [c.chokepoint, c.inside + c.waiting]));
  assert.equal(gone.get('bab_el_mandeb'), 0, 'who is not heard for a day is not counted');
  // A day later one station is silent and the other hears: the silent one's passage has no figures, not noughts.
  await takeReports(db, atAnchor(12, at + DAY_MS, [56.7, 25.3], 7));
  const half = await createVesselSource({ db, kind: 'real' }).fetch(at + DAY_MS + 7 * HOUR_MS, null, new AbortController().signal);
  assert.deepEqual(half.map((o) => [o.series, o.value]), [['hormuz.ais.inside', 0], ['hormuz.ais.waiting', 1], ['hormuz.ais.diverted', 0]]);
  const removed = await db.transaction((tx) => forgetOldVessels(tx, at + 30 * DAY_MS));
  assert.equal(removed, 4);
});

test('an intake stores by itself, outlives an outage, and drops what is too much', async () => {
  await using db = await freshDatabase();
  const timers = new ManualTimers();
  const metrics = testMetrics();
  let down = true;
  const flaky = { ...db, transaction: ((work: never) => (down ? Promise.reject(new Error('no database')) : db.transaction(work))) as typeof db.transaction };
  const intake = createVesselIntake({ db: flaky, logger: silentLogger, metrics, timers, everyMs: 100, mostWaiting: SEA.length });
  for (const each of SEA) intake.hear(each);
  intake.hear(report(99, START, { longitude: 0, latitude: 0 }));
  await intake.flush();
  assert.equal((await vesselCounts(db, at)).reduce((sum, c) => sum + c.inside, 0), 0);
  down = false;
  await intake.stop();
  assert.equal((await vesselCounts(db, at)).find((c) => c.chokepoint === 'bab_el_mandeb')?.inside, 1);
  intake.hear(report(11, at, { longitude: 0, latitude: 0 }));
  const text = await metrics.registry.metrics();
  assert.match(text, /riskcast_vessel_reports_total\{outcome="dropped"\} 1/);
  assert.match(text, new RegExp(`riskcast_vessel_reports_total\\{outcome="taken"\\} ${SEA.length}`));
});
