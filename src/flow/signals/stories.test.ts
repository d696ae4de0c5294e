import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { freshDatabase } from '../../../test/support/database.ts';
import { DAY_MS, HOUR_MS, parseInstant } from '../../model/time.ts';
import type { RawStatement } from './ports.ts';
import { getSignal, liveSignals, listSignals, signalHistory } from './reads.ts';
import { readStatement } from './read-statement.ts';
import type { ReportSignal, Signal } from './signal.ts';
import { storeSignals } from './store.ts';
import { report, statement } from './test-support/statement.ts';

const NOW = parseInstant('2026-03-02T12:00:00Z');
type Db = Awaited<ReturnType<typeof freshDatabase>>;
const read = (told: readonly RawStatement[], asOf = NOW) => told.map((t) => readStatement(t, asOf) as Signal);
const store = (db: Db, told: readonly RawStatement[], asOf = NOW) => db.transaction((tx) => storeSignals(tx, read(told, asOf), asOf));
const by = (paper: string, change: Partial<RawStatement> = {}) => report({ externalId: `${paper}/1`, source: `rss.${paper}`, url: `https://www.${paper}.example/1`, ...change });

/** Reports that count, newest first. */
const liveReports = async (db: Db, asOf: number) => (await listSignals(db, asOf, { kind: 'report', status: 'live', limit: 100 })) as readonly ReportSignal[];

/** All that is kept of stories, without what tells one run from another. */
async function kept(db: Db) {
  const signals = (await db.query('select id, status, source, external_id from signals order by id')).rows;
  const retold = (await db.query('select id, signal_id, similarity from signal_corroborations order by id')).rows;
  const bands = (await db.query('select band_key, signal_id, expires_at from signal_bands order by 1, 2')).rows;
  return { signals, retold, bands };
}

test('a report has no probability, an expiry of three days, and never is among the forecasts', async () => {
  await using db = await freshDatabase();
  await store(db, [by('a'), statement({ observedAt: NOW })]);
  const [told] = await liveReports(db, NOW);
  assert.deepEqual([told!.kind, told!.probability, told!.relation, told!.polarity, told!.expiresAt], ['report', null, 'harm', 'raises', NOW - HOUR_MS + 72 * HOUR_MS]);
  assert.deepEqual((await liveSignals(db, NOW)).map((s) => s.kind), ['event']);
  assert.deepEqual((await signalHistory(db, 'hormuz', 0, NOW, NOW)).map((s) => s.kind), ['event']);
  assert.equal((await liveReports(db, told!.expiresAt)).length, 0);
  assert.equal((await getSignal(db, told!.id, told!.expiresAt))!.status, 'expired');
});

test('what other papers tell in nearly the same words is evidence of the first, counts by outlet, and raises its confidence with the reason', async () => {
  await using db = await freshDatabase();
  await store(db, [by('a')]);
  const alone = (await liveReports(db, NOW))[0]!;
  const later = NOW + HOUR_MS;
  await store(db, [by('b', { observedAt: later }), by('b', { externalId: 'b/2', observedAt: later, question: 'Iran closes the Strait of Hormuz to all tankers after strikes – update' })], later);
  const [one, ...more] = await liveReports(db, later);
  assert.equal(more.length, 0);
  assert.deepEqual([one!.id, one!.corroboration, one!.evidence.map((e) => e.url)], [alone.id, { reports: 2, outlets: 2 }, ['https://www.a.example/1', 'https://www.b.example/1', 'https://www.b.example/1']]);
  const before = (await getSignal(db, alone.id, NOW))!;
  assert.deepEqual([before.corroboration, before.confidence], [{ reports: 0, outlets: 1 }, alone.confidence], 'as of then nobody else had told it');
  assert.ok(one!.confidence > alone.confidence * 2 ** (-1 / 24) && one!.confidence < 0.6, `${one!.confidence}`);
  assert.ok(one!.confidenceReasons.some((r) => r.startsWith('2 outlets tell it')), String(one!.confidenceReasons));
  const listed = await listSignals(db, later, { limit: 5, kind: 'report' });
  assert.deepEqual(listed, [one]);
});

test('one outlet that tells it five times, and a producer that names five pages, are one voice', async () => {
  await using db = await freshDatabase();
  await store(db, [1, 2, 3, 4, 5].map((i) => by('a', { externalId: `a/${i}` })));
  assert.deepEqual((await liveReports(db, NOW)).map((s) => s.corroboration), [{ reports: 4, outlets: 1 }]);
  await using other = await freshDatabase();
  await store(other, [1, 2, 3].map((i) => report({ externalId: `${i}`, source: 'external.loud', url: `https://paper${i}.example/` })));
  assert.deepEqual((await liveReports(other, NOW)).map((s) => s.corroboration), [{ reports: 2, outlets: 1 }]);
});

test('another figure, another passage, or the same words after the first has expired is a story of its own', async () => {
  await using db = await freshDatabase();
  const hit = (ships: number, externalId: string) => by('a', { externalId, question: `${ships} tankers hit in the Strait of Hormuz on Monday morning` });
  await store(db, [hit(3, 'x'), hit(5, 'y'), by('a'), by('b', { question: by('a').question.replace('Strait of Hormuz', 'Suez canal') })]);
  assert.equal((await liveReports(db, NOW)).length, 4);
  const later = NOW + 4 * DAY_MS;
  await store(db, [by('c', { observedAt: later })], later);
  assert.deepEqual((await liveReports(db, later)).map((s) => s.source), ['rss.c']);
  assert.equal((await db.query('select distinct signal_id from signal_bands')).rows.length, 1, 'keys of what has expired are gone');
});

test('an item that stays in its feed is one telling, also when it was a further one, and also when it has expired', async () => {
  await using db = await freshDatabase();
  const feed = [by('a'), by('b', { observedAt: NOW - HOUR_MS / 2 })];
  await store(db, feed);
  const once = await kept(db);
  assert.deepEqual([once.signals.length, once.retold.length, once.bands.length], [1, 1, 20]);
  for (const hours of [1, 24, 100]) {
    const stored = await store(db, feed, NOW + hours * HOUR_MS);
    assert.deepEqual([stored.signals.length, stored.retold.length], [0, 0], `${hours} h later`);
  }
  assert.deepEqual((await kept(db)).retold, once.retold);
});

const STORIES = ['Iran closes the Strait of Hormuz to all tankers after strikes', 'Tankers leave the Strait of Hormuz as insurers cancel war cover', 'Ships queue at the Suez canal after a grounding'];
const arrival = fc.record({ story: fc.nat(2), paper: fc.constantFrom('a', 'b', 'c', 'd'), suffix: fc.constantFrom('', ' – live', ' overnight', ' now'), minutes: fc.nat(3) });
const sweep = fc.uniqueArray(arrival, { selector: (a) => `${a.paper}/${a.story}`, minLength: 2, maxLength: 10 });

test('the order of arrival in a sweep changes nothing, and a duplicate changes nothing', async () => {
  await using db = await freshDatabase();
  const told = (all: readonly { story: number; paper: string; suffix: string; minutes: number }[]) =>
    all.map(({ story, paper, suffix, minutes }) => by(paper, { externalId: `${paper}/${story}`, question: `${STORIES[story]}${suffix}`, observedAt: NOW - minutes * 60_000 }));
  const outcome = async (...sweeps: readonly (readonly RawStatement[])[]) => {
    await db.query('truncate signals, signal_corroborations, signal_bands, signal_intake');
    for (const each of sweeps) await store(db, each);
    return kept(db);
  };
  await fc.assert(
    fc.asyncProperty(
      sweep.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.subarray(all))),
      async ([all, shuffled, some]) => {
        const expected = await outcome(told(all));
        assert.deepEqual(await outcome(told(shuffled)), expected);
        assert.deepEqual(await outcome([...told(all), ...told(some)]), expected, 'within the sweep');
        assert.deepEqual(await outcome(told(all), told(some)), expected, 'in the next sweep');
      },
    ),
    { numRuns: 30 },
  );
});

test('two sweeps at once tell one story once', async () => {
  await using db = await freshDatabase();
  await Promise.all(['a', 'b', 'c', 'd'].map((paper) => store(db, [by(paper)])));
  const all = await kept(db);
  assert.deepEqual([all.signals.length, all.retold.length], [1, 3]);
});
