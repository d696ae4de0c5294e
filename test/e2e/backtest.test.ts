/** The desk against its own history: both crises and a quiet year walked with no look-ahead, and the report on each. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runBacktest } from '../../src/app/backtest.ts';
import { backtestReport, type BacktestReport } from '../../src/desk/backtest/index.ts';
import { listDecisions, type ListedDecision } from '../../src/flow/decisions/index.ts';
import { readScenario } from '../../src/scenario/index.ts';
import { freshDatabase } from '../support/database.ts';
import { deskHome, startDesk, until } from '../support/desk.ts';
import { shortScenario } from '../support/short-scenario.ts';
import { all, played } from '../support/story.ts';

const SCENARIOS = join(import.meta.dirname, '../../scenarios');

interface Walked {
  readonly report: BacktestReport;
  readonly decisions: readonly ListedDecision[];
}

async function walked(path: string): Promise<Walked> {
  const home = mkdtempSync(join(tmpdir(), 'bw-walk-'));
  await using db = await freshDatabase();
  try {
    const report = await runBacktest(db, readScenario(path), home);
    return { report, decisions: await listDecisions(db, { status: 'all', limit: 10_000 }) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const runs: Record<string, Walked> = {};
const hormuz = (): Walked => runs['hormuz-2026']!;
const redSea = (): Walked => runs['red-sea-2023']!;
const quiet = (): Walked => runs['quiet-2025']!;

before(async () => {
  for (const name of ['hormuz-2026', 'red-sea-2023', 'quiet-2025']) runs[name] = await walked(join(SCENARIOS, name));
}, { timeout: 240_000 });
after(() => Object.keys(runs).forEach((name) => delete runs[name]));

const total = ({ report }: Walked, policy: string): number => Number(report.regret.policies.find((p) => p.policy === policy)!.total_usd);

test('the reports are of the documented shape', () => {
  for (const { report } of Object.values(runs)) assert.deepEqual(backtestReport.parse(report), report);
});

test('Red Sea: the alarm is for 30 November 2023, and known when the counts were published', () => {
  const [first] = redSea().report.alarms;
  assert.deepEqual([first?.series, first?.alarmed_for, first?.direction], ['bab_el_mandeb.transits.container', '2023-11-30', 'down']);
  // Published on Tuesday 5 December at 14:00; the desk looks at 18:00.
  assert.equal(first?.known_at, '2023-12-05T18:00:00.000Z');
  assert.ok(redSea().report.alarms.some((a) => a.series === 'bab_el_mandeb.transits.total' && a.alarmed_for === '2023-12-19'));
  assert.equal(redSea().report.false_alarms.total, 0);
  assert.ok(redSea().decisions.every((d) => d.content.as_of >= '2023-12-05'), 'nothing is advised before anything could be known');
  assert.ok(redSea().report.decisions.by_action['reroute']! > 0, 'once it is known, there are ships that are better sent round');
});

test('Hormuz: the alarm is for 2 March 2026, and known on 10 March', () => {
  const alarm = hormuz().report.alarms.find((a) => a.series === 'hormuz.transits.total');
  assert.deepEqual([alarm?.alarmed_for, alarm?.known_at], ['2026-03-02', '2026-03-10T18:00:00.000Z']);
});

test('Hormuz in February: each decision for the Gulf has a break-even and a deadline before the strikes, or says why not', () => {
  const february = hormuz().decisions.filter((d) => d.content.as_of < '2026-02-28' && d.content.chokepoint === 'hormuz');
  assert.ok(february.length > 0);
  const dated = february.filter((d) => d.content.break_even !== null && d.content.deadline !== null && d.content.deadline < '2026-02-28');
  assert.ok(dated.length > 0, 'at least one has both');
  for (const { content } of february) {
    if (content.break_even !== null && content.deadline !== null && content.deadline < '2026-02-28') continue;
    // The ship sails or passes later, or no way out is open: the sentence on the deadline says which.
    assert.ok(content.deadline_reason.length > 20, `${content.shipment_reference}: ${content.deadline_reason}`);
    if (content.deadline !== null) assert.ok(content.deadline <= content.passes_at, content.shipment_reference);
  }
});

test('the quiet year: no alarm, and nothing worth telling anybody', () => {
  const { alarms, false_alarms, decisions, scenario } = quiet().report;
  assert.deepEqual([scenario.days, alarms, false_alarms.total, decisions.alert_worthy], [365, [], 0, 0]);
  assert.deepEqual(Object.keys(decisions.by_action).filter((action) => action !== 'proceed'), [], 'never anything but proceed');
});

test('over both crises and the quiet year our decisions cost no more than always to proceed or always to reroute', () => {
  const sum = (policy: string): number => Object.values(runs).reduce((s, run) => s + total(run, policy), 0);
  assert.ok(sum('ours') <= sum('proceed') && sum('ours') <= sum('reroute'), `ours ${sum('ours')}, proceed ${sum('proceed')}, reroute ${sum('reroute')}`);
  for (const run of Object.values(runs)) {
    assert.ok(total(run, 'ours') <= total(run, 'proceed'), `${run.report.scenario.name}: following the advice costs more than ignoring it`);
    for (const policy of ['ours', 'proceed', 'reroute']) assert.ok(total(run, 'hindsight') <= total(run, policy), `${run.report.scenario.name}: ${policy} beats perfect hindsight`);
    assert.deepEqual(run.report.regret.sensitivity.map((s) => s.closed_share), [0.3, 0.5, 0.7]);
  }
});

test('forecasts are scored beside climatology, and beside the raw market where one speaks', () => {
  for (const run of [hormuz(), redSea()]) {
    const { ours, climatology, rows, not_recorded } = run.report.forecasts;
    assert.equal(rows + not_recorded, run.report.decisions.made);
    assert.ok(ours!.brier < climatology!.brier, `${run.report.scenario.name}: no better than how often it had been so`);
    assert.equal(ours!.reliability.reduce((n, bin) => n + bin.forecasts, 0), ours!.n);
  }
  const { market } = hormuz().report.forecasts.where_a_market_speaks;
  assert.ok(market!.n > 0);
  assert.equal(redSea().report.forecasts.where_a_market_speaks.market, null, 'no market asked about Bab el-Mandeb');
});

test('a walk tells the decisions that a replay tells, and the desk makes the same report as a job', { timeout: 180_000 }, async () => {
  using folder = deskHome();
  using scenario = shortScenario('hormuz-2026', '2026-02-24', '2026-03-22');
  const first = await walked(scenario.path);
  await using desk = await startDesk({ home: folder.home, args: ['--scenario', scenario.path, '--seconds-per-day', '0'] });
  await played(desk);
  const replayed = (await all(desk, '/api/v1/decisions?status=all')).map((d) => `${String(d['id'])} ${String(d['as_of'])} ${String(d['shipment_id'])} ${String(d['action'])} ${String(d['status'])}`);
  const told = first.decisions.map((d) => `${d.id} ${d.content.as_of} ${d.content.shipment_id} ${d.content.action} ${d.status}`);
  assert.ok(told.some((line) => line.includes(' divert ')) && told.length > 10);
  assert.deepEqual(told.toSorted(), replayed.toSorted());
  assert.equal((await walked(scenario.path)).report.id, first.report.id);

  // The desk walks it too, beside its own database, as a job: the same figures and rules give the same report.
  const headers = { authorization: `Bearer ${desk.token!}`, 'content-type': 'application/json' };
  const ask = (name: string) => fetch(`${desk.url}/api/v1/backtests`, { method: 'POST', headers, body: JSON.stringify({ scenario: name }) });
  assert.equal((await ask('no-such')).status, 404);
  const asked = await ask('hormuz-2026');
  assert.equal(asked.status, 202);
  const { id } = (await asked.json()) as { id: string };
  const found = async () => (await desk.get(`/api/v1/backtests/${id}`)).body as { status: string; days_done: number; report: BacktestReport | null; error: unknown };
  await until(async () => ['done', 'failed'].includes((await found()).status), { ended: desk.ended, output: desk.output, limitMs: 120_000, what: 'the end of the backtest' });
  const { status, days_done, report, error } = await found();
  assert.deepEqual([status, days_done, error], ['done', 76, null]);
  assert.equal(report!.id, hormuz().report.id);
  assert.equal((await ask('hormuz-2026')).status, 200, 'a repeat gives what there is');
  assert.deepEqual((await all(desk, '/api/v1/backtests')).map((b) => [b['id'], b['status']]), [[id, 'done']]);
});
