/** Which options a decision shows: one an action, in the order of the options; of the variants of one action the chosen one, else the best that is open. */
import type { Assessment, AssessedOption } from './assess.ts';
import { isOpen, type Action } from './options/index.ts';

export interface Shown {
  readonly option: AssessedOption;
  readonly feasible: boolean;
  /** What does not exist has no price; what is only too late shows what it would have cost. */
  readonly priced: boolean;
}

export function shown(a: Pick<Assessment, 'options' | 'situation' | 'chosen'>): readonly Shown[] {
  const byAction = new Map<Action, Shown>();
  for (const option of a.options) {
    const { action, whyNot } = option.option;
    const next = { option, feasible: isOpen(option.option, a.situation.asOf), priced: whyNot === null || whyNot === 'cut_off_passed' };
    const before = byAction.get(action);
    if (before && option !== a.chosen && (before.option === a.chosen || Number(before.feasible) > Number(next.feasible) || (before.feasible === next.feasible && before.option.expected <= option.expected))) continue;
    byAction.set(action, next);
  }
  return [...byAction.values()];
}
