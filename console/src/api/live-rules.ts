// Pure rules of the live connection: how long to wait before trying again, and which answers an event makes old.

const BASE_MS = 500;
const CAP_MS = 20_000;

/**
 * Full-jitter exponential backoff (Brooker, "Exponential Backoff and Jitter", AWS 2015), with a floor so that a dead
 * server is not asked in a tight loop.
 * @param attempt 0 for the first retry
 * @param random in [0, 1)
 * @returns ms, 250 to 20,000
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling / 2 + (random * ceiling) / 2);
}

/** The first word of the query keys that an event touches. `*` is all: after a gap nobody knows what was missed. */
const TOUCHES: Readonly<Record<string, readonly string[]>> = {
  hello: ['*'],
  'replay.tick': ['status'],
  'signal.stored': ['signals', 'chokepoints', 'history'],
  'observation.stored': ['chokepoints', 'history'],
  'decision.made': ['decisions', 'decision', 'chokepoints'],
  'alert.updated': ['alerts'],
};

/** What no event and no gap makes old. */
const FIXED: ReadonlySet<string> = new Set(['geography', 'sea-route']);
export const isFixed = (key: string): boolean => FIXED.has(key);

export const keysTouchedBy = (type: string): readonly string[] => TOUCHES[type] ?? [];

export interface LiveEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Null for anything that is not an event: an unreadable message is dropped, never trusted. */
export function readEvent(data: unknown): LiveEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string' ? (value as LiveEvent) : null;
  } catch {
    return null;
  }
}
