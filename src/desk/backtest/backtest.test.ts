/** The pure parts of a report: what happened at a passage, what a plan cost under it, and how forecasts and alarms are judged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Alarm } from '../../flow/reality/index.ts';
import type { RoutePlanner, SeaRoute, Shipment } from '../../flow/shipping/index.ts';
import { usd } from '../../model/money.ts';
import { addDays, DAY_MS, parseInstant, startOfDay, type IsoDay } from '../../model/time.ts';
import type { Scenario, TransitRow } from '../../scenario/index.ts';
import { alarmsOf } from './alarms.ts';
import { bookOf, metBy, type Book } from './book.ts';
import { marketOf } from './collect.ts';
import { forecastsOf } from './forecasts.ts';
import { isClosed, metAt, passageRecord } from './outcome.ts';
import { followed, type Advice } from './plans.ts';
import { regretOf } from './regret.ts';

const FROM: IsoDay = '2024-04-01';
const at = (day: IsoDay): number => startOfDay(day) + DAY_MS / 2;

/** A hundred days of 20 ships, then what is given, a figure a day. */
function transits(after: readonly number[], chokepoint: TransitRow['chokepoint'] = 'bab_el_mandeb'): readonly TransitRow[] {
  const start = addDays(FROM, -100);
  return [...Array.from({ length: 100 }, () => 20), ...after].map((n, i) => {
    const day = addDays(start, i);
    return { chokepoint, observedFor: day, knownAt: startOfDay(day) + 6 * DAY_MS, counts: { total: 3 * n, container: n, dry_bulk: null, general_cargo: null, roro: null, tanker: null } };
  });
}

const repeat = (n: number, times: number): number[] => Array.from({ length: times }, () => n);
/** Forty days as usual, thirty at a fifth, forty as usual. */
const CRISIS = transits([...repeat(20, 40), ...repeat(4, 30), ...repeat(20, 40)]);
const record = (rows: readonly TransitRow[] = CRISIS) => passageRecord({ transits: rows, from: FROM }, rows[0]!.chokepoint)!;

test('a passage is closed while the seven days around see less than the share, and the days closed are those that remain', () => {
  const r = record();
  assert.deepEqual([r.ships, r.baseline], ['container', 20]);
  const first = addDays(FROM, 40);
  assert.equal(isClosed(r, at(addDays(first, -2)), 0.5), false);
  // Four of the seven days around the first empty day are at a fifth: (3 × 20 + 4 × 4) ÷ 7 = 10.9, above one half of 20; a day later it is 8.6.
  assert.equal(isClosed(r, at(first), 0.5), false);
  assert.equal(isClosed(r, at(addDays(first, 1)), 0.5), true);
  const met = metAt(r, at(addDays(first, 10)), 0.5)!;
  assert.deepEqual([met.hit, met.censored], [true, false]);
  // The last day below is 28 days after the first empty one (mirror image of above): open from day 29, so 18.5 days from noon of day 10.
  assert.equal(met.closedDays, 18.5);
  assert.equal(metAt(r, at(addDays(FROM, 400)), 0.5), null, 'beyond the record nothing is said');
});

test('a record that ends while the passage is closed says at least so many days', () => {
  const r = record(transits([...repeat(20, 10), ...repeat(2, 30)]));
  const met = metAt(r, at(addDays(FROM, 20)), 0.5)!;
  assert.deepEqual([met.hit, met.censored], [true, true]);
  assert.ok(met.closedDays >= 15 && met.closedDays <= 21, String(met.closedDays));
});

test('a higher share closes no fewer days; a passage without enough history, or without ships, has no record', () => {
  const r = record();
  fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (day, a, b) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const when = at(addDays(FROM, day));
    assert.ok(!isClosed(r, when, low) || isClosed(r, when, high));
    assert.ok((metAt(r, when, low)?.closedDays ?? 0) <= (metAt(r, when, high)?.closedDays ?? 0));
  }));
  assert.equal(passageRecord({ transits: CRISIS.slice(60), from: FROM }, 'bab_el_mandeb'), null);
  assert.equal(passageRecord({ transits: transits([]).map((t) => ({ ...t, counts: { ...t.counts, container: 0 } })), from: FROM }, 'bab_el_mandeb'), null);
});

const USUAL: SeaRoute = { distanceNm: 10_551, passages: [{ id: 'bab_el_mandeb', fraction: 0.6 }, { id: 'suez', fraction: 0.7 }] };
const CAPE: SeaRoute = { distanceNm: 13_471, passages: [{ id: 'cape_of_good_hope', fraction: 0.6 }] };
const planner: RoutePlanner = { route: (_from, _to, { closed }) => (closed.length === 0 ? USUAL : CAPE), portName: (port) => port };

function shipment(id: string, etd: IsoDay): Shipment & { readonly knownAt: number } {
  return {
    id, reference: id.toUpperCase(), customerId: 'c', from: 'CNSHA', to: 'NLRTM', etd: startOfDay(etd), eta: startOfDay(etd) + 28 * DAY_MS, cargoValueMicros: usd(2_000_000), containers: 20, containerType: '40HC',
    goodsClass: 'general', carrier: null, vessel: null, bookingReference: null, status: 'booked', penalty: { perDayMicros: usd(5_000), freeDays: 3, capMicros: usd(80_000) }, knownAt: startOfDay(etd) - 20 * DAY_MS,
  };
}

const scenarioRows = [...CRISIS, ...transits([...repeat(20, 40), ...repeat(5, 30), ...repeat(20, 40)], 'suez')];
const records = new Map((['bab_el_mandeb', 'suez'] as const).map((id) => [id, passageRecord({ transits: scenarioRows, from: FROM }, id)!]));
/** Comes to Bab el-Mandeb 16.8 days after departure: one in calm, one in the crisis. */
const calm = shipment('calm', addDays(FROM, 6));
const crisis = shipment('crisis', addDays(FROM, 35));
const book: Book = bookOf([calm, crisis, shipment('late', addDays(FROM, 200))], { planner, records, firstLook: startOfDay(FROM) + 18 * 3_600_000, lastLook: startOfDay(addDays(FROM, 90)) });
const advice = (a: Partial<Advice>): Advice => ({ decisionId: 'dec_1', shipmentId: 'crisis', chokepoint: 'bab_el_mandeb', asOf: startOfDay(addDays(FROM, 20)), action: 'reroute', optionId: 'reroute', alertWorthy: true, ...a });
const costs = (given: readonly Advice[]) => regretOf({ book, advice: given, freight: book.exposures.map(() => null) });
const totalOf = (r: ReturnType<typeof costs>, policy: string): number => Number(r.policies.find((p) => p.policy === policy)!.total_usd);

test('two passages that one way round avoids are one exposure; what lies beyond the play is left out and counted', () => {
  assert.deepEqual(book.exposures.map((e) => [e.shipment.id, e.passages.map((p) => p.chokepoint)]), [['calm', ['bab_el_mandeb', 'suez']], ['crisis', ['bab_el_mandeb', 'suez']]]);
  assert.deepEqual(book.left, { before_first_look: 0, after_last_look: 1, not_recorded: 0 });
  assert.deepEqual(book.exposures.map((e) => metBy(e, 0.5).hit), [false, true]);
});

test('in calm proceeding costs nothing and going round costs the detour; met closed, going round in time costs less than being sent round', () => {
  const none = costs([]);
  const view = none.by_passages[0]!;
  assert.deepEqual([view.exposures, view.hit], [2, 1]);
  assert.equal(totalOf(none, 'ours'), totalOf(none, 'proceed'), 'no advice: proceed');
  const acted = costs([advice({})]);
  const one = acted.exposures.find((e) => e.shipment_id === 'crisis')!;
  // 2,920 nm at 16 kn are 7.6 days: capital 2,000,000 × 0.25 ÷ 365 × 7.6 = 10,417; penalty (7.6 − 3) × 5,000 = 23,021; freight 2,500 × 0.25 × 20 = 12,500.
  assert.ok(Math.abs(Number(one.ours_usd) - 45_938) < 5, one.ours_usd);
  assert.ok(Number(one.ours_usd) < Number(one.proceed_usd));
  assert.deepEqual([one.regret_usd, one.ours[0]?.decision_id], ['0.00', 'dec_1']);
  assert.ok(totalOf(acted, 'ours') < totalOf(none, 'ours'));
  assert.ok(totalOf(acted, 'reroute') > totalOf(acted, 'ours'), 'always rerouting pays for the calm ship too');
});

test('the advice is followed at the first look that moves the cargo; insurance before it is paid besides; wait and proceed are no acts', () => {
  const [, exposure] = book.exposures;
  const day = (n: number): number => startOfDay(addDays(FROM, n));
  const told = [
    advice({ decisionId: 'd3', asOf: day(25) }), advice({ decisionId: 'd1', action: 'wait', optionId: 'wait', asOf: day(10) }),
    advice({ decisionId: 'd2', action: 'insure', optionId: 'insure', asOf: day(15) }), advice({ decisionId: 'd4', action: 'delay', optionId: 'delay:7', asOf: day(26) }), advice({ decisionId: 'd0', shipmentId: 'calm', asOf: day(5) }),
  ];
  assert.deepEqual(followed(exposure!, told).map((a) => a.decisionId), ['d2', 'd3']);
  assert.deepEqual(followed(exposure!, told.slice(1, 2)), []);
  const [plain, insured] = [costs([told[0]!]), costs([told[0]!, told[2]!])];
  // 12.5 bp of 2,000,000.
  assert.ok(Math.abs(totalOf(insured, 'ours') - totalOf(plain, 'ours') - 2_500) < 0.02);
});

test('hindsight is never beaten, whatever was advised and whatever counts as closed', () => {
  const action = fc.constantFrom('reroute', 'insure', 'delay:7', 'delay:21');
  fc.assert(fc.property(fc.array(fc.record({ action, day: fc.integer({ min: 17, max: 30 }), who: fc.constantFrom('calm', 'crisis') }), { maxLength: 4 }), (acts) => {
    // Nothing of this is open to the calm ship after its departure: it is told in time or not at all.
    const told = acts.filter((a) => a.who === 'crisis').map((a, i) => advice({ decisionId: `d${i}`, asOf: startOfDay(addDays(FROM, a.day)), optionId: a.action, action: a.action.startsWith('delay') ? 'delay' : (a.action as Advice['action']) }));
    const r = costs(told);
    for (const policy of ['ours', 'proceed', 'reroute']) assert.ok(totalOf(r, 'hindsight') <= totalOf(r, policy) + 0.01, `${policy}: ${JSON.stringify(r.policies)}`);
    for (const s of r.sensitivity) assert.ok(Number(s.hindsight_usd) <= Number(s.ours_usd) + 0.01 && Number(s.proceed_usd) >= 0);
  }), { numRuns: 25 });
});

test('a delayed departure meets the passage as it was on the later day', () => {
  const early = costs([advice({ optionId: 'delay:7', action: 'delay' })]).exposures.find((e) => e.shipment_id === 'crisis')!;
  const late = costs([advice({ optionId: 'delay:21', action: 'delay' })]).exposures.find((e) => e.shipment_id === 'crisis')!;
  // Three weeks later it comes on day 72.8, when the passage is open again: the delay alone is paid, its penalty at the cap.
  // Capital 2,000,000 × 0.25 ÷ 365 × 21 = 28,767; penalty 80,000 (18 days × 5,000 are more); storage 40 × 20 × 21 = 16,800.
  assert.ok(Math.abs(Number(late.ours_usd) - 125_567) < 5, late.ours_usd);
  assert.ok(Number(early.ours_usd) > Number(early.proceed_usd), 'a week later it is still closed: the delay is paid on top');
});

test('forecasts are judged by what was met, beside how often it had been so by then; what was never spoken of is counted', () => {
  const forecast = (shipmentId: string, probability: number, market: number | null) => {
    const { passesAt } = book.exposures.find((e) => e.shipment.id === shipmentId)!.passages[0]!;
    return { shipmentId, chokepoint: 'bab_el_mandeb' as const, asOf: startOfDay(addDays(FROM, 30)), passages: [{ chokepoint: 'bab_el_mandeb' as const, passesAt }], probability, market };
  };
  const input = { scenario: { transits: scenarioRows.toSorted((a, b) => a.knownAt - b.knownAt), from: FROM }, book, records, share: 0.5 };
  const r = forecastsOf({ ...input, forecasts: [forecast('calm', 0.2, null), forecast('crisis', 0.9, 0.6)] });
  assert.deepEqual([r.rows, r.hits, r.where_a_market_speaks.rows], [2, 1, 1]);
  assert.ok(Math.abs(r.ours!.brier - (0.2 ** 2 + 0.1 ** 2) / 2) < 1e-6 && Math.abs(r.where_a_market_speaks.market!.brier - 0.4 ** 2) < 1e-6);
  // By day 30 no day had been closed, of the 125 whose counts were known: 100 before the play and 25 of it.
  const usual = 0.5 / 126;
  assert.ok(Math.abs(r.climatology!.brier - (usual ** 2 + (1 - usual) ** 2) / 2) < 1e-5, String(r.climatology!.brier));
  // Suez was never spoken of: once in calm, once closed.
  assert.deepEqual(r.silent, { passages: 2, hit: 1 });
  assert.equal(forecastsOf({ ...input, forecasts: [] }).ours, null);
});

test('the raw market is the highest price as it was told, whatever the pool has made of it', () => {
  const told = (probability: number | null, kind = 'signal') => ({ kind, probability });
  const risk = (kind: string, evidence: object[]) => ({ basis: { kind, claims: [{ probability: 0.99 }] }, evidence });
  const inputs = { risks: [risk('forecast', [told(0.3), told(0.55), told(0.9, 'link'), told(null, 'state')]), risk('occurred', [told(1)])] };
  assert.equal(marketOf(inputs as never), 0.55);
  assert.equal(marketOf({ risks: [risk('observed', [told(0.7)])] } as never), null);
  assert.equal(marketOf(null), null);
});

test('an alarm is true inside an event that affects its passage, false outside, and neither where it was there before the play', () => {
  const alarm = (chokepoint: Alarm['chokepoint'], alarmedFor: IsoDay, lag = 5): Alarm => ({
    id: `${chokepoint} ${alarmedFor}`, series: `${chokepoint}.transits.total`, chokepoint, direction: 'down', alarmedFor, knownAt: startOfDay(alarmedFor) + lag * DAY_MS, statistic: 6, levelRatio: 0.7,
    baseline: { from: '2024-01-01', to: '2024-03-31', mean: 20, sd: 3 },
  });
  const transits = Array.from({ length: 200 }, (_, i) => {
    const observedFor = addDays('2024-01-01', i);
    return { chokepoint: 'suez' as const, observedFor, knownAt: startOfDay(observedFor) + 5 * DAY_MS, counts: { total: (observedFor < '2024-05-01' ? 20 : 8) + (i % 3), container: null, dry_bulk: null, general_cargo: null, roro: null, tanker: null } };
  });
  const scenario: Pick<Scenario, 'from' | 'to' | 'events' | 'transits'> = {
    from: FROM, to: addDays(FROM, 364), transits,
    events: [{ day: '2024-05-01', title: 'A closing', source: 'https://example.org/', affects: ['suez'], until: '2024-06-01' }],
  };
  const firstLook = parseInstant(`${FROM}T18:00:00Z`);
  const told = [alarm('suez', '2024-05-03'), alarm('suez', '2024-06-02'), alarm('hormuz', '2024-05-03'), { ...alarm('panama', '2024-03-20'), knownAt: firstLook }];
  const r = alarmsOf(told, scenario, ['suez.transits.total', 'hormuz.transits.total', 'dover.transits.total'], firstLook);
  const falseOf = (series: string) => r.false_alarms.by_series.find((s) => s.series === series)!.count;
  assert.deepEqual([r.false_alarms.years, r.false_alarms.total, falseOf('suez.transits.total'), falseOf('hormuz.transits.total'), falseOf('dover.transits.total')], [1, 2, 1, 1, 0]);
  assert.deepEqual(r.alarms.find((a) => a.alarmed_for === '2024-05-03' && a.chokepoint === 'suez')!.days_after_event, { alarmed_for: 2, known: 7 });
  assert.equal(r.alarms.find((a) => a.alarmed_for === '2024-05-03' && a.chokepoint === 'suez')!.changed_on, '2024-05-01', 'the level changed two days before the chart saw it');
  assert.equal(r.alarms.find((a) => a.chokepoint === 'hormuz')!.changed_on, null);
  assert.deepEqual(r.events[0]!.first_alarm, { series: 'suez.transits.total', alarmed_for: '2024-05-03', known_at: '2024-05-08T00:00:00.000Z', days_after_event: 7 });
  assert.deepEqual(r.alarms.filter((a) => a.before_start).map((a) => [a.chokepoint, a.false_alarm]), [['panama', false]]);
});
