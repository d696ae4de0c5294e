import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { freshDatabase } from '../../../test/support/database.ts';
import { anyOf } from '../../model/probability.ts';
import { DAY_MS, HOUR_MS, parseInstant } from '../../model/time.ts';
import type { ChokepointId } from '../../model/place.ts';
import { createSeaRouter } from '../reality/index.ts';
import { plannerOver } from '../shipping/index.ts';
import { corridorProbability, leadOf, partsOf } from './corridor.ts';
import { prepareRisk } from './hit-probability.ts';
import type { EventRisk, ForecastBasis } from './inputs.ts';
import { interval } from './interval.ts';
import { findDecision, listDecisions } from './store/decisions.ts';
import { CUSTOMER, testDesk } from './test-support/desk.ts';
import { at, closedHormuz, gulfShipment, strikeRisk } from './test-support/hormuz.ts';
import { waysFor } from './ways.ts';

const FEB14 = at('2026-02-14T00:00');
/** Leaves in nine days, at Bab el-Mandeb about 12 March and in Suez about 15 March. */
const europe = (over = {}) => gulfShipment({ id: 'shp_eu', reference: 'BW-2', to: 'NLRTM', etd: FEB14 + 9 * DAY_MS, eta: FEB14 + 39 * DAY_MS, ...over });
const lost = (chokepoint: ChokepointId, share: number): EventRisk => ({
  ...closedHormuz(FEB14 - 10 * DAY_MS), id: `${chokepoint}.closed`, chokepoint, basis: { kind: 'observed', trafficLost: interval(share - 0.05, share, share + 0.02), since: FEB14 - 10 * DAY_MS },
  evidence: closedHormuz().evidence.map((e) => ({ ...e, id: `alm_${chokepoint}` })),
});
const asked = (chokepoint: ChokepointId, harm: number, evidence = chokepoint as string): EventRisk => {
  const { basis, evidence: read } = strikeRisk();
  const named = (id: string): string => `${id} ${evidence}`;
  return strikeRisk({
    id: `asked:${chokepoint}`, chokepoint, evidence: read.map((e) => ({ ...e, id: named(e.id) })),
    basis: { ...(basis as ForecastBasis), claims: (basis as ForecastBasis).claims.map((c) => ({ ...c, evidenceId: named(c.evidenceId) })), harmGivenEvent: interval(harm / 2, harm, Math.min(1, harm * 1.2)) },
  });
};
const causes = (...risks: readonly EventRisk[]): readonly number[] => partsOf(risks.flatMap((r) => prepareRisk(r, FEB14) ?? [])).map((p) => p.cause);

test('passages have one cause when they share evidence, or when both are seen to have lost their ships', () => {
  assert.equal(new Set(causes(lost('bab_el_mandeb', 0.5), lost('suez', 0.4))).size, 1);
  assert.equal(new Set(causes(asked('bab_el_mandeb', 0.5), asked('suez', 0.5))).size, 2);
  assert.equal(new Set(causes(asked('bab_el_mandeb', 0.5, 'same'), asked('suez', 0.5, 'same'))).size, 1);
  assert.equal(new Set(causes(lost('bab_el_mandeb', 0.5), asked('suez', 0.5))).size, 2);
  // Through a third: seen at two, and the one of them shares a question with another.
  assert.equal(new Set(causes(lost('bab_el_mandeb', 0.5), lost('suez', 0.4), asked('suez', 0.2, 'q'), asked('gibraltar', 0.2, 'q'))).size, 1);
  // A link and the version of the pool stand beside every risk, and say nothing of a cause.
  const link = { kind: 'link' as const, id: 'l@1', hash: 'h', statement: '', probability: null, source: 's', url: null };
  const linked = (r: EventRisk): EventRisk => ({ ...r, evidence: [...r.evidence, link] });
  assert.equal(new Set(causes(linked(asked('bab_el_mandeb', 0.5)), linked(asked('suez', 0.5)))).size, 2);
});

test('the largest of one cause, the union of several, never less than any and never more than their sum', () => {
  assert.equal(corridorProbability([{ cause: 0 }], [0.3]), 0.3);
  assert.equal(corridorProbability([{ cause: 0 }, { cause: 0 }], [0.3, 0.2]), 0.3);
  assert.ok(Math.abs(corridorProbability([{ cause: 0 }, { cause: 1 }], [0.3, 0.2]) - 0.44) < 1e-12);
  const parts = fc.array(fc.record({ cause: fc.integer({ min: 0, max: 2 }), p: fc.double({ min: 0, max: 1, noNaN: true }) }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(parts, (all) => {
      const each = all.map((x) => x.p);
      const p = corridorProbability(all, each);
      assert.ok(p >= Math.max(...each) - 1e-12 && p <= Math.min(1, anyOf(each)) + 1e-12);
      assert.equal(corridorProbability(all.toReversed(), each.toReversed()), p, 'in any order');
    }),
  );
});

test('the lead changes hands only when another passage is likelier by a quarter', () => {
  const each = [{ chokepoint: 'bab_el_mandeb', p: 0.2 }, { chokepoint: 'suez', p: 0.24 }] as const;
  assert.equal(leadOf(each, null), 'suez');
  assert.equal(leadOf(each, 'bab_el_mandeb'), 'bab_el_mandeb');
  assert.equal(leadOf([each[0], { chokepoint: 'suez', p: 0.26 }], 'bab_el_mandeb'), 'suez');
  assert.equal(leadOf([each[0], { chokepoint: 'suez', p: 0.2 }], 'hormuz'), 'bab_el_mandeb', 'of equals the first on the way');
});

test('on the sea network: Asia to Europe is one corridor from Bab el-Mandeb on, the Gulf a passage alone', () => {
  const planner = plannerOver(createSeaRouter());
  const ways = waysFor(planner);
  const corridors = (from: string, to: string) => {
    const route = planner.route(from, to, { closed: [] })!;
    return route.passages.map((p) => ways({ shipment: gulfShipment({ from, to }), chokepoint: p.id, route }).corridor.join('+'));
  };
  assert.deepEqual(corridors('CNSHA', 'AEJEA').at(-1), 'hormuz');
  for (const [from, to] of [['CNSHA', 'NLRTM'], ['NLRTM', 'CNSHA'], ['INNSA', 'GBFXT'], ['CNNGB', 'ITGOA']] as const) {
    const all = corridors(from, to);
    const red = all.filter((c) => c.includes('suez'));
    assert.ok(red.length >= 2 && red.every((c) => c === red[0] && c.includes('bab_el_mandeb')), `${from} ${to}: ${all.join(' ')}`);
    assert.ok(!red[0]!.includes('malacca'));
  }
});

test('two threatened passages of a corridor give one decision under one key, which a change at either finds', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [europe()]);
  desk.setRisks([asked('bab_el_mandeb', 0.4), asked('suez', 0.1)]);
  const [first] = (await desk.evaluate(FEB14)).made;
  assert.equal((await desk.evaluate(FEB14)).unchanged, 1);
  const { chokepoint, passages, one_cause, probability, answers, deadline } = first!.content;
  assert.deepEqual([chokepoint, passages?.map((p) => p.chokepoint), one_cause], ['bab_el_mandeb', ['bab_el_mandeb', 'suez'], false]);
  assert.ok(Math.abs(probability - anyOf(passages!.map((p) => p.probability))) < 1e-6);
  assert.match(answers.what, /The same way around also avoids the Suez Canal \(closed with probability [\d.]+%\): causes are taken as independent where they share nothing\. One of them is closed/);
  assert.ok(deadline === null || parseInstant(deadline) <= parseInstant(passages![0]!.passes_at), 'nothing can be put off until the second passage');
  assert.equal(first!.eventKey, 'bab_el_mandeb+suez+gibraltar/shp_eu');
  // Suez overtakes, and the evaluation was told of Suez alone.
  desk.setRisks([asked('bab_el_mandeb', 0.4), asked('suez', 0.9)]);
  const second = await desk.evaluate(FEB14 + HOUR_MS, { chokepoints: ['suez'] });
  assert.deepEqual([second.made.length, second.superseded, second.made[0]?.supersedes, second.made[0]?.content.chokepoint], [1, 1, first!.id, 'suez']);
  assert.equal(second.made[0]?.eventKey, first!.eventKey);
  assert.equal((await desk.decisions.replay(second.made[0]!.id)).same, true);
  // Nothing is said of Suez any more: what Bab el-Mandeb asks for stays, and is found through the decision.
  desk.setRisks([asked('bab_el_mandeb', 0.4)]);
  const third = await desk.evaluate(FEB14 + 2 * HOUR_MS, { chokepoints: ['suez'] });
  assert.deepEqual([third.made.length, third.expired, third.made[0]?.content.chokepoint, third.made[0]?.content.passages], [1, 0, 'bab_el_mandeb', undefined]);
  assert.equal((await listDecisions(db, { status: 'active', limit: 9 })).length, 1);
  desk.setRisks([]);
  assert.equal((await desk.evaluate(FEB14 + 3 * HOUR_MS, { chokepoints: ['bab_el_mandeb'] })).expired, 1);
});

test('decisions of an older rule that stand at two passages of one corridor become one', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [europe()]);
  desk.setRisks([lost('bab_el_mandeb', 0.6), lost('suez', 0.5)]);
  const [made] = (await desk.evaluate(FEB14)).made;
  assert.deepEqual([made?.content.one_cause, made?.content.chokepoint], [true, 'bab_el_mandeb']);
  await db.query(`update decisions set corridor = array['bab_el_mandeb']`);
  const copied = (await db.query<{ column_name: string }>(`select column_name from information_schema.columns where table_name = 'decisions' and column_name not in ('id', 'chokepoint', 'corridor', 'rule_version')`)).rows.map((r) => r.column_name).join(', ');
  await db.query(`insert into decisions (id, chokepoint, corridor, rule_version, ${copied}) select 'dec_suez', 'suez', array['suez'], rule_version, ${copied} from decisions where id = $1`, [made!.id]);
  const merged = await desk.evaluate(FEB14 + HOUR_MS);
  assert.equal(merged.superseded, 1);
  assert.deepEqual((await listDecisions(db, { status: 'active', limit: 9 })).length, 1);
  const closed = [await findDecision(db, made!.id), await findDecision(db, 'dec_suez')].find((d) => d!.status === 'superseded');
  assert.equal(closed?.closedReason, 'corridor');
});

test('behind the first passage the second still counts', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [europe()]);
  desk.setRisks([lost('bab_el_mandeb', 0.6), lost('suez', 0.5)]);
  await desk.evaluate(FEB14);
  const between = FEB14 + 27 * DAY_MS;
  const late = await desk.evaluate(between, { chokepoints: ['bab_el_mandeb'] });
  assert.deepEqual([late.expired, late.superseded], [0, 1], 'Bab el-Mandeb lies behind, Suez ahead');
  const standing = (await listDecisions(db, { status: 'active', limit: 9 }))[0]!;
  assert.equal(standing.content.chokepoint, 'suez');
});
