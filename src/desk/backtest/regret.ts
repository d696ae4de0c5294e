/** What the policies cost over the whole book, with intervals, and how that hangs on what counts as closed. Pure. */
import { EXPECTED, POINTS, type FreightRate } from '../../flow/decisions/index.ts';
import { CLOSED_SHARE } from '../../flow/reality/index.ts';
import { roundMicros, toDecimal } from '../../model/money.ts';
import { iso } from '../../model/time.ts';
import { metBy, type Book, type Exposure } from './book.ts';
import { costOf, plansFor, POLICIES, type Advice, type Cost, type Plan, type PlanContext, type Plans, type Policy } from './plans.ts';
import type { BacktestReport } from './report.ts';

export { CLOSED_SHARE };
/** What another bound for closed would say is told beside it. */
export const SENSITIVITY: readonly number[] = Object.freeze([0.3, 0.5, 0.7]);

interface Case {
  readonly context: PlanContext;
  readonly plans: Plans;
  readonly cost: Readonly<Record<Policy, Cost>>;
  /** Micros at the medians. */
  readonly costs: Readonly<Record<Policy, number>>;
}

export interface RegretInput {
  readonly book: Book;
  readonly advice: readonly Advice[];
  /** The lane's calm rate for each exposure, in the book's order. */
  readonly freight: readonly (FreightRate | null)[];
}

export function regretOf(input: RegretInput): BacktestReport['regret'] {
  const cases = casesOf(input, CLOSED_SHARE);
  const draws = POINTS().map(({ k }) => totalsOf(cases, (c, policy) => c.cost[policy](k)));
  const totals = totalsOf(cases, (c, policy) => c.costs[policy]);
  const policy = (p: Policy) => ({ policy: p, total_usd: money(totals[p]), interval_90_usd: interval(draws.map((d) => d[p])), acts: actsOf(cases, p), regret_usd: money(totals[p] - totals.hindsight) });
  const saved = (than: Exclude<Policy, 'ours'>) => ({ than, saved_usd: money(totals[than] - totals.ours), interval_90_usd: interval(draws.map((d) => d[than] - d.ours)) });
  return {
    closed_share: CLOSED_SHARE,
    book: bookView(input.book, cases),
    policies: POLICIES.map(policy),
    ours_saves: [saved('proceed'), saved('reroute'), saved('hindsight')],
    by_passages: byPassages(cases),
    exposures: cases.filter((c) => metOf(c).hit || c.plans.ours.length > 0).map(exposureView),
    sensitivity: SENSITIVITY.map((share) => sensitivity(input, share)),
  };
}

function casesOf({ book, advice, freight }: RegretInput, share: number): readonly Case[] {
  return book.exposures.map((exposure, i) => {
    const context: PlanContext = { exposure, share, freight: freight[i] ?? null };
    const plans = plansFor(context, advice);
    const cost = each((p) => costOf(plans[p], context));
    return { context, plans, cost, costs: each((p) => cost[p](EXPECTED)) };
  });
}

const each = <T>(value: (policy: Policy) => T): Record<Policy, T> => ({ ours: value('ours'), proceed: value('proceed'), reroute: value('reroute'), hindsight: value('hindsight') });
const totalsOf = (cases: readonly Case[], cost: (c: Case, policy: Policy) => number): Record<Policy, number> => each((p) => cases.reduce((sum, c) => sum + cost(c, p), 0));
const metOf = ({ context }: Case) => metBy(context.exposure, context.share);
/** To the cent: what is below is no information. */
const money = (micros: number): string => toDecimal(roundMicros(Math.round(micros / CENT) * CENT));
const CENT = 10_000;

function interval(values: readonly number[]): [string, string] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (u: number): number => sorted[Math.round(u * (sorted.length - 1))] ?? 0;
  return [money(at(0.05)), money(at(0.95))];
}

function bookView(book: Book, cases: readonly Case[]): BacktestReport['regret']['book'] {
  const met = cases.map(metOf);
  return { shipments: book.shipments, exposures: cases.length, hit: met.filter((m) => m.hit).length, still_closed_at_record_end: met.filter((m) => m.censored).length, left_out: book.left };
}

/** How often each option was chosen. */
function actsOf(cases: readonly Case[], policy: Policy): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const c of cases) for (const name of namesOf(c.plans[policy])) counts[name] = (counts[name] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const namesOf = (plan: Plan): readonly string[] => (plan.length === 0 ? ['proceed'] : plan.map((act) => act.optionId));
const passagesOf = (exposure: Exposure): string => exposure.passages.map((p) => p.chokepoint).toSorted().join('+');

function byPassages(cases: readonly Case[]): BacktestReport['regret']['by_passages'] {
  const keys = [...new Set(cases.map((c) => passagesOf(c.context.exposure)))].sort();
  return keys.map((key) => {
    const some = cases.filter((c) => passagesOf(c.context.exposure) === key);
    const totals = totalsOf(some, (c, p) => c.costs[p]);
    return { passages: key.split('+'), exposures: some.length, hit: some.filter((c) => metOf(c).hit).length, ...costsView(totals) };
  });
}

const costsView = (totals: Readonly<Record<Policy, number>>) => ({ ours_usd: money(totals.ours), proceed_usd: money(totals.proceed), reroute_usd: money(totals.reroute), hindsight_usd: money(totals.hindsight) });

function exposureView(c: Case): BacktestReport['regret']['exposures'][number] {
  const { exposure } = c.context;
  const met = metOf(c);
  return {
    shipment_id: exposure.shipment.id,
    shipment_reference: exposure.shipment.reference,
    passages: exposure.passages.map((p) => p.chokepoint),
    passes_at: iso(exposure.passages[0]!.passesAt),
    hit: met.hit,
    closed_days: met.hit ? Math.round(met.closedDays * 10) / 10 : null,
    still_closed_at_record_end: met.censored,
    ours: c.plans.ours.map((act) => ({ option: act.optionId, at: iso(act.at), decision_id: act.decisionId })),
    in_hindsight: [...namesOf(c.plans.hindsight)],
    ...costsView(c.costs),
    regret_usd: money(c.costs.ours - c.costs.hindsight),
  };
}

function sensitivity(input: RegretInput, share: number): BacktestReport['regret']['sensitivity'][number] {
  const cases = casesOf(input, share);
  return { closed_share: share, hit: cases.filter((c) => metOf(c).hit).length, ...costsView(totalsOf(cases, (c, p) => c.costs[p])) };
}
