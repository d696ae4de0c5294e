/** What waiting costs in either state: the costs of what would then be chosen, mixed over how the news may go. */
import type { WaitPlan } from './assess.ts';
import { NOTHING, plus, type Costs } from './options/index.ts';

/**
 * (1 − p)·calm + p·hit is the plan's expected cost.
 * @param p P(hit) as believed now
 */
export function waitCosts(plan: WaitPlan, p: number): { readonly calm: Costs; readonly hit: Costs } {
  let calm = NOTHING;
  let hit = NOTHING;
  for (const [i, b] of plan.branches.entries()) {
    const chosen = plan.open[plan.outlook.choices[i]!]!;
    const rise: Costs = { ...NOTHING, rate_rise: chosen.priced * (b.price - 1) };
    if (p < 1) calm = plus(calm, plus(chosen.costs.calm, rise), (b.weight * (1 - b.p)) / (1 - p));
    if (p > 0) hit = plus(hit, plus(chosen.costs.hit, rise), (b.weight * b.p) / p);
  }
  return { calm, hit };
}
