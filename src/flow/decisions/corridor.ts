/**
 * The passages of one corridor as one risk. A corridor is what one way around avoids together: whoever goes round the Cape for Bab el-Mandeb
 * spares Suez too, so the two ask for one decision. Pure. Not here: which passages are a corridor (`ways.ts`).
 */
import { anyOf, type Probability } from '../../model/probability.ts';
import type { ChokepointId } from '../../model/place.ts';
import type { PreparedRisk } from './hit-probability.ts';
import type { EventRisk, Evidence } from './inputs.ts';
import { PARAMETERS } from './settings.ts';

/** One passage of a corridor, with its risks. */
export interface Part {
  readonly chokepoint: ChokepointId;
  /** Indices into the prepared risks. */
  readonly risks: readonly number[];
  /** Parts of one number have a cause in common. */
  readonly cause: number;
}

/** @returns a part for each passage that a risk still speaks of, in the order of the risks */
export function partsOf(prepared: readonly PreparedRisk[]): readonly Part[] {
  const byPassage = new Map<ChokepointId, number[]>();
  for (const [i, { risk }] of prepared.entries()) byPassage.set(risk.chokepoint, [...(byPassage.get(risk.chokepoint) ?? []), i]);
  const passages = [...byPassage].map(([chokepoint, risks]) => ({ chokepoint, risks, signs: signsOf(risks.map((i) => prepared[i]!.risk)) }));
  let causes = passages.map((_, i) => i);
  for (const [i, a] of passages.entries()) {
    for (const [j, b] of passages.slice(0, i).entries()) {
      const [from, to] = [causes[i], causes[j]!];
      if ([...a.signs].some((sign) => b.signs.has(sign))) causes = causes.map((cause) => (cause === from ? to : cause));
    }
  }
  return passages.map(({ chokepoint, risks }, i) => ({ chokepoint, risks, cause: causes[i]! }));
}

/** What was read of the world; a link or the version of the pool says nothing of a cause. */
const READ: ReadonlySet<Evidence['kind']> = new Set(['signal', 'observation', 'alarm']);

/**
 * What two passages have in common when one cause threatens both: a piece of evidence, or lost traffic. Ships that stay away from one passage
 * of a corridor stay away from all of it, so that two losses which are seen there are the same ships, counted twice.
 */
function signsOf(risks: readonly EventRisk[]): ReadonlySet<string> {
  const read = risks.flatMap((r) => r.evidence.filter((e) => READ.has(e.kind)).map((e) => `${e.kind} ${e.id}`));
  return new Set(risks.some((r) => r.basis.kind === 'observed') ? [...read, 'lost traffic'] : read);
}

/**
 * P(one of the passages is closed to the ship when it gets there): of those with a cause in common the largest, and of what is then left, as
 * independent, the union 1 − Π(1 − p).
 * @param each by part
 */
export function corridorProbability(parts: readonly Pick<Part, 'cause'>[], each: readonly Probability[]): Probability {
  if (each.length === 1) return each[0]!;
  const largest = new Map<number, Probability>();
  for (const [i, { cause }] of parts.entries()) largest.set(cause, Math.max(largest.get(cause) ?? 0, each[i]!));
  const causes = [...largest.values()];
  // Sorted, since a product of doubles depends on its order.
  return causes.length === 1 ? causes[0]! : anyOf(causes.toSorted((a, b) => a - b));
}

/**
 * The passage that leads: the likeliest to be closed. The one that led before keeps the lead until another is likelier by a declared share,
 * so that two which are close do not change places from one day to the next.
 * @param each in the order in which the ship comes to them
 */
export function leadOf(each: readonly { readonly chokepoint: ChokepointId; readonly p: Probability }[], before: string | null): ChokepointId {
  let first = each[0]!;
  for (const other of each) if (other.p > first.p) first = other;
  const led = each.find((e) => e.chokepoint === before);
  return led && first.p <= led.p * (1 + PARAMETERS.leadShare) ? led.chokepoint : first.chokepoint;
}
