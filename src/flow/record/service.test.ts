import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '../../../test/support/database.ts';
import { testHttp } from '../../../test/support/http.ts';
import type { Role } from '../../kernel/auth/types.ts';
import { seededUniform } from '../../kernel/random/seeded-uniform.ts';
import { contentHash } from '../../model/ids.ts';
import { usd } from '../../model/money.ts';
import { expit, extremize } from '../../model/probability.ts';
import { DAY_MS, HOUR_MS, iso, parseInstant } from '../../model/time.ts';
import { statement } from '../signals/test-support/statement.ts';
import { poolingInUse, poolingVersions } from './pooling-store.ts';
import { recordRoutes } from './routes.ts';
import { forgetRecord, recordRows } from './store.ts';
import { recordDesk } from './test-support/desk.ts';
import type { CalibrationView } from './views.ts';

const NOW = parseInstant('2026-02-10T00:00:00Z');
const day = (n: number): number => NOW + n * DAY_MS;
const june = (probability: number, at: number, closed = false) => statement({ externalId: 'june', probability, observedAt: at, closed });
const march = (probability: number, at: number, closed = false) => statement({ externalId: 'march', question: 'US strikes Iran by March 31, 2026?', horizonEnd: parseInstant('2026-03-31T23:59:00Z'), probability, observedAt: at, closed });

test('what was forecast of an answered question is kept once, with what came of it', async () => {
  await using db = await freshDatabase();
  const desk = recordDesk(db);
  await desk.hear(day(0), june(0.5, day(0)));
  await desk.hear(day(1), june(0.6, day(1)), march(0.3, day(1)));
  await desk.hear(day(1) + HOUR_MS, june(0.7, day(1) + HOUR_MS));
  assert.deepEqual(await desk.score(day(2)), { questions: 0, forecasts: 0, trial: 'none' }, 'nothing is answered yet');
  await desk.hear(day(3), june(1, day(3), true));
  assert.deepEqual(await desk.score(day(3)), { questions: 1, forecasts: 6, trial: 'none' }, 'two days, three forecasters');
  assert.deepEqual(await desk.score(day(4)), { questions: 0, forecasts: 0, trial: 'none' }, 'a repeat stores nothing');

  const rows = await recordRows(db, day(3));
  const of = (forecaster: string) => rows.filter((r) => r.forecaster === forecaster);
  assert.deepEqual(of('market').map((r) => [iso(r.forecastAt), r.probability, r.outcome]), [['2026-02-10T00:00:00.000Z', 0.5, 1], ['2026-02-11T01:00:00.000Z', 0.7, 1]], 'the newest of each day');
  const [alone, both] = of('pooled');
  assert.deepEqual([alone!.probability, alone!.opinions?.length, both!.opinions?.length], [0.5, 1, 2]);
  assert.ok(both!.probability !== 0.7, 'with the other question on the same strikes');
  assert.deepEqual(of('climatology').map((r) => r.probability), [0.5, 0.5], 'no question had been answered before');
  assert.deepEqual(await recordRows(db, day(3) - 1), [], 'nothing of it was known a moment earlier');
});

test('the base rate looks only at what had been answered before each forecast', async () => {
  await using db = await freshDatabase();
  const desk = recordDesk(db);
  await desk.hear(day(0), june(0.5, day(0)), march(0.3, day(0)));
  await desk.hear(day(2), june(1, day(2), true), march(0.4, day(2)));
  await desk.hear(day(4), march(0.5, day(4)));
  await desk.hear(day(6), march(0, day(6), true));
  await desk.score(day(6));
  const climate = (await recordRows(db, day(6))).filter((r) => r.forecaster === 'climatology' && r.question.endsWith('march'));
  assert.deepEqual(climate.map((r) => [(r.forecastAt - NOW) / DAY_MS, r.probability, r.outcome]), [[0, 1 / 2, 0], [2, 2 / 3, 0], [4, 2 / 3, 0]]);
});

test('of two statements of one moment the one that came later is the newer, whatever their ids', async () => {
  for (const last of [0, 1]) {
    await using db = await freshDatabase();
    const desk = recordDesk(db);
    await desk.hear(day(0), june(0.5, day(0)));
    await desk.hear(day(1), june(1 - last, day(1), true));
    await desk.hear(day(1), june(last, day(1), true));
    await desk.score(day(1));
    assert.deepEqual((await recordRows(db, day(1))).map((r) => r.outcome), [last, last, last]);
  }
});

test('a question that closes without an outcome is not scored, and a corrected one is scored by its correction', async () => {
  await using db = await freshDatabase();
  const desk = recordDesk(db);
  await desk.hear(day(0), june(0.5, day(0)), march(0.3, day(0)));
  await desk.hear(day(1), june(1, day(1), true), march(0.5, day(1), true));
  assert.equal((await desk.score(day(1))).questions, 1);
  await desk.hear(day(2), june(0, day(2), true));
  assert.deepEqual(await desk.score(day(2)), { questions: 1, forecasts: 0, trial: 'none' });
  assert.deepEqual((await recordRows(db, day(1))).map((r) => r.outcome), [1, 1, 1], 'as it was known then');
  assert.deepEqual((await recordRows(db, day(2))).map((r) => r.outcome), [0, 0, 0]);
});

/** Questions on attacks in two places, a week apart, each with true log-odds twice those told. */
async function playUnderConfident(desk: ReturnType<typeof recordDesk>, questions: number): Promise<string[]> {
  const u = seededUniform(contentHash('under-confident'));
  const trials: string[] = [];
  for (let i = 0; i < questions; i++) {
    const [from, to] = [day(i * 7), day(i * 7 + 5)];
    const told = expit((u() - 0.5) * 4);
    const yes = u() < extremize(told, 2.5);
    const asked = (probability: number, at: number, closed: boolean) => statement({ externalId: `q${i}`, probability, observedAt: at, closed, horizonEnd: from + 30 * DAY_MS });
    await desk.hear(from, asked(told, from, false));
    await desk.hear(to, asked(yes ? 1 : 0, to, true));
    const { trial } = await desk.score(to);
    if (trial !== 'none') trials.push(trial);
  }
  return trials;
}

test('the pool learns from its record, goes by what it has adopted from then on, and tells it', async () => {
  await using db = await freshDatabase();
  const desk = recordDesk(db);
  const trials = await playUnderConfident(desk, 160);
  assert.ok(trials.includes('adopted'), trials.join());
  assert.equal(trials.length, 13, 'a look at 40 events and for each ten more, not for each question');
  const versions = await poolingVersions(db, day(2_000));
  const adopted = versions.find((v) => v.adopted)!;
  assert.ok(adopted.extremizing > 1.3 && adopted.improvement90![0] > 0 && adopted.brierRaw - adopted.brierPooled >= 0.002);
  assert.ok(versions.every((v) => v.train.to < v.test.from), 'trained before, tested after');
  assert.equal((await poolingInUse(db, adopted.asOf - 1)).version, 'declared-1', 'not before it was adopted');
  const inUse = await poolingInUse(db, adopted.asOf);
  assert.deepEqual([inUse.version, inUse.use, inUse.extremizing], [adopted.version, 'pooled', adopted.extremizing]);
  const { rows } = await db.query<{ pooling_version: string; forecast_at: Date }>(`select pooling_version, forecast_at from record_forecasts where forecaster = 'pooled'`);
  assert.ok(rows.every((r) => (r.pooling_version === 'declared-1') === (r.forecast_at.getTime() < adopted.asOf)), 'each forecast by the pool of its time');
  const report = await desk.record.report(db, day(2_000));
  const brier = (name: string) => report.forecasters.find((f) => f.forecaster === name)!.brier;
  assert.ok(brier('pooled') < brier('market') && brier('market') < brier('climatology'));
  assert.match(report.why, /^The pool is used\. /);
  assert.equal(report.singleOpinion, 160);
  await db.transaction((tx) => forgetRecord(tx));
  assert.deepEqual((await desk.record.report(db, day(2_000))).forecasters, []);
});

test('a pool that loses to the raw price is switched off in the record, and what reads it is told', async () => {
  await using db = await freshDatabase();
  const desk = recordDesk(db);
  const u = seededUniform(contentHash('loses'));
  for (let i = 0; i < 45; i++) {
    const [from, to] = [day(i * 7), day(i * 7 + 5)];
    const yes = u() < 0.5;
    const asked = (name: string, probability: number, at: number, closed: boolean) => statement({ externalId: `${name}${i}`, probability, observedAt: at, closed, horizonEnd: from + 6 * DAY_MS });
    // One market knows, and another on the same strikes says anything and is never answered.
    await desk.hear(from, asked('sharp', yes ? 0.8 : 0.2, from, false), asked('noise', 0.05 + 0.9 * u(), from, false));
    await desk.hear(to, asked('sharp', yes ? 1 : 0, to, true));
    await desk.score(to);
  }
  const [version] = await poolingVersions(db, day(400));
  assert.deepEqual([version!.adopted, version!.useAfter], [false, 'market'], version!.why);
  assert.deepEqual([(await poolingInUse(db, version!.asOf - 1)).use, (await poolingInUse(db, version!.asOf)).use], ['pooled', 'market']);
  const report = await desk.record.report(db, day(400));
  assert.equal(report.inUse, 'market');
  assert.match(report.why, /^The pool is switched off: the raw price of the lead market is used\..* is switched off\. \(0 of 45 pooled/);
});

async function served(db: Awaited<ReturnType<typeof freshDatabase>>, desk: ReturnType<typeof recordDesk>, asOf: number) {
  const http = await testHttp({ db, auth: { byToken: async (token) => ({ subject: 'user:1', role: token as Role, scopes: [] }), bySignature: async () => assert.fail('no signature here') } });
  recordRoutes({ db, record: desk.record, now: () => asOf, cached: (_key, load) => load() })(http.app);
  await http.start();
  return { http, read: async () => (await http.ask('/api/v1/calibration', { headers: { authorization: 'Bearer viewer' } })) };
}

test('GET /api/v1/calibration: nothing scored is said so, and the rest by its schema', async () => {
  await using db = await freshDatabase();
  const desk = recordDesk(db, {
    decisionOutcomes: async () => [{ decisionId: 'dec_1', event: 'e', knownAt: day(1), probability: 0.3, hit: true, cost: { chosen: usd(50), policies: { proceed: usd(200), reroute: usd(20) } } }, { decisionId: 'dec_2', event: 'e', knownAt: day(1), probability: 0.5, hit: true, cost: null }],
  });
  const empty = await served(db, recordDesk(db), day(0));
  await using _one = empty.http;
  assert.equal((await empty.http.ask('/api/v1/calibration')).status, 401);
  const nothing = (await empty.read()).json as unknown as CalibrationView;
  assert.deepEqual([nothing.forecasters, nothing.sources, nothing.learning.versions, nothing.in_use, nothing.decisions.n_with_outcome], [[], [], [], 'pooled', 0]);
  assert.match(nothing.why, /^No question that the desk had forecasts of has been answered yet/);

  await desk.hear(day(0), june(0.5, day(0)), march(0.3, day(0)));
  await desk.hear(day(1), june(1, day(1), true), march(0.4, day(1)));
  await desk.hear(day(2), march(0, day(2), true));
  await desk.score(day(2));
  const full = await served(db, desk, day(2));
  await using _two = full.http;
  const { status, json } = await full.read();
  const view = json as unknown as CalibrationView;
  assert.equal(status, 200);
  assert.deepEqual(view.forecasters.map((f) => [f.forecaster, f.n, f.clusters, f.brier_interval_90]), [['market', 3, 1, null], ['pooled', 3, 1, null], ['climatology', 3, 1, null]], 'two questions, one event');
  const market = view.forecasters[0]!;
  assert.ok(Math.abs(market.brier - (0.25 + 0.09 + 0.16) / 3) < 1e-12);
  const { reliability, resolution, uncertainty, within_bin } = market.murphy;
  assert.ok(Math.abs(market.brier - (reliability - resolution + uncertainty + within_bin)) < 1e-12);
  assert.equal(view.single_opinion_forecasts, 1, 'after the first was answered the other stands alone');
  assert.deepEqual(view.sources.map((s) => [s.source, s.n, s.clusters, s.in_use]), [['polymarket', 3, 1, 0.9]]);
  assert.deepEqual([view.decisions.n_with_outcome, view.decisions.n_priced, view.decisions.regret_usd, view.decisions.mean_regret_usd, view.decisions.saved_against.find((s) => s.policy === 'proceed')?.saved_usd], [2, 1, '30.00', '30.00', '150.00']);
  assert.deepEqual([view.decisions.hits, view.decisions.forecast?.clusters], [2, 1]);
  assert.ok(Math.abs(view.decisions.forecast!.brier - (0.49 + 0.25) / 2) < 1e-12);
  assert.match(view.why, /the record holds 1 event \(1 of 3/);
});
