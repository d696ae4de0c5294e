/** `bellwether replay`: plays a scenario from its first day to its last in a desk of its own, and tells what it decided. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createDesk, ROLES } from '../app.ts';
import { loadScenario, scenarioView } from '../app/scenarios.ts';
import { readConfig } from '../config.ts';
import { EXIT, type Command } from './command.ts';
import { CONSOLE, MIGRATIONS, SCENARIOS, version } from './paths.ts';
import { DEFAULT_SCENARIO, secondsPerDay } from './start-command.ts';
import { progressBar, table, type Terminal } from './terminal.ts';

/** The desk that plays, and what it reads with. */
interface Api {
  readonly url: string;
  readonly token: string;
}

interface Replay {
  readonly status: 'playing' | 'paused' | 'ended';
  readonly day: number;
  readonly days: number;
  readonly sim_time: string;
}

interface Decision {
  readonly id: string;
  readonly as_of: string;
  readonly shipment_reference: string;
  readonly chokepoint: string;
  readonly action: string;
  readonly headline: string;
  readonly probability: number;
  readonly break_even: number | null;
  readonly expected_cost_usd: string;
  readonly saving_usd: string;
  readonly deadline: string | null;
}

interface Alert {
  readonly id: string;
  readonly status: string;
  /** Quiet hours keep it until then, in desk time: after the last day that never comes. */
  readonly held_until: string | null;
}

const FINAL = new Set(['delivered', 'read', 'failed', 'suppressed']);

export const replayCommand: Command = {
  name: 'replay',
  usage: 'replay SCENARIO',
  about: 'play a scenario to its end, in a database of its own, and tell what was decided',
  options: { 'seconds-per-day': { type: 'string', about: 'pace (default 0: as fast as the work is done)' } },
  async run(context) {
    const { terminal, args, signal } = context;
    const scenario = loadScenario(args[0] ?? DEFAULT_SCENARIO, SCENARIOS);
    const home = mkdtempSync(join(tmpdir(), 'bw-replay-'));
    // Nothing of the configured desk is touched: another database, other ports, twins for every venue.
    const { values } = readConfig({ PORT: '0', GATE_PORT: '0', TRACE_PORT: '0', LOG_LEVEL: 'error', ENABLE_TRACING: 'false', RATE_LIMIT_GLOBAL: '1000000', RATE_LIMIT_PER_CALLER: '1000000' });
    // The first start of its database makes one; it reads with it, and both are gone at the end.
    let token = '';
    const desk = createDesk({
      config: values,
      mode: 'replay',
      roles: new Set(ROLES),
      scenario,
      scenarios: [scenarioView(scenario)],
      scenarioFolder: SCENARIOS,
      secondsPerDay: secondsPerDay(context) ?? 0,
      home,
      migrations: MIGRATIONS,
      console: CONSOLE,
      version: version(),
      terminal: terminal.interactive,
      stop: signal,
      announce: { adminToken: (made) => void (token = made) },
    });
    try {
      terminal.err(`${scenario.title}: ${scenario.from} to ${scenario.to}\n`);
      const { apiUrl } = await desk.start();
      const api: Api = { url: apiUrl!, token };
      await follow(api, terminal, signal);
      if (signal.aborted) return EXIT.failed;
      const decisions = (await everything<Decision>(api, '/api/v1/decisions?status=all')).toSorted((a, b) => (a.as_of < b.as_of ? -1 : 1));
      const alerts = await everything<Alert>(api, '/api/v1/alerts');
      if (context.flag('json')) terminal.out(`${JSON.stringify({ scenario: scenario.name, decisions, alerts }, null, 2)}\n`);
      else report(terminal, decisions, alerts);
      return EXIT.ok;
    } finally {
      await desk.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

async function follow(api: Api, terminal: Terminal, signal: AbortSignal): Promise<void> {
  let bar: ReturnType<typeof progressBar> | null = null;
  for (let settled = false; !settled && !signal.aborted; ) {
    const replay = await ask<Replay>(api, '/api/v1/replay');
    bar ??= progressBar(terminal, replay.days, 'day');
    if (replay.status === 'ended') {
      const open = (await everything<Alert>(api, '/api/v1/alerts')).filter((a) => !FINAL.has(a.status) && a.held_until === null).length;
      settled = open === 0;
      bar.at(replay.days, settled ? '' : `waiting for ${open} message${open === 1 ? '' : 's'} to arrive`);
    } else bar.at(replay.day, replay.sim_time.slice(0, 10));
    if (!settled) await pause(250, undefined, { signal }).catch(() => undefined);
  }
  bar?.end();
}

function report(terminal: Terminal, decisions: readonly Decision[], alerts: readonly Alert[]): void {
  terminal.out(
    table(decisions, [
      { title: 'decided', value: (d) => d.as_of.slice(0, 10) },
      { title: 'shipment', value: (d) => d.shipment_reference },
      { title: 'passage', value: (d) => d.chokepoint },
      { title: 'action', value: (d) => d.action },
      { title: 'p', value: (d) => percent(d.probability), align: 'right' },
      { title: 'break-even', value: (d) => (d.break_even === null ? '–' : percent(d.break_even)), align: 'right' },
      { title: 'expected cost', value: (d) => dollars(d.expected_cost_usd), align: 'right' },
      { title: 'saves', value: (d) => dollars(d.saving_usd), align: 'right' },
      { title: 'decide before', value: (d) => d.deadline?.slice(0, 16).replace('T', ' ') ?? '–' },
    ]),
  );
  const counts = new Map<string, number>();
  for (const { status, held_until } of alerts) {
    const state = held_until === null || FINAL.has(status) ? status : 'held for quiet hours';
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  terminal.out(`\n${decisions.length} decisions, ${alerts.length} alerts (${[...counts].map(([status, n]) => `${n} ${status}`).join(', ') || 'none'})\n`);
}

const percent = (p: number): string => `${(p * 100).toFixed(1)} %`;
const dollars = (text: string): string => `$${Math.round(Number(text)).toLocaleString('en-US')}`;

async function ask<T>({ url, token }: Api, path: string): Promise<T> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url + path, { headers, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return (await response.json()) as T;
}

async function everything<T>(api: Api, path: string): Promise<readonly T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: T[]; next_cursor: string | null } = await ask(api, `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return items;
}
