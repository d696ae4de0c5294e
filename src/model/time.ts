/**
 * Time: the clock that everything is given, and calendar arithmetic in UTC.
 * An instant is a `Date` at the edge and epoch milliseconds inside; a day is `YYYY-MM-DD`.
 */

/** Epoch milliseconds, UTC. */
export type Millis = number;

/** A calendar day in UTC, `YYYY-MM-DD`. */
export type IsoDay = string;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Where "now" comes from. The system's in production, a replay's or a test's elsewhere. */
export interface Clock {
  /** Epoch milliseconds, UTC. */
  now(): Millis;
}

export const systemClock: Clock = Object.freeze({ now: () => Date.now() });

/** A clock that moves only when told: for tests and replays. */
export class ManualClock implements Clock {
  #now: Millis;
  constructor(start: Millis | string = 0) {
    this.#now = typeof start === 'string' ? parseInstant(start) : start;
  }
  now(): Millis {
    return this.#now;
  }
  set(at: Millis | string): void {
    this.#now = typeof at === 'string' ? parseInstant(at) : at;
  }
  advance(ms: number): void {
    this.#now += ms;
  }
}

/** @throws RangeError when the text is not an ISO 8601 instant or day */
export function parseInstant(text: string): Millis {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`not an ISO 8601 time: ${JSON.stringify(text)}`);
  return ms;
}

export const iso = (ms: Millis): string => new Date(ms).toISOString();
export const dayOf = (ms: Millis): IsoDay => iso(ms).slice(0, 10);

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Midnight UTC at the start of a day. @throws RangeError when it is not a real `YYYY-MM-DD` */
export function startOfDay(day: IsoDay): Millis {
  const ms = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || dayOf(ms) !== day) throw new RangeError(`not a calendar day: ${JSON.stringify(day)}`);
  return ms;
}

export const addDays = (day: IsoDay, days: number): IsoDay => dayOf(startOfDay(day) + days * DAY_MS);
export const daysBetween = (from: IsoDay, to: IsoDay): number => Math.round((startOfDay(to) - startOfDay(from)) / DAY_MS);
