// What comes first on the overview. Pure.
import type { Chokepoint, ChokepointStatus, DecisionSummary } from '../../api/types.ts';

const WEIGHT: Readonly<Record<ChokepointStatus, number>> = { CONFIRMED: 4, SURPRISE: 4, MATERIALIZING: 3, PREDICTED_NOT_OBSERVED: 2, NORMAL: 0 };

/** The passages by what they ask of a person: state, then shipments exposed, then odds, then name. */
export const byConcern = (chokepoints: readonly Chokepoint[]): readonly Chokepoint[] =>
  [...chokepoints].sort(
    (a, b) =>
      (WEIGHT[b.status] ?? 1) - (WEIGHT[a.status] ?? 1) ||
      b.exposed_shipments - a.exposed_shipments ||
      (b.probability?.value ?? -1) - (a.probability?.value ?? -1) ||
      a.name.localeCompare(b.name),
  );

/** The desk cannot answer for it alone: a person is to look, whatever it advises. */
export const needsEyes = ({ escalated, status }: Pick<DecisionSummary, 'escalated' | 'status'>): boolean => escalated !== null && status === 'active';

/** Of those that proceed, what a person is to look at first, then the ones nearest to their break-even first; those for which nothing else is open last. */
export const byDistance = (decisions: readonly DecisionSummary[]): readonly DecisionSummary[] => {
  const share = ({ probability, break_even }: DecisionSummary): number => (break_even === null || break_even === 0 ? -1 : probability / break_even);
  return [...decisions].sort((a, b) => Number(needsEyes(b)) - Number(needsEyes(a)) || share(b) - share(a) || due(a) - due(b) || a.id.localeCompare(b.id));
};

const due = (decision: DecisionSummary): number => (decision.deadline === null ? Infinity : Date.parse(decision.deadline));

/** Decisions that ask a person to act, by deadline (passed ones first), then by what is at stake; and those that do not. */
export function byDeadline(decisions: readonly DecisionSummary[]): { readonly act: readonly DecisionSummary[]; readonly rest: readonly DecisionSummary[] } {
  const sorted = [...decisions].sort((a, b) => {
    const [x, y] = [due(a), due(b)];
    return (x === y ? 0 : x - y) || Number(b.saving_usd) - Number(a.saving_usd) || a.id.localeCompare(b.id);
  });
  return { act: sorted.filter((d) => d.action !== 'proceed'), rest: sorted.filter((d) => d.action === 'proceed') };
}
