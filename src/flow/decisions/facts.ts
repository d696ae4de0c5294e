/** The figures that a decision's sentences are made of: computed once, said in any language. */
import { roundMicros, type Micros } from '../../model/money.ts';
import type { ChokepointId } from '../../model/place.ts';
import { HOUR_MS, type Millis } from '../../model/time.ts';
import { choiceTimes, costOfInaction, type Assessment, type AssessedOption } from './assess.ts';
import type { Trust } from './confidence.ts';
import type { DecisionInputs, EventRisk } from './inputs.ts';
import type { RiskTolerance } from '../shipping/index.ts';
import type { Interval90, Uncertainty } from './monte-carlo.ts';
import { isOpen, lossIfHit, type Action, type Recourse } from './options/index.ts';

export interface CurvePoint {
  readonly at: Millis;
  readonly hours: number;
  readonly extra: Micros;
  /** Options that close at this very time. */
  readonly closing: readonly Action[];
}

export interface Facts {
  readonly asOf: Millis;
  readonly reference: string;
  readonly from: string;
  readonly to: string;
  readonly vessel: string | null;
  readonly carrier: string | null;
  readonly chokepoint: ChokepointId;
  readonly passesAt: Millis;
  /** The other threatened passages of the corridor, in the order in which the ship comes to them; none where one is threatened alone. */
  readonly others: readonly { readonly chokepoint: ChokepointId; readonly passesAt: Millis; readonly p: number }[];
  /** Whether all of them share a cause with the leading one: then the likeliest counts, not all. */
  readonly oneCause: boolean;
  readonly eta: Millis;
  readonly underWay: boolean;
  readonly risk: EventRisk;
  /** P(event within the pooling horizon), or the share of traffic lost. */
  readonly eventProbability: number;
  readonly p: number;
  readonly pInterval: Interval90;
  readonly breakEven: number | null;
  readonly breakEvenAction: Action | null;
  /** Whether anything but proceeding can still be chosen. */
  readonly othersOpen: boolean;
  readonly action: Action;
  readonly tolerance: RiskTolerance;
  /** What expected cost alone would advise. */
  readonly neutral: Action;
  /** Of the split: how many boxes go the other way, of how many. Null unless it is advised. */
  readonly split: { readonly moved: number; readonly boxes: number } | null;
  /** What is chosen once waiting is over and the news is bad. */
  readonly fallback: Action | null;
  readonly expected: Micros;
  readonly proceedExpected: Micros;
  readonly saving: Micros;
  readonly lossIfHit: Micros;
  readonly lossInterval: readonly [Micros, Micros];
  readonly days: number;
  readonly daysInterval: Interval90;
  readonly recourse: Recourse;
  /** What acting costs if nothing happens. */
  readonly costIfCalm: Micros;
  readonly exposure: Micros;
  readonly extraDays: number;
  readonly overlandPort: string | null;
  readonly deadline: Millis | null;
  readonly deadlineReason: Assessment['deadlineReason'];
  readonly closing: Action | null;
  readonly trust: Trust;
  readonly curve: readonly CurvePoint[];
}

export function factsOf(inputs: DecisionInputs, a: Assessment, u: Uncertainty, trust: Trust): Facts {
  const main = a.prepared[a.world.dominant]!;
  const loss = lossIfHit(a.situation, a.world);
  const proceeding = a.options[0]!;
  return {
    asOf: inputs.asOf,
    reference: inputs.shipment.reference,
    from: `${inputs.places.from} (${inputs.shipment.from})`,
    to: `${inputs.places.to} (${inputs.shipment.to})`,
    vessel: inputs.shipment.vessel,
    carrier: inputs.shipment.carrier,
    chokepoint: inputs.chokepoint,
    passesAt: a.situation.passesAt,
    others: othersOf(a),
    oneCause: new Set(a.situation.legs.map((leg) => leg.cause)).size === 1,
    eta: inputs.shipment.eta,
    underWay: a.situation.phase === 'under_way',
    risk: main.risk,
    eventProbability: main.eventProbability,
    p: a.world.p,
    pInterval: u.probability,
    breakEven: a.breakEven?.p ?? null,
    breakEvenAction: a.breakEven?.option.option.action ?? null,
    othersOpen: a.options.some((o) => o.option.action !== 'proceed' && isOpen(o.option, inputs.asOf)),
    action: a.action,
    tolerance: a.by.tolerance,
    neutral: a.neutral,
    split: a.action === 'split' ? { moved: a.chosen.option.boxes ?? 0, boxes: inputs.shipment.containers } : null,
    fallback: fallbackOf(a),
    expected: roundMicros(a.expectedCost),
    proceedExpected: roundMicros(a.proceedCost),
    saving: roundMicros(a.proceedCost) - roundMicros(a.expectedCost),
    lossIfHit: roundMicros(proceeding.hit),
    lossInterval: [roundMicros(u.lossIfHit[0]), roundMicros(u.lossIfHit[1])],
    days: loss.days,
    daysInterval: u.daysIfHit,
    recourse: loss.recourse,
    costIfCalm: roundMicros(a.chosen.calm),
    exposure: inputs.shipment.cargoValueMicros,
    extraDays: a.chosen.option.extraDays(a.world),
    overlandPort: a.situation.overland?.way.name ?? null,
    deadline: a.deadline,
    deadlineReason: a.deadlineReason,
    closing: a.closing?.option.action ?? null,
    trust,
    curve: curveOf(a),
  };
}

const othersOf = ({ situation: { legs, chokepoint }, world }: Assessment): Facts['others'] =>
  legs
    .map(({ chokepoint: id, passesAt }, i) => ({ chokepoint: id, passesAt, p: world.each[i]! }))
    .filter((leg) => leg.chokepoint !== chokepoint)
    .sort((x, y) => x.passesAt - y.passesAt);

/** The action that the worst news would call for at the end of the wait. */
function fallbackOf(a: Assessment): Action | null {
  if (!a.wait) return null;
  const worst = a.wait.branches.reduce((w, b, i, all) => (b.p > all[w]!.p ? i : w), 0);
  return a.wait.open[a.wait.outlook.choices[worst]!]?.option.action ?? null;
}

/** At 6, 24 and 48 h and one hour after every time at which an option closes; none after the ship is at the passage. */
function curveOf(a: Assessment): readonly CurvePoint[] {
  const { asOf, entersAt } = a.situation;
  const closings = a.options.filter(({ option }) => option.whyNot === null && option.cutOff !== null);
  const closingAt = (o: AssessedOption): Millis => (o.option.cutOff ?? asOf) + HOUR_MS;
  const cutOffs = new Set(choiceTimes(a.options, asOf));
  const times = new Set([6, 24, 48].map((h) => asOf + h * HOUR_MS));
  for (const o of closings) if (cutOffs.has(o.option.cutOff ?? 0)) times.add(closingAt(o));
  return [...times]
    .sort((x, y) => x - y)
    .filter((at) => at <= entersAt)
    .map((at) => ({
      at,
      hours: (at - asOf) / HOUR_MS,
      extra: roundMicros(costOfInaction(a, at)),
      closing: [...new Set(closings.filter((o) => closingAt(o) === at).map((o) => o.option.action))],
    }));
}
