/**
 * Which questions share an event. "Strikes by 28 February" and "by 30 June" are answered by the same strike: counted as two, they would make
 * the record look surer than it is. Pure.
 */
import type { Millis } from '../../model/time.ts';

export interface QuestionLife {
  /** Stable: source and the source's own id. */
  readonly question: string;
  /** Questions of one group speak of the same kind of event (they share a link). */
  readonly group: string;
  /** First forecast that is scored. */
  readonly from: Millis;
  /** When its outcome was known. */
  readonly to: Millis;
}

/**
 * Questions of one group whose lives overlap, also through others, are one event; a later one that begins after all of them have ended is
 * another. Errs towards too few events.
 * @returns question → event, named after its group and its earliest question
 */
export function eventsOf(lives: readonly QuestionLife[]): ReadonlyMap<string, string> {
  const events = new Map<string, string>();
  const open = new Map<string, { event: string; until: Millis }>();
  for (const life of lives.toSorted((a, b) => a.from - b.from || (a.question < b.question ? -1 : 1))) {
    const chain = open.get(life.group);
    const event = chain && life.from <= chain.until ? chain.event : `${life.group} ${life.question}`;
    events.set(life.question, event);
    open.set(life.group, { event, until: Math.max(life.to, chain?.event === event ? chain.until : life.to) });
  }
  return events;
}
