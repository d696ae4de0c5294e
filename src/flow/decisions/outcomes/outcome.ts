/** What came of a decision, and what that cost: pure. Not here: when the desk looks (`settle.ts`), and the SQL (`store.ts`). */
import { isClosed, metAt, CLOSED_SHARE, type Met, type PassageLevels } from '../../reality/index.ts';
import type { ChokepointId } from '../../../model/place.ts';
import { roundMicros, type Micros } from '../../../model/money.ts';
import { DAY_MS, type Millis } from '../../../model/time.ts';
import type { DecisionContent } from '../content.ts';
import type { DecisionInputs } from '../inputs.ts';
import { choicesAt, realisedCost, type GivenChoice, type Outcome } from '../realised-cost.ts';
import { EXPECTED } from '../settings.ts';

/** A passage that a decision weighed, and when the ship is there. */
export interface Passing {
  readonly chokepoint: ChokepointId;
  readonly passesAt: Millis;
}

/** The traffic of passages, as far as known; a passage that nobody counts is missing. */
export type SeenPassages = ReadonlyMap<ChokepointId, PassageLevels>;

/**
 * What the ship met, had it been `later` days late: the first of the passages that was closed.
 * @returns null where none was closed as far as is known, and of one it is not known
 */
export function metBy(passings: readonly Passing[], seen: SeenPassages, later = 0): Met | null {
  let unknown = false;
  for (const { chokepoint, passesAt } of passings) {
    const levels = seen.get(chokepoint);
    const met = levels ? metAt(levels, passesAt + later * DAY_MS, CLOSED_SHARE) : null;
    if (met?.hit) return met;
    unknown ||= met === null;
  }
  return unknown ? null : { hit: false, closedDays: 0, censored: false };
}

/** `chosen` is what was advised; beside it what else could be done when it was. */
export type PolicyCosts = { readonly chosen: Micros; readonly proceed: Micros } & Readonly<Record<string, Micros>>;

/** Always: so that following one policy can be told from deciding. */
const POLICIES = ['reroute', 'divert'] as const;

/**
 * What the advice and the other policies came to, at the medians, beyond the undisturbed voyage.
 * @param met what the ship met, had it sailed so many days later; null: not known
 * @param jumped whether a passage was closed already when the choice was made
 * @returns null where what the advised delay met is not known
 */
export function policyCosts(inputs: DecisionInputs, advice: Pick<DecisionContent, 'action' | 'options'>, met: (later: number) => Outcome | null, jumped: boolean): PolicyCosts | null {
  const { asOf, shipment, chokepoint, routes, freight } = inputs;
  const given: GivenChoice = { asOf, shipment, chokepoint, routes, freight };
  const open = choicesAt(given).map((o) => o.id);
  const cost = (id: string): Micros | null => {
    let known = true;
    const micros = realisedCost(given, id, (later) => {
      const outcome = met(later);
      known &&= outcome !== null;
      return outcome ?? { hit: false, closedDays: 0 };
    }, jumped)(EXPECTED);
    return known ? roundMicros(micros) : null;
  };
  const chosen = cost(optionOf(advice, open));
  const proceed = cost('proceed');
  if (chosen === null || proceed === null) return null;
  const others = POLICIES.flatMap((id) => (open.includes(id) ? [[id, cost(id)!] as const] : []));
  return { chosen, proceed, ...Object.fromEntries(others) };
}

/** Which variant was advised. Who was told to wait, and was told nothing else, sailed. */
function optionOf({ action, options }: Pick<DecisionContent, 'action' | 'options'>, open: readonly string[]): string {
  const id = action === 'wait' ? 'proceed' : action === 'delay' ? `delay:${options.find((o) => o.action === 'delay')?.extra_days ?? 0}` : action;
  return open.includes(id) ? id : 'proceed';
}

/** Whether a passage was closed on the day of the choice already: then ways out had their price of a crisis. */
export const closedAt = (passings: readonly Passing[], seen: SeenPassages, at: Millis): boolean =>
  passings.some(({ chokepoint }) => isClosed(seen.get(chokepoint) ?? NOTHING_SEEN, at, CLOSED_SHARE) === true);
const NOTHING_SEEN: PassageLevels = { level: () => null };
