import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { DAY_MS } from '../../model/time.ts';
import { usd } from '../../model/money.ts';
import { findDecision, listDecisions } from './store/decisions.ts';
import { at, closedHormuz, gulfShipment, strikeRisk } from './test-support/hormuz.ts';
import { CUSTOMER, testDesk } from './test-support/desk.ts';
import { interval } from './interval.ts';
import type { ForecastBasis } from './inputs.ts';

const FEB14 = at('2026-02-14T00:00');
const surely = () => strikeRisk({ basis: { ...(strikeRisk().basis as ForecastBasis), harmGivenEvent: interval(0.7, 0.9, 1) } });
const all = { status: 'all', limit: 100 } as const;

test('only what is exposed gets a decision, once, however often it is evaluated', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [gulfShipment(), gulfShipment({ id: 'shp_eu', reference: 'BW-2', to: 'NLRTM' }), gulfShipment({ id: 'shp_done', reference: 'BW-3', status: 'delivered' })]);
  desk.setRisks([strikeRisk()]);
  const first = await desk.evaluate(FEB14);
  assert.equal(first.made.length, 1);
  assert.equal(first.made[0]?.content.shipment_id, 'shp_gulf');
  assert.equal(first.made[0]?.eventKey, 'hormuz/shp_gulf');
  assert.equal(first.made[0]?.alertWorthy, true, 'above both thresholds of the customer');
  const again = await desk.evaluate(FEB14);
  assert.deepEqual([again.made.length, again.unchanged, again.superseded, again.expired], [0, 1, 0, 0]);
  const later = await desk.evaluate(FEB14 + 6 * 3_600_000);
  assert.equal(later.made.length, 0, 'six hours move nothing beyond hysteresis');
  assert.equal((await listDecisions(db, all)).length, 1);
  assert.equal(await desk.metrics.value('riskcast_decisions_generated_total', { action: 'proceed' }), 1);
  assert.deepEqual(desk.published, ['decision.made']);
});

test('a decision is superseded when it moves, never edited, and expires when the passage lies behind', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [gulfShipment()]);
  desk.setRisks([strikeRisk()]);
  const [old] = (await desk.evaluate(FEB14)).made;
  const before = await findDecision(db, old!.id);
  desk.setRisks([surely()]);
  const [fresh] = (await desk.evaluate(FEB14 + DAY_MS)).made;
  assert.equal(fresh?.content.action, 'wait');
  assert.equal(fresh?.supersedes, old?.id);
  const after = await findDecision(db, old!.id);
  assert.deepEqual([after?.status, after?.supersededBy, after?.closedReason], ['superseded', fresh?.id, 'action']);
  assert.deepEqual(after?.content, before?.content);
  assert.equal((await desk.decisions.replay(old!.id)).same, true);
  assert.equal((await desk.decisions.replay(fresh!.id)).same, true);
  const end = await desk.evaluate(at('2026-02-27T20:00'));
  assert.deepEqual([end.made.length, end.expired], [0, 1]);
  assert.equal((await findDecision(db, fresh!.id))?.status, 'expired');
});

test('what no longer speaks expires the decision, and a late job of an earlier time overrules nothing', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [gulfShipment()]);
  desk.setRisks([strikeRisk()]);
  const [made] = (await desk.evaluate(FEB14)).made;
  desk.setRisks([surely()]);
  assert.equal((await desk.evaluate(FEB14 - DAY_MS)).made.length, 0);
  assert.equal((await findDecision(db, made!.id))?.status, 'active');
  desk.setRisks([]);
  assert.equal((await desk.evaluate(FEB14 + DAY_MS)).expired, 1);
  desk.setRisks([strikeRisk()]);
  assert.equal((await desk.evaluate(FEB14 + 2 * DAY_MS)).made.length, 1, 'it may come back');
});

test('an evaluation looks only at what its scope names', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [gulfShipment(), gulfShipment({ id: 'shp_b', reference: 'BW-B' }), gulfShipment({ id: 'shp_eu', reference: 'BW-2', to: 'NLRTM' })]);
  desk.setRisks([surely(), { ...surely(), id: 'x:bab', chokepoint: 'bab_el_mandeb' }]);
  const one = await desk.evaluate(FEB14, { shipmentIds: ['shp_b'] });
  assert.deepEqual(one.made.map((d) => d.content.shipment_id), ['shp_b']);
  const bab = await desk.evaluate(FEB14, { chokepoints: ['bab_el_mandeb'] });
  assert.deepEqual(bab.made.map((d) => d.content.chokepoint), ['bab_el_mandeb']);
  assert.equal(bab.expired, 0, 'decisions at other passages stand');
  assert.equal((await desk.evaluate(FEB14)).made.length, 1);
});

test('a failed hand-over leaves nothing behind, and a shipment unknown yet is not weighed', async () => {
  await using db = await freshDatabase();
  let fail = true;
  const desk = testDesk(db, async () => {
    if (fail) throw new Error('no room for the alert');
  });
  await desk.load([CUSTOMER], [gulfShipment()], FEB14);
  desk.setRisks([surely()]);
  assert.equal((await desk.evaluate(FEB14 - DAY_MS)).assessed, 0);
  await assert.rejects(desk.evaluate(FEB14), /no room/);
  assert.equal((await listDecisions(db, all)).length, 0);
  assert.equal(await desk.metrics.value('riskcast_decisions_generated_total', { action: 'wait' }), 0);
  fail = false;
  assert.equal((await desk.evaluate(FEB14)).made.length, 1);
});

test('the Hormuz story: told to proceed or wait before 28 February, and to act once the strait is shut', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [gulfShipment(), gulfShipment({ id: 'shp_late', reference: 'BW-9', etd: at('2026-02-20T00:00'), eta: at('2026-03-14T00:00') })]);
  desk.setRisks([strikeRisk()]);
  await desk.evaluate(FEB14);
  desk.setRisks([closedHormuz()]);
  const march = await desk.evaluate(at('2026-03-08T00:00'));
  const late = march.made.find((d) => d.content.shipment_id === 'shp_late')!;
  assert.ok(late.content.break_even !== null && late.content.probability > late.content.break_even);
  assert.ok(late.content.action === 'divert' || late.content.action === 'wait', late.content.action);
  assert.equal(march.expired, 1, 'the ship that passed on 27 February is through');
  const end = await desk.evaluate(at('2026-03-11T12:00'));
  const last = (await listDecisions(db, { status: 'active', limit: 10 }))[0]!;
  assert.equal(last.content.shipment_id, 'shp_late');
  assert.equal(end.expired, 0);
});

test('what was acted on by its deadline is not advised again', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [gulfShipment({ etd: at('2026-03-01T00:00'), eta: at('2026-03-22T00:00') })]);
  desk.setRisks([{ ...closedHormuz(), durationDays: interval(300, 400, 500) }]);
  const [made] = (await desk.evaluate(at('2026-03-18T00:00'))).made;
  assert.equal(made?.content.action, 'divert', made?.content.headline);
  await db.transaction((tx) => desk.decisions.acknowledge(tx, made!.id, 'user:u', null));
  const after = await desk.evaluate(at('2026-03-20T12:00'));
  assert.deepEqual([after.made.length, after.superseded, after.expired], [0, 0, 0]);
  assert.equal((await findDecision(db, made!.id))?.status, 'acknowledged');
});

test('a restart of a replay forgets decisions', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [gulfShipment({ cargoValueMicros: usd(9_000_000) })]);
  desk.setRisks([surely()]);
  await desk.evaluate(FEB14);
  desk.setRisks([strikeRisk()]);
  await desk.evaluate(FEB14 + DAY_MS);
  await db.transaction((tx) => desk.decisions.forget(tx));
  assert.equal((await listDecisions(db, all)).length, 0);
  assert.equal((await desk.evaluate(FEB14)).made.length, 1, 'the first day again');
});

test('the largest shipment that the desk accepts is weighed like any other', async () => {
  for (const goodsClass of ['time_sensitive', 'perishable'] as const) {
    await using db = await freshDatabase();
    const desk = testDesk(db);
    const largest = usd(2_000_000_000);
    await desk.load(
      [CUSTOMER],
      [
        gulfShipment({
          cargoValueMicros: largest,
          containers: 100_000,
          containerType: '45HC',
          goodsClass,
          penalty: { perDayMicros: largest, freeDays: 0, capMicros: largest },
        }),
      ],
    );
    for (const risk of [surely(), closedHormuz(at('2026-02-10T00:00'))]) {
      desk.setRisks([risk]);
      assert.equal((await desk.evaluate(FEB14)).made.length, 1);
    }
  }
});
