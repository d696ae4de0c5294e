/** What really happened at a passage, from its transits as they stood in the end. Pure. Knows what no decision could know. */
import { passageLevels, type PassageLevels } from '../../flow/reality/index.ts';
import type { ChokepointId } from '../../model/place.ts';
import { addDays } from '../../model/time.ts';
import { newestKnown, type Scenario, type TransitColumn } from '../../scenario/index.ts';

export { isClosed, metAt, type Met } from '../../flow/reality/index.ts';

/** The normal is the mean of the days before the first day played, this many; of which so many must be recorded. */
const BASELINE_DAYS = 90;
const BASELINE_LEAST_DAYS = 60;

export interface PassageRecord extends PassageLevels {
  readonly chokepoint: ChokepointId;
  /** Which ships are counted: container ships where the record has them. */
  readonly ships: TransitColumn;
  /** Ships a day. */
  readonly baseline: number;
}

/** @returns null where the record has too few days before the play, or ships never used the passage */
export function passageRecord(scenario: Pick<Scenario, 'transits' | 'from'>, chokepoint: ChokepointId): PassageRecord | null {
  const rows = newestKnown(scenario.transits.filter((r) => r.chokepoint === chokepoint), Number.POSITIVE_INFINITY, (r) => r.observedFor);
  const before = rows.filter((r) => r.observedFor < scenario.from && r.observedFor >= addDays(scenario.from, -BASELINE_DAYS));
  const ships: TransitColumn = before.some((r) => r.counts.container !== null) ? 'container' : 'total';
  const normal = before.flatMap((r) => r.counts[ships] ?? []);
  const baseline = normal.reduce((sum, n) => sum + n, 0) / normal.length;
  if (normal.length < BASELINE_LEAST_DAYS || baseline === 0) return null;
  const counts = rows.flatMap((r) => (r.counts[ships] === null ? [] : [[r.observedFor, r.counts[ships]] as const]));
  return { chokepoint, ships, baseline, level: passageLevels(counts, baseline).level };
}
