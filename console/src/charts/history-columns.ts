// A chokepoint's history as the chart's columns. Time in seconds, as uPlot takes it.
import type { ChokepointHistory, OddsPoint } from '../api/types.ts';

export interface Columns {
  /** Epoch seconds, ascending, distinct. */
  readonly x: readonly number[];
  /** Vessels a day; null where none is known, undefined where another column owns the row. */
  readonly transits: readonly (number | null | undefined)[];
  /** 0..100. */
  readonly odds: readonly (number | null | undefined)[];
}

const DAY_S = 86_400;
const secondsOf = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

/** The market that the chart follows: the one that the desk names, else the one with most prices. */
export function chosenQuestion(odds: readonly OddsPoint[], preferred: string | null): string | null {
  if (preferred !== null && odds.some((point) => point.question === preferred)) return preferred;
  const counts = new Map<string, number>();
  for (const { question } of odds) counts.set(question, (counts.get(question) ?? 0) + 1);
  let best: string | null = null;
  for (const [question, n] of counts) if (best === null || n > (counts.get(best) ?? 0)) best = question;
  return best;
}

/**
 * @param asOf epoch ms: the last price holds until then (a step, since nothing between two prices is known)
 * @returns transits placed at noon of their day, odds at their instant
 */
export function columnsOf(history: Pick<ChokepointHistory, 'transits' | 'odds'>, question: string | null, asOf: number): Columns {
  const transits = new Map<number, number>();
  for (const { observed_for, value } of history.transits) transits.set(Math.floor(secondsOf(observed_for) / DAY_S) * DAY_S + DAY_S / 2, value);
  const odds = new Map<number, number>();
  const prices = history.odds.filter((point) => point.question === question).sort((a, b) => secondsOf(a.at) - secondsOf(b.at));
  for (const { at, value } of prices) odds.set(secondsOf(at), value * 100);
  const last = prices.at(-1);
  const now = Math.floor(asOf / 1000);
  if (last && secondsOf(last.at) < now) odds.set(now, last.value * 100);
  const x = [...new Set([...transits.keys(), ...odds.keys()])].sort((a, b) => a - b);
  return { x, transits: x.map((at) => transits.get(at)), odds: x.map((at) => odds.get(at)) };
}

/** The last value of a column and where it stands. */
export function lastOf(x: readonly number[], column: readonly (number | null | undefined)[]): { readonly at: number; readonly value: number } | null {
  for (let i = x.length - 1; i >= 0; i -= 1) {
    const value = column[i];
    if (typeof value === 'number') return { at: x[i]!, value };
  }
  return null;
}

export interface DayRow {
  readonly day: string;
  readonly transits: number | null;
  readonly odds: number | null;
}

/** The same history as a table: a row a day, newest first, with the odds that held at the end of that day. */
export function dayRows(columns: Columns): readonly DayRow[] {
  const rows = new Map<string, DayRow>();
  let odds: number | null = null;
  const until = lastOf(columns.x, columns.odds)?.at ?? Number.NEGATIVE_INFINITY;
  for (const [i, at] of columns.x.entries()) {
    const day = new Date(at * 1000).toISOString().slice(0, 10);
    // After the last price of a settled market none holds.
    if (at - until > DAY_S) odds = null;
    if (typeof columns.odds[i] === 'number') odds = columns.odds[i];
    const held: number | null | undefined = columns.transits[i];
    rows.set(day, { day, transits: typeof held === 'number' ? held : (rows.get(day)?.transits ?? null), odds });
  }
  return [...rows.values()].reverse();
}
