/** The record in the shape that the pool is fitted to. Pure. */
import { eventsOf } from '../events.ts';
import type { RecordRow } from '../store.ts';
import type { LearnRow } from './split.ts';

/** Question → event, by the lives of the questions in the record. */
export function eventOfQuestion(rows: readonly RecordRow[]): ReadonlyMap<string, string> {
  const lives = [...Map.groupBy(rows, (r) => r.question)].map(([question, own]) => ({ question, group: own[0]!.group, from: Math.min(...own.map((r) => r.forecastAt)), to: own[0]!.knownAt }));
  return eventsOf(lives);
}

/** What the pool is fitted to: each of its forecasts beside the raw price of the same moment. */
export function learnRows(rows: readonly RecordRow[]): readonly LearnRow[] {
  const events = eventOfQuestion(rows);
  const raw = new Map(rows.filter((r) => r.forecaster === 'market').map((r) => [`${r.question} ${r.forecastAt}`, r.probability]));
  return rows.flatMap((r) => {
    const price = raw.get(`${r.question} ${r.forecastAt}`);
    if (r.opinions === null || price === undefined) return [];
    return [{ event: events.get(r.question)!, source: r.source, raw: price, days: r.windowDays, opinions: r.opinions, outcome: r.outcome, forecastAt: r.forecastAt, knownAt: r.knownAt }];
  });
}
