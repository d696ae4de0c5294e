/** Train before, test after, and no event on both sides. Pure. */
import type { Millis } from '../../../model/time.ts';
import type { Opinion } from '../pooling.ts';

/** A forecast with its outcome, and what the pool was made of. */
export interface LearnRow {
  readonly event: string;
  /** Who told the raw price. */
  readonly source: string;
  readonly raw: number;
  readonly days: number;
  readonly opinions: readonly Opinion[];
  readonly outcome: 0 | 1;
  readonly forecastAt: Millis;
  /** When the outcome was known. */
  readonly knownAt: Millis;
}

export interface Split {
  readonly at: Millis;
  /** Of events that had ended, outcome and all, by `at`. */
  readonly train: readonly LearnRow[];
  /** Of events of which nothing was forecast before `at`. */
  readonly test: readonly LearnRow[];
  /** Rows of events that lie across `at`: on neither side. */
  readonly purged: number;
}

/**
 * The time that leaves most events on the smaller side, the earliest of such. Outcomes are not looked at.
 * @returns null without rows
 */
export function splitByTime(rows: readonly LearnRow[]): Split | null {
  const spans = new Map<string, { from: Millis; to: Millis }>();
  for (const { event, forecastAt, knownAt } of rows) {
    const span = spans.get(event);
    spans.set(event, { from: Math.min(forecastAt, span?.from ?? forecastAt), to: Math.max(knownAt, span?.to ?? knownAt) });
  }
  const ends = [...spans.values()].map((s) => s.to).sort((a, b) => a - b);
  const starts = [...spans.values()].map((s) => s.from).sort((a, b) => a - b);
  let best: { at: Millis; least: number } | null = null;
  let begun = 0;
  for (const [i, at] of ends.entries()) {
    while (begun < starts.length && starts[begun]! <= at) begun++;
    const least = Math.min(i + 1, starts.length - begun);
    if (best === null || least > best.least) best = { at, least };
  }
  if (best === null) return null;
  const { at } = best;
  const train = rows.filter((r) => spans.get(r.event)!.to <= at);
  const test = rows.filter((r) => spans.get(r.event)!.from > at);
  return { at, train, test, purged: rows.length - train.length - test.length };
}
