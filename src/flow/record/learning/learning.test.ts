import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData } from '../../../../test/support/shared-data.ts';
import { seededUniform } from '../../../kernel/random/seeded-uniform.ts';
import { contentHash } from '../../../model/ids.ts';
import { expit, extremize, logit } from '../../../model/probability.ts';
import { DAY_MS, parseInstant } from '../../../model/time.ts';
import { eventsOf } from '../events.ts';
import { pooledBrier, sourceRecords } from './fit.ts';
import { splitByTime, type LearnRow } from './split.ts';
import { tryPooling, type Standing } from './trial.ts';

const seeded = (seed: string) => seededUniform(contentHash(seed));
const START = parseInstant('2025-01-01T00:00:00Z');
const declared = (): number => 0.9;
const SHIPPED: Standing = { use: 'pooled', parameters: { extremizing: 1, reliabilityOf: declared }, learntUntil: null, declared };

const PRICES = 'risk/polymarket/market_prices_2025-10_2026-05.ndjson';

/** Prices at freeze of questions that have been answered, one row a freeze; a question is an event. */
function marketRows(path: string): LearnRow[] {
  interface Price { source: string; id: string; close: string; freeze_datetime: string; p_freeze: number; resolution_date: string; resolved: boolean; resolved_to: number }
  const all = readFileSync(path, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Price);
  return all
    .filter((r) => r.resolved && (r.resolved_to === 0 || r.resolved_to === 1))
    .map((r) => {
      const forecastAt = parseInstant(r.freeze_datetime);
      const knownAt = Math.max(forecastAt + DAY_MS, parseInstant(r.resolution_date));
      const days = Math.max(1, (parseInstant(r.close) - forecastAt) / DAY_MS);
      return { event: `${r.source} ${r.id}`, source: r.source, raw: r.p_freeze, days, opinions: [{ source: r.source, probability: r.p_freeze, days, ageDays: 0 }], outcome: r.resolved_to as 0 | 1, forecastAt, knownAt };
    });
}

const PATH = sharedData(PRICES);
test('on recorded market prices extremising is not adopted: the gain in sample does not hold out of it', { skip: PATH === null ? `${PRICES} is not here` : false }, (t) => {
  const rows = marketRows(PATH!);
  const at = (a: number): number => pooledBrier(rows, { extremizing: a, reliabilityOf: declared });
  assert.ok(at(1.2) < at(1) && at(1) - at(1.2) < 0.002, 'in sample a little is gained');
  const trial = tryPooling(rows, SHIPPED, seeded('market'))!;
  t.diagnostic(`${rows.length} rows, ${new Set(rows.map((r) => r.event)).size} events; in sample a = 1: ${at(1).toFixed(4)}, a = 1.2: ${at(1.2).toFixed(4)}`);
  t.diagnostic(JSON.stringify({ ...trial, reliability: Object.fromEntries(Object.entries(trial.reliability).map(([k, v]) => [k, v.toFixed(3)])) }));
  assert.deepEqual([trial.adopted, trial.useAfter], [false, 'pooled']);
  assert.match(trial.why, /^Not adopted: held-out Brier .* is not better by 0\.002\.$/);
  assert.ok(Math.min(trial.train.clusters, trial.test.clusters) >= 100);
  assert.equal(trial.brierInUse, trial.brierRaw, 'one opinion each: the pool as shipped is the raw price');
});

/** Questions a week apart in 300 events of two rows each; true log-odds are `a` times those told. */
function underConfident(a: number, seed: string): LearnRow[] {
  const u = seeded(seed);
  return Array.from({ length: 400 }, (_, e) => {
    const told = expit((u() - 0.5) * 4);
    const outcome: 0 | 1 = u() < extremize(told, a) ? 1 : 0;
    const forecastAt = START + e * 7 * DAY_MS;
    const opinion = { source: 'market', probability: told, days: 30, ageDays: 0 };
    return [0, 1].map((i) => ({ event: `e${e}`, source: 'market', raw: told, days: 30, opinions: [opinion], outcome, forecastAt: forecastAt + i * DAY_MS, knownAt: forecastAt + 30 * DAY_MS }));
  }).flat();
}

test('where prices are under-confident by a known a, it is found and adopted', () => {
  for (const a of [2, 2.5]) {
    const trial = tryPooling(underConfident(a, `known ${a}`), SHIPPED, seeded('trial'))!;
    assert.ok(trial.adopted, trial.why);
    assert.equal(trial.useAfter, 'pooled');
    assert.ok(Math.abs(trial.extremizing - a) < 0.6, `learnt ${trial.extremizing}, true ${a}`);
    assert.ok(trial.brierRaw - trial.brierPooled >= 0.002 && trial.improvement90![0] > 0);
    // Once adopted, another trial on the same outcomes finds nothing better than what is in use.
    const again = tryPooling(underConfident(a, `known ${a}`), { ...SHIPPED, parameters: { extremizing: trial.extremizing, reliabilityOf: declared } }, seeded('trial'))!;
    assert.deepEqual([again.adopted, again.useAfter], [false, 'pooled']);
    assert.match(again.why, /than what is in use/);
  }
});

test('calibrated prices are left as they are', () => {
  const trial = tryPooling(underConfident(1, 'calibrated'), SHIPPED, seeded('trial'))!;
  assert.equal(trial.adopted, false);
});

/** Two sources on each event: `sharp` tells the truth, `noise` anything. */
function twoSources(seed: string, noise = 3): LearnRow[] {
  const u = seeded(seed);
  return Array.from({ length: 300 }, (_, e) => {
    const truth = expit((u() - 0.5) * 6);
    const outcome: 0 | 1 = u() < truth ? 1 : 0;
    const told = { sharp: truth, noise: expit(logit(truth) + (u() - 0.5) * 2 * noise) };
    const forecastAt = START + e * 7 * DAY_MS;
    const opinions = (['sharp', 'noise'] as const).map((source) => ({ source, probability: told[source], days: 30, ageDays: 0 }));
    return (['sharp', 'noise'] as const).map((source) => ({ event: `e${e}`, source, raw: told[source], days: 30, opinions, outcome, forecastAt, knownAt: forecastAt + 30 * DAY_MS }));
  }).flat();
}

test('a source that is often wrong loses reliability, one that is right keeps it, and few events move neither far', () => {
  const rows = twoSources('sources');
  const of = (all: readonly LearnRow[]) => Object.fromEntries(sourceRecords(all, declared, seeded('s')).map((s) => [s.source, s]));
  const [noise, sharp] = [of(rows)['noise']!, of(rows)['sharp']!];
  assert.ok(noise.reliability < sharp.reliability - 0.05, `${noise.reliability} and ${sharp.reliability}`);
  for (const s of [noise, sharp]) assert.ok(s.interval90![0] <= s.reliability && s.reliability <= s.interval90![1]);
  const few = of(rows.slice(0, 4));
  assert.ok(Math.abs(few['noise']!.reliability - 0.9) < 0.15);
  assert.equal(few['noise']!.events, 2);
});

test('a pool that does not beat the raw price is switched off by itself, and says so', () => {
  // The pool drags a sharp market to a source that knows nothing; only the market's own questions are asked.
  const u = seeded('off');
  const rows = twoSources('off', 8).filter((r) => r.source === 'sharp').map((r) => ({ ...r, opinions: [r.opinions[0]!, { ...r.opinions[1]!, probability: u() }] }));
  const harmful = { ...SHIPPED, parameters: { extremizing: 1, reliabilityOf: (source: string) => (source === 'noise' ? 1 : 0.3) } };
  const trial = tryPooling(rows, harmful, seeded('trial'))!;
  assert.deepEqual([trial.adopted, trial.useAfter], [false, 'market'], trial.why);
  assert.match(trial.why, /is switched off/);
  const stays = tryPooling(rows, { ...harmful, use: 'market' }, seeded('trial'))!;
  assert.deepEqual([stays.adopted, stays.useAfter], [false, 'market'], 'and stays off until something is adopted');
  const learnt = tryPooling(rows, { ...harmful, learntUntil: rows.at(-40)!.forecastAt }, seeded('trial'))!;
  assert.equal(learnt.useAfter, 'market', '39 events that it has not learnt from are enough');
  const tooFew = tryPooling(rows, { ...harmful, learntUntil: rows.at(-15)!.forecastAt }, seeded('trial'))!;
  assert.equal(tooFew.useAfter, 'pooled', 'fourteen are not');
});

test('no event is on both sides of the split, nothing of the test was known in training, and rows in any order split alike', () => {
  const row = fc.record({ event: fc.integer({ min: 0, max: 12 }), from: fc.integer({ min: 0, max: 400 }), lasts: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (given) => {
      const rows = given.map(({ event, from, lasts }) => ({ event: `e${event}`, source: 's', raw: 0.5, days: 1, opinions: [], outcome: 1 as const, forecastAt: from, knownAt: from + lasts }));
      const split = splitByTime(rows)!;
      const events = (side: readonly LearnRow[]) => new Set(side.map((r) => r.event));
      assert.equal([...events(split.train)].filter((e) => events(split.test).has(e)).length, 0);
      assert.ok(split.train.every((r) => r.knownAt <= split.at) && split.test.every((r) => r.forecastAt > split.at));
      assert.equal(split.train.length + split.test.length + split.purged, rows.length);
      assert.equal(splitByTime(rows.toReversed())!.at, split.at);
    }),
  );
});

test('too few events decide nothing', () => {
  assert.equal(tryPooling([], SHIPPED, seeded('x')), null);
  assert.equal(tryPooling(underConfident(2, 'few').slice(0, 70), SHIPPED, seeded('x')), null, '35 events: no 20 on each side');
});

test('questions on one event are one, also through a third; one that begins after all have ended is another', () => {
  const life = (question: string, group: string, from: number, to: number) => ({ question, group, from, to });
  const lives = [life('feb', 'strike', 0, 10), life('june', 'strike', 8, 30), life('aug', 'strike', 29, 40), life('next', 'strike', 41, 50), life('other', 'shut', 5, 45)];
  const events = eventsOf(lives);
  assert.equal(new Set(['feb', 'june', 'aug'].map((q) => events.get(q))).size, 1);
  assert.equal(new Set(events.values()).size, 3);
  assert.deepEqual([...eventsOf(lives.toReversed())].sort(), [...events].sort());
});
