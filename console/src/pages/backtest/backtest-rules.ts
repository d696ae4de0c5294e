// Pure words and arithmetic of the backtest pages.
import type { BacktestAlarm, BacktestEvent, BacktestReport, Policy } from '../../api/backtests.ts';
import { dollars, money } from '../../format/money.ts';
import { decimal } from '../../format/number.ts';
import { DAY, millis } from '../../format/time.ts';

export const POLICY_WORDS: Readonly<Record<Policy, readonly [name: string, means: string]>> = {
  ours: ['Our decisions', 'what the desk advised, when it advised it'],
  proceed: ['Always proceed', 'sail as booked, whatever comes'],
  reroute: ['Always reroute', 'the cheapest way round, every time'],
  hindsight: ['Perfect hindsight', 'the cheapest course, knowing what came'],
};

const SHIPS: Readonly<Record<string, string>> = { total: 'all ships', container: 'container ships', tanker: 'tankers', dry_bulk: 'dry bulk ships', general_cargo: 'general cargo ships', roro: 'car carriers' };

/** `hormuz.transits.container` counts container ships. */
export function seriesWords(series: string): string {
  const last = series.split('.').at(-1) ?? series;
  return SHIPS[last] ?? last.replaceAll('_', ' ');
}

/** Counts of options as people read them: `"1 divert, 12 proceed"`, the most frequent first. */
export const actsWords = (acts: Readonly<Record<string, number>>): string =>
  Object.entries(acts)
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .map(([option, n]) => `${n} ${option}`)
    .join(', ');

/** Days after an event, as people say them: the same day is "the same day". */
export const daysAfter = (days: number): string => (days === 0 ? 'the same day' : `${decimal(days)} ${days === 1 ? 'day' : 'days'} after`);

export interface Verdict {
  readonly tone: 'good' | 'bad' | 'calm';
  readonly text: string;
}

/** What our decisions saved or cost against each simple rule, said plainly also where the rule did better. */
export function verdicts(regret: Pick<BacktestReport['regret'], 'ours_saves'>): readonly Verdict[] {
  return regret.ours_saves
    .filter(({ than }) => than !== 'hindsight')
    .map(({ than, saved_usd, interval_90_usd: [low, high] }) => {
      const saved = dollars(saved_usd);
      const name = POLICY_WORDS[than][0].toLowerCase();
      if (Math.round(saved) === 0) return { tone: 'calm', text: `the same as ${name}.` };
      const cheaper = saved > 0;
      // Both ends in the sense of the sentence: a dearer course has an interval of what it costs more.
      const [least, most] = (cheaper ? [dollars(low), dollars(high)] : [-dollars(high), -dollars(low)]).map(Math.round) as [number, number];
      const sure = least > 0;
      const range = sure ? `${money(least)} to ${money(most)}` : `from ${money(-least)} ${cheaper ? 'dearer' : 'cheaper'} to ${money(most)} ${cheaper ? 'cheaper' : 'dearer'}`;
      return { tone: !sure ? 'calm' : cheaper ? 'good' : 'bad', text: `${money(Math.round(Math.abs(saved)))} ${cheaper ? 'cheaper' : 'dearer'} than ${name} (90 % interval ${range}).` };
    });
}

export interface AlarmRow {
  readonly kind: 'alarm' | 'none';
  readonly chokepoint: string;
  readonly alarm: BacktestAlarm | null;
  /** 1-based numbers of the events, as the list under the chart counts them. */
  readonly event: number | null;
}

const sameEvent = (e: BacktestEvent, a: BacktestAlarm): boolean => a.event !== null && e.day === a.event.day && e.title === a.event.title;

/** One row an alarm, oldest first, and one for each passage that an event hit without any. */
export function alarmRows({ alarms, events }: Pick<BacktestReport, 'alarms' | 'events'>): readonly AlarmRow[] {
  const rows = [...alarms]
    .sort((a, b) => a.known_at.localeCompare(b.known_at) || a.series.localeCompare(b.series))
    .map((alarm): AlarmRow => {
      const at = events.findIndex((e) => sameEvent(e, alarm));
      return { kind: 'alarm', chokepoint: alarm.chokepoint, alarm, event: at === -1 ? null : at + 1 };
    });
  const silent = events.flatMap((e, i) => e.affects.filter((id) => !alarms.some((a) => a.chokepoint === id)).map((id): AlarmRow => ({ kind: 'none', chokepoint: id, alarm: null, event: i + 1 })));
  return [...rows, ...silent];
}

/** First days of months inside the span, for the axis; with the first day when no month begins inside. */
export function monthTicks(from: string, to: string): readonly number[] {
  const ticks: number[] = [];
  const start = new Date(millis(from));
  for (let at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), 1); at <= millis(to) + DAY; ) {
    if (at >= millis(from)) ticks.push(at);
    const next = new Date(at);
    at = Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 1);
  }
  return ticks.length === 0 ? [millis(from)] : ticks;
}

/** Where the alarm row ends: an event's window, or the end of the scenario. */
export const windowEnd = (event: BacktestEvent, to: string): number => millis(event.until ?? to) + DAY;
