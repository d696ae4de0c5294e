import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../../test/support/database.ts';
import { usd } from '../../../model/money.ts';
import { addDays, DAY_MS, dayOf, startOfDay, type IsoDay, type Millis } from '../../../model/time.ts';
import { passageLevels } from '../../reality/index.ts';
import { assessed } from '../test-support/assessed.ts';
import { CUSTOMER, testDesk } from '../test-support/desk.ts';
import { at, closedHormuz, gulfInputs, gulfShipment, strikeRisk } from '../test-support/hormuz.ts';
import { decidedOutcomes, withCostsOnce } from './decided.ts';
import { metBy, policyCosts } from './outcome.ts';
import type { SeenReader } from './settle.ts';
import { outcomesOf, type Decided } from './store.ts';

const FEB14 = at('2026-02-14T00:00');
const SHUT: IsoDay = '2026-02-25';
const OPEN: IsoDay = '2026-03-20';
const LAG_DAYS = 6;

/** Twenty ships a day, two while it is shut; a day is known six days later, and told when the three after it are. */
const counted: SeenReader = async (_on, _ids, asOf) => {
  const days: (readonly [IsoDay, number])[] = [];
  for (let day: IsoDay = '2026-01-01'; startOfDay(day) + LAG_DAYS * DAY_MS <= asOf; day = addDays(day, 1)) days.push([day, day >= SHUT && day < OPEN ? 2 : 20]);
  const [levels, last] = [passageLevels(days, 20), startOfDay(days.at(-1)![0]) - 2 * DAY_MS];
  return new Map([['hormuz', { level: (when: Millis) => (when < last ? levels.level(when) : null) }]]);
};

/** At Hormuz on 27 February, on the third day that it is shut. */
async function decided() {
  const db = await freshDatabase();
  const desk = testDesk(db, async () => undefined, counted);
  await desk.load([CUSTOMER], [gulfShipment()]);
  desk.setRisks([strikeRisk()]);
  const [made] = (await desk.evaluate(FEB14)).made;
  const settle = (day: string) => db.transaction((tx) => desk.decisions.settle(tx, at(`${day}T18:00`)));
  return { db, desk, id: made!.id, settle, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
}

test('the desk sees what came once the days are counted, tells a closing when it is met and again when it is over, and then looks no more', async () => {
  await using d = await decided();
  assert.deepEqual(await d.settle('2026-02-26'), { observed: 0, settled: 0 }, 'the ship is not there yet');
  assert.deepEqual(await d.settle('2026-03-07'), { observed: 0, settled: 0 }, 'the counts end on 1 March: two of the three days after');
  assert.deepEqual(await d.settle('2026-03-08'), { observed: 1, settled: 0 });
  assert.deepEqual(await d.settle('2026-03-09'), { observed: 0, settled: 0 }, 'told once');
  const [met] = await outcomesOf(d.db, d.id);
  assert.deepEqual([met?.source, met?.hit, met?.stillClosed, met?.costs, met?.knownAt], ['observed', true, true, null, at('2026-03-08T18:00')]);
  // Four of the days 24 February to 2 March are at twenty but one: (20 + 6 × 2) ÷ 7 ÷ 20.
  assert.ok(Math.abs(met!.levels![0]!.level! - 32 / 140) < 1e-12);
  assert.deepEqual(await d.settle('2026-04-02'), { observed: 1, settled: 1 });
  assert.deepEqual(await d.settle('2026-04-03'), { observed: 0, settled: 0 });
  const [over, ...before] = await outcomesOf(d.db, d.id);
  assert.deepEqual([over?.stillClosed, before.length], [false, 1], 'both are kept');
  assert.ok(over!.closedDays! > 19 && over!.closedDays! < 23, String(over!.closedDays));
  const { chosen, proceed, divert, reroute } = over!.costs!;
  assert.deepEqual([chosen, reroute], [proceed, undefined], 'it was told to proceed, and no other way by sea was there');
  assert.ok(divert !== undefined && divert > 0n && divert < proceed, 'the road would have been cheaper');
});

test('nothing is known before its time: the record of a day sees the outcome as it was known then', async () => {
  await using d = await decided();
  await d.settle('2026-03-08');
  await d.settle('2026-04-02');
  assert.deepEqual(await decidedOutcomes(d.db, at('2026-03-08T17:00')), []);
  const [early] = await decidedOutcomes(d.db, at('2026-03-09T00:00'));
  assert.deepEqual([early?.hit, early?.costs, early?.corridor], [true, null, ['hormuz']]);
  assert.ok((await decidedOutcomes(d.db, at('2026-04-03T00:00')))[0]?.costs);
});

test('a passage that nobody counts is given up', async () => {
  await using db = await freshDatabase();
  const desk = testDesk(db);
  await desk.load([CUSTOMER], [gulfShipment()]);
  desk.setRisks([strikeRisk()]);
  await desk.evaluate(FEB14);
  const settle = (day: string) => db.transaction((tx) => desk.decisions.settle(tx, at(`${day}T18:00`)));
  assert.deepEqual(await settle('2026-04-20'), { observed: 0, settled: 0 });
  assert.deepEqual(await settle('2026-05-01'), { observed: 0, settled: 1 });
  assert.deepEqual(await decidedOutcomes(db, at('2026-06-01T00:00')), []);
});

test('what a person tells counts before what was seen; a second word corrects the first, a repeat changes nothing', async () => {
  await using d = await decided();
  await d.settle('2026-04-02');
  const now = at('2026-04-03T00:00');
  const told = { hit: true, delayDays: 12, cost: usd(90_000), actionTaken: null, note: 'waited at Fujairah' };
  const tell = (what: typeof told, by = 'user:a') => d.db.transaction((tx) => d.desk.decisions.outcome(tx, d.id, what, by, now));
  await tell(told);
  await tell(told);
  assert.equal(d.desk.audited.length, 1);
  const [first] = await decidedOutcomes(d.db, now);
  assert.equal(first?.costs?.chosen, usd(90_000), 'as it really was');
  await tell({ ...told, hit: false, delayDays: 0, cost: usd(0) }, 'user:b');
  const all = await outcomesOf(d.db, d.id);
  assert.deepEqual(all.map((o) => [o.source, o.hit, o.by]), [['reported', false, 'user:b'], ['reported', true, 'user:a'], ['observed', true, null]]);
  assert.equal((await decidedOutcomes(d.db, now))[0]?.hit, false);
  assert.deepEqual(d.desk.audited.map((a) => [a.action, a.target, (a.after as { hit: boolean }).hit]), [['decision.outcome', d.id, true], ['decision.outcome', d.id, false]]);
  await assert.rejects(d.db.transaction((tx) => d.desk.decisions.outcome(tx, 'dec_none', told, 'user:a', now)), { code: 'DECISION_UNKNOWN' });
});

test('a passage met open costs what was paid to avoid it, and of a delay nothing is said until its own day is known', () => {
  const inputs = gulfInputs(at('2026-02-10T00:00'), { risks: [closedHormuz(at('2026-02-01T00:00'))], shipment: gulfShipment({ etd: at('2026-02-20T00:00'), eta: at('2026-03-14T00:00') }) });
  const options = (days: number) => [{ action: 'delay' as const, extra_days: days }] as unknown as Parameters<typeof policyCosts>[1]['options'];
  const open = { hit: false, closedDays: 0 };
  const acted = policyCosts(inputs, { action: 'divert', options: [] }, () => open, true)!;
  assert.deepEqual([acted.proceed, acted.chosen > 0n, acted.chosen === acted['divert']], [0n, true, true]);
  assert.equal(policyCosts(inputs, { action: 'wait', options: [] }, () => open, true)!.chosen, 0n);
  assert.equal(policyCosts(inputs, { action: 'delay', options: options(14) }, (later) => (later === 0 ? open : null), true), null);
  assert.ok(policyCosts(inputs, { action: 'delay', options: options(14) }, () => open, true)!.chosen > 0n);
  assert.ok(assessed(inputs) !== null);
});

test('of several passages one that was closed decides, and one that is not known leaves it open', () => {
  const always = (level: number | null) => ({ level: (when: Millis) => (dayOf(when) > '2026-06-01' ? null : level) });
  const passings = [{ chokepoint: 'bab_el_mandeb' as const, passesAt: FEB14 }, { chokepoint: 'suez' as const, passesAt: FEB14 + 3 * DAY_MS }];
  const met = (a: number | null, b: number | null) => metBy(passings, new Map([['bab_el_mandeb', always(a)], ['suez', always(b)]]));
  assert.equal(met(1, 0.4)?.hit, true);
  assert.equal(met(1, 0.9)?.hit, false);
  assert.equal(met(1, null), null);
  assert.equal(met(null, 0.2)?.hit, true);
  assert.equal(metBy(passings, new Map([['suez', always(1)]])), null);
});

test('a voyage costs once: what moved the cargo first, else the last cover, else the last word', () => {
  const row = (id: string, action: Decided['action'], corridor = ['hormuz']): Decided => ({ id, shipmentId: 's', corridor, action, asOf: 0, passesAt: 1, probability: 0.1, hit: true, knownAt: 2, costs: { chosen: 1n, proceed: 2n } });
  const followed = (...all: Decided[]) => withCostsOnce(all).filter((d) => d.costs).map((d) => d.id);
  assert.deepEqual(followed(row('a', 'proceed'), row('b', 'reroute'), row('c', 'divert'), row('d', 'proceed')), ['b']);
  assert.deepEqual(followed(row('a', 'insure'), row('b', 'wait'), row('c', 'proceed')), ['a']);
  assert.deepEqual(followed(row('a', 'wait'), row('b', 'proceed')), ['b']);
  assert.deepEqual(followed(row('a', 'proceed'), row('b', 'reroute', ['suez'])), ['a', 'b']);
});
