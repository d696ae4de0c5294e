/** `bellwether backtest`: history walked with no look-ahead, in a database of its own, and what came of the advice. */
import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { backtestAlone } from '../app/backtest.ts';
import { loadScenario } from '../app/scenarios.ts';
import type { BacktestReport } from '../desk/backtest/index.ts';
import { defineErrors } from '../kernel/errors/index.ts';
import { EXIT, type Command } from './command.ts';
import { errors as commandErrors } from './errors.ts';
import { MIGRATIONS, SCENARIOS } from './paths.ts';
import { progressBar, table, type Terminal } from './terminal.ts';

const DEFAULT_SCENARIO = 'hormuz-2026';

const errors = defineErrors({
  BACKTEST_OUT: { status: 500, title: 'The report could not be written' },
});

export const backtestCommand: Command = {
  name: 'backtest',
  usage: 'backtest [SCENARIO]',
  about: 'walk a scenario with no look-ahead and report alarms, forecasts, and what the advice was worth',
  options: {
    scenario: { type: 'string', about: 'a name in scenarios/ or the path of a folder (instead of SCENARIO)' },
    out: { type: 'string', about: 'write the report as JSON to this file' },
  },
  async run({ terminal, args, signal, option, flag }) {
    if (option('scenario') !== undefined && args[0] !== undefined) throw commandErrors.COMMAND_WRONG({ field: '--scenario', detail: `${args[0]} and ${option('scenario')}`, fix: 'Name one scenario, once' });
    const scenario = loadScenario(option('scenario') ?? args[0] ?? DEFAULT_SCENARIO, SCENARIOS);
    const out = option('out');
    // Told before the walk, not after it: a year takes a while.
    if (out !== undefined) writable(resolve(out));
    terminal.err(`${scenario.title}: ${scenario.from} to ${scenario.to}\n`);
    let bar: ReturnType<typeof progressBar> | null = null;
    const report = await backtestAlone(scenario, {
      migrations: MIGRATIONS,
      signal,
      onDay(day, days, asOf) {
        bar ??= progressBar(terminal, days, 'day');
        bar.at(day, new Date(asOf).toISOString().slice(0, 10));
      },
    }).catch((e: unknown) => {
      if (signal.aborted) return null;
      throw e;
    });
    (bar as ReturnType<typeof progressBar> | null)?.end();
    if (report === null) return EXIT.failed;
    const json = `${JSON.stringify(report, null, 2)}\n`;
    if (out !== undefined) write(resolve(out), json);
    if (flag('json')) terminal.out(json);
    else tell(terminal, report);
    if (out !== undefined) terminal.err(`The report is in ${out}\n`);
    return EXIT.ok;
  },
};

const writable = (path: string): void => orOut(path, () => accessSync(dirname(path), constants.W_OK));
const write = (path: string, text: string): void => orOut(path, () => writeFileSync(path, text));

function orOut(path: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw errors.BACKTEST_OUT({ field: '--out', detail: `${path}: ${(cause as Error).message}`, fix: 'Give a file in a folder that exists and may be written', cause });
  }
}

const dollars = (text: string): string => `${text.startsWith('-') ? '−' : ''}$${Math.abs(Math.round(Number(text))).toLocaleString('en-US')}`;
const percent = (p: number): string => `${(p * 100).toFixed(0)} %`;
const within = ([low, high]: readonly [string, string]): string => `${dollars(low)} … ${dollars(high)}`;
const actsOf = (acts: Readonly<Record<string, number>>): string => Object.entries(acts).map(([name, n]) => `${n} ${name}`).join(', ');

const POLICY: Readonly<Record<string, string>> = { ours: 'our decisions', proceed: 'always proceed', reroute: 'always reroute', hindsight: 'perfect hindsight' };

function tell(terminal: Terminal, r: BacktestReport): void {
  const section = (title: string, text: string): void => terminal.out(`\n${title}\n${text}`);
  section(`Alarms: ${r.alarms.length}, of which ${r.false_alarms.total} false (${r.false_alarms.per_year} a year)`, r.alarms.length === 0 ? 'none\n' : alarmTable(r));
  section('Decisions', `${r.decisions.made} on ${r.decisions.shipments} shipments (${actsOf(r.decisions.by_action) || 'none'}); ${r.decisions.alert_worthy} worth telling, ${r.decisions.alert_worthy_actions} of them ask to act\n`);
  section(`Forecasts: ${r.forecasts.rows} probabilities, ${r.forecasts.hits} of them hit`, forecastTable(r));
  const { book } = r.regret;
  section(
    `What the advice was worth: ${book.exposures} exposures of ${book.shipments} shipments, ${book.hit} hit (below ${percent(r.regret.closed_share)} of usual traffic)`,
    policyTable(r),
  );
  for (const s of r.regret.ours_saves) terminal.out(`Against ${POLICY[s.than]}: our decisions saved ${dollars(s.saved_usd)} (${within(s.interval_90_usd)})\n`);
  section('The same where another share of traffic counts as closed', sensitivityTable(r));
  terminal.out(`\nReport ${r.id}\n`);
}

const alarmTable = (r: BacktestReport): string =>
  table(r.alarms, [
    { title: 'for', value: (a) => a.alarmed_for },
    { title: 'known', value: (a) => a.known_at.slice(0, 16).replace('T', ' ') },
    { title: 'series', value: (a) => a.series },
    { title: 'level', value: (a) => percent(a.level), align: 'right' },
    { title: 'level changed', value: (a) => a.changed_on ?? '–' },
    { title: 'after the event', value: (a) => (a.days_after_event ? `${a.days_after_event.known} days` : '–'), align: 'right' },
    { title: '', value: (a) => (a.false_alarm ? 'false' : a.before_start ? 'before the start' : (a.event?.title ?? '')), max: 60 },
  ]);

function forecastTable(r: BacktestReport): string {
  const { ours, climatology, where_a_market_speaks: market, silent } = r.forecasts;
  const rows = [
    { who: 'our decisions', score: ours },
    { who: 'climatology', score: climatology },
    { who: 'our decisions, where a market speaks', score: market.ours },
    { who: 'the raw market', score: market.market },
  ].flatMap(({ who, score }) => (score ? [{ who, score }] : []));
  const text = table(rows, [
    { title: '', value: (row) => row.who },
    { title: 'n', value: (row) => String(row.score.n), align: 'right' },
    { title: 'passages', value: (row) => String(row.score.clusters), align: 'right' },
    { title: 'Brier', value: (row) => row.score.brier.toFixed(3), align: 'right' },
    { title: 'log loss', value: (row) => row.score.log_loss.toFixed(3), align: 'right' },
    { title: 'ECE', value: (row) => row.score.ece.toFixed(3), align: 'right' },
  ]);
  return `${text}Nothing was said about ${silent.passages} passages of ships; ${silent.hit} of them were closed\n`;
}

const policyTable = (r: BacktestReport): string =>
  table(r.regret.policies, [
    { title: 'policy', value: (p) => POLICY[p.policy]! },
    { title: 'cost', value: (p) => dollars(p.total_usd), align: 'right' },
    { title: '90 % interval', value: (p) => within(p.interval_90_usd), align: 'right' },
    { title: 'regret', value: (p) => dollars(p.regret_usd), align: 'right' },
    { title: 'what was done', value: (p) => actsOf(p.acts) },
  ]);

const sensitivityTable = (r: BacktestReport): string =>
  table(r.regret.sensitivity, [
    { title: 'closed below', value: (s) => percent(s.closed_share) },
    { title: 'hit', value: (s) => String(s.hit), align: 'right' },
    { title: 'our decisions', value: (s) => dollars(s.ours_usd), align: 'right' },
    { title: 'always proceed', value: (s) => dollars(s.proceed_usd), align: 'right' },
    { title: 'always reroute', value: (s) => dollars(s.reroute_usd), align: 'right' },
    { title: 'perfect hindsight', value: (s) => dollars(s.hindsight_usd), align: 'right' },
  ]);
