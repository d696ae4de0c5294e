import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData } from '../../test/support/shared-data.ts';
import { DAY_MS, iso, parseInstant, startOfDay } from '../model/time.ts';
import { csvField, parseCsv } from '../model/csv.ts';
import { knownBy, newestKnown, problemLine, readScenario, ScenarioInvalid, scenarioProblems } from './index.ts';
import { createSeaRouter } from '../flow/reality/index.ts';
import { buildHormuz } from './tools/build-hormuz.ts';
import { buildQuiet2025 } from './tools/build-quiet-2025.ts';
import { buildRedSea } from './tools/build-red-sea.ts';
import { portwatchPublished } from './tools/publication.ts';
import { quietShipments } from './tools/quiet-shippers.ts';
import { redSeaShipments } from './tools/red-sea-shippers.ts';

const HORMUZ = join(import.meta.dirname, '../../scenarios/hormuz-2026');

/** A copy of the shipped scenario that a test may spoil. */
function copy(): Disposable & { readonly path: string; edit(file: string, change: (text: string) => string): void } {
  const root = mkdtempSync(join(tmpdir(), 'bw-scenario-'));
  const path = join(root, 'hormuz-2026');
  cpSync(HORMUZ, path, { recursive: true });
  return {
    path,
    edit: (file, change) => {
      const before = readFileSync(join(path, file), 'utf8');
      const after = change(before);
      assert.notEqual(after, before, 'the edit changes nothing');
      writeFileSync(join(path, file), after);
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

test('the shipped scenario is whole, ordered by when things were known, and frozen', () => {
  const s = readScenario(HORMUZ);
  assert.equal(s.name, 'hormuz-2026');
  for (const rows of [s.transits, s.freight, s.prices, s.shipments]) {
    for (const [i, row] of rows.entries()) if (i > 0) assert.ok(rows[i - 1]!.knownAt <= row.knownAt);
    assert.throws(() => (rows as unknown[]).push({}), TypeError);
  }
  assert.throws(() => ((s.shipments[0] as { reference: string }).reference = 'x'), TypeError);
  for (const id of ['hormuz', 'bab_el_mandeb', 'suez', 'cape_of_good_hope']) {
    const before = s.transits.filter((r) => r.chokepoint === id && r.knownAt < startOfDay(s.from));
    assert.ok(before.length >= 110, `${id} has ${before.length} days before the start`);
  }
  const bytes = readdirSync(HORMUZ).reduce((sum, file) => sum + statSync(join(HORMUZ, file)).size, 0);
  assert.ok(bytes < 400_000, `${bytes} bytes`);
});

test('the figures of the story are the recorded ones', () => {
  const s = readScenario(HORMUZ);
  const strikes = s.markets.find((m) => m.question === 'US strikes Iran by June 30, 2026?')!;
  assert.deepEqual(s.prices.filter((p) => p.marketId === strikes.id).map((p) => [iso(p.knownAt), p.price]), [['2026-02-09T00:00:00.000Z', 0.525]]);
  assert.deepEqual(strikes.resolution, { outcome: 'yes', knownAt: parseInstant('2026-03-01T00:00:00Z') });
  const emptied = s.transits.find((r) => r.chokepoint === 'hormuz' && r.observedFor === '2026-03-02')!;
  assert.deepEqual([emptied.counts.total, iso(emptied.knownAt)], [6, '2026-03-10T14:00:00.000Z']);
  assert.equal(s.freight.find((r) => r.lane === 'shanghai_rotterdam' && r.observedFor === '2026-03-05')!.usdPerFeu, 2052);
});

test('nothing is known before its time', () => {
  const s = readScenario(HORMUZ);
  const at = parseInstant('2026-03-10T13:59:59Z');
  assert.equal(knownBy(s.transits, at).filter((r) => r.chokepoint === 'hormuz').at(-1)!.observedFor, '2026-03-01');
  assert.equal(knownBy(s.transits, at + 1_000).filter((r) => r.chokepoint === 'hormuz').at(-1)!.observedFor, '2026-03-08');
  assert.equal(knownBy(s.transits, 0).length, 0);
  fc.assert(fc.property(fc.array(fc.nat(50)), fc.nat(50), (times, now) => {
    const rows = times.sort((a, b) => a - b).map((knownAt) => ({ knownAt }));
    assert.deepEqual(knownBy(rows, now), rows.filter((r) => r.knownAt <= now));
  }));
  assert.deepEqual(newestKnown([{ knownAt: 1, k: 'a', v: 1 }, { knownAt: 2, k: 'a', v: 2 }, { knownAt: 9, k: 'a', v: 3 }], 5, (r) => r.k), [{ knownAt: 2, k: 'a', v: 2 }]);
});

test('PortWatch is published on Tuesdays, 2 to 8 days after the day', () => {
  for (let at = startOfDay('2026-01-01'); at < startOfDay('2026-03-01'); at += DAY_MS) {
    const day = iso(at).slice(0, 10);
    const published = parseInstant(portwatchPublished(day));
    assert.equal(new Date(published).getUTCDay(), 2, day);
    const lag = Math.floor((published - at) / DAY_MS);
    assert.ok(lag >= 2 && lag <= 8, `${day}: ${lag}`);
  }
});

for (const [name, build] of [['hormuz-2026', buildHormuz], ['red-sea-2023', buildRedSea], ['quiet-2025', buildQuiet2025]] as const) {
  test(`the shipped folder ${name} is what the recorded data gives, byte for byte`, (t) => {
    const data = sharedData('README.md');
    if (!data) return t.skip('recorded data is absent: shared/data/README.md');
    const shipped = join(HORMUZ, '..', name);
    const out = mkdtempSync(join(tmpdir(), 'bw-build-'));
    try {
      build(join(data, '..'), out);
      for (const file of readdirSync(out)) assert.equal(readFileSync(join(out, file), 'utf8'), readFileSync(join(shipped, file), 'utf8'), file);
      assert.deepEqual(readdirSync(out).sort(), readdirSync(shipped).sort());
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
}

test('the invented voyages are as long as the router says, within a hundredth', () => {
  const router = createSeaRouter();
  for (const shipment of [...redSeaShipments(), ...quietShipments()]) {
    const { distanceNm } = router.route(shipment.from, shipment.to)!;
    assert.ok(Math.abs(distanceNm - shipment.distanceNm) <= 0.01 * distanceNm, `${shipment.from}–${shipment.to}: ${shipment.distanceNm} against ${distanceNm}`);
  }
});

test('what happened to the ships of the shipped scenarios is recorded beyond the last day played, and never seen', () => {
  for (const name of ['hormuz-2026', 'red-sea-2023', 'quiet-2025']) {
    const s = readScenario(join(HORMUZ, '..', name));
    const last = s.transits.filter((r) => r.chokepoint === 'hormuz').at(-1)!;
    assert.ok(last.observedFor > s.to && last.knownAt > startOfDay(s.to) + DAY_MS, name);
  }
});

/** What is spoiled, and the one line that must be told. */
const faults: readonly (readonly [what: string, file: string, change: (text: string) => string, told: RegExp])[] = [
  ['a count in words', 'transits.csv', (s) => s.replace('hormuz,2025-10-01,2025-10-07T14:00:00Z,115', 'hormuz,2025-10-01,2025-10-07T14:00:00Z,many'), /^transits\.csv:2 total: "many" is wrong\. Fix: a whole number from 0 to 10000/],
  ['a day that is none', 'transits.csv', (s) => s.replace('2025-10-02,', '2025-02-30,'), /^transits\.csv:3 observed_for: "2025-02-30" is wrong\. Fix: a calendar day such as/],
  ['a figure known before its day is over', 'transits.csv', (s) => s.replace('2025-10-01,2025-10-07T14:00:00Z', '2025-10-01,2025-10-01T23:00:00Z'), /^transits\.csv:2 known_at: is before the end of 2025-10-01\. Fix: 2025-10-02T00:00:00\.000Z or later/],
  ['a row twice', 'transits.csv', (s) => s.replace(/\n(hormuz.*)\n/, '\n$1\n$1\n'), /^transits\.csv:3 observed_for: hormuz 2025-10-01 .* is on line 2 already/],
  ['a passage that is not followed', 'transits.csv', (s) => s.replace('\nhormuz,', '\nhormus,'), /^transits\.csv:2 chokepoint: "hormus" is wrong\. Fix: one of bab_el_mandeb,/],
  ['a field too few', 'freight.csv', (s) => s.replace(',1613,drewry-wci', ',1613'), /^freight\.csv:2: 4 fields where the header has 5/],
  ['a column missing', 'freight.csv', (s) => s.replace('known_at', 'seen_at'), /^freight\.csv:1 known_at: the column is missing/],
  ['a price of no market', 'prices.csv', (s) => s.replace('\n0x', '\n1x'), /^prices\.csv:2 market_id: no market 1x/],
  ['a price over one', 'prices.csv', (s) => s.replace(',0.525', ',52.5'), /^prices\.csv:\d+ price: "52\.5" is wrong\. Fix: a number from 0 to 1/],
  ['a time without a zone', 'prices.csv', (s) => s.replace('2026-02-09T00:00:00Z,2026-02-09T00:00:00Z,0.525', '2026-02-09T00:00:00,2026-02-09T00:00:00Z,0.525'), /^prices\.csv:\d+ observed_for: "2026-02-09T00:00:00" is wrong\. Fix: a UTC instant/],
  ['a shipment of nobody', 'shipments.csv', (s) => s.replace('cust_quillmark', 'cust_nobody'), /^shipments\.csv:2 customer_id: no customer cust_nobody in customers\.json\. Fix: one of cust_quillmark/],
  ['an arrival before the departure', 'shipments.csv', (s) => s.replace('2026-03-03T15:00:00Z', '2026-02-14T15:00:00Z'), /^shipments\.csv:2 eta: is not after etd/],
  ['a telephone number without a plus', 'customers.json', (s) => s.replace('+447700', '00447700'), /^customers\.json \[0\]\.whatsapp: "00447700900217" is wrong\. Fix: text of the form/],
  ['a time zone that is none', 'customers.json', (s) => s.replace('Europe/London', 'Europe/Quillmark'), /^customers\.json \[0\]\.timezone: is not a time zone\. Fix: a name of the IANA list/],
  ['a member that is not known', 'markets.json', (s) => s.replace('"source"', '"colour": 1, "source"'), /^markets\.json \[0\]: .* Fix: leave out colour/],
  ['JSON cut short', 'markets.json', (s) => s.slice(0, 300), /^markets\.json:\d+: is not JSON/],
  ['an event outside the days played', 'scenario.json', (s) => s.replace('"day": "2026-02-09"', '"day": "2025-02-09"'), /^scenario\.json events\[0\]\.day: 2025-02-09 is not played\. Fix: 2026-02-01 to 2026-04-17/],
  ['an end of what moves no traffic', 'scenario.json', (s) => s.replace('"day": "2026-02-09"', '"day": "2026-02-09", "until": "2026-02-10"'), /^scenario\.json events\[0\]\.until: ends what moves no traffic\. Fix: name the passages in affects/],
  ['a name that is not the folder', 'scenario.json', (s) => s.replace('"hormuz-2026"', '"hormuz"'), /^scenario\.json name: hormuz is not the folder's name\. Fix: hormuz-2026/],
];

for (const [what, file, change, told] of faults) {
  test(`${what} is told with its place and fix, and nothing is loaded`, () => {
    using spoiled = copy();
    spoiled.edit(file, change);
    const lines = scenarioProblems(spoiled.path).map(problemLine);
    assert.ok(lines.some((l) => told.test(l)), lines.join('\n'));
    assert.ok(lines.length <= 3, `one fault gives ${lines.length} problems:\n${lines.join('\n')}`);
    assert.throws(() => readScenario(spoiled.path), (e) => e instanceof ScenarioInvalid && e.problems.length === lines.length);
  });
}

test('all faults of all files are told at once; a missing file and a missing folder too', () => {
  using spoiled = copy();
  spoiled.edit('transits.csv', (s) => s.replace(',115,', ',x,').replace(',122,', ',y,'));
  spoiled.edit('shipments.csv', (s) => s.replace('5800000', '-1'));
  rmSync(join(spoiled.path, 'freight.csv'));
  assert.deepEqual(scenarioProblems(spoiled.path).map((p) => `${p.file}:${p.line}`), ['transits.csv:2', 'transits.csv:3', 'freight.csv:null', 'shipments.csv:2']);
  assert.match(scenarioProblems(join(spoiled.path, 'nowhere')).map(problemLine).join(), /there is no folder/);
});

test('any fields survive CSV, with the line on which each row begins', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', 'é', ' ') });
  fc.assert(fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), (rows) => {
    const text = rows.map((r) => r.map(csvField).join(',')).join('\n');
    const parsed = parseCsv(text);
    assert.deepEqual(parsed.rows.map((r) => r.fields), rows);
    assert.equal(parsed.brokenAt, null);
    let line = 1;
    for (const [i, row] of rows.entries()) {
      assert.equal(parsed.rows[i]!.line, line);
      line += 1 + row.join('').split('\n').length - 1;
    }
  }));
  assert.equal(parseCsv('a,b\n"open,1\n').brokenAt, 2);
});
