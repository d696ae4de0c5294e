/**
 * A decision in full: the assessment with its intervals, its words and its evidence. Pure: the same inputs give the same bytes.
 * What is kept and hashed is in English; other languages are said from the same figures when somebody reads (`translate.ts`).
 */
import { toDecimal } from '../../model/money.ts';
import { iso } from '../../model/time.ts';
import { assess, type Assessment } from './assess.ts';
import { severityOf, trustIn, type Trust } from './confidence.ts';
import type { DecisionContent } from './content.ts';
import { factsOf, type Facts } from './facts.ts';
import { groundsOf, type Grounds } from './grounds.ts';
import type { DecisionInputs, Evidence } from './inputs.ts';
import { uncertainty, type Uncertainty } from './monte-carlo.ts';
import { optionViews, round } from './option-views.ts';
import { inputsHash, normalInputs } from './record.ts';
import { RULE_VERSION } from './settings.ts';
import { en, type Texts } from './texts/index.ts';

/** @returns null when no risk speaks for the passage any more */
export function decide(given: DecisionInputs): DecisionContent | null {
  const reckoned = reckonAnew(given);
  return reckoned === null ? null : say(reckoned, en);
}

/** A decision before its words. */
export interface Reckoning {
  readonly inputs: DecisionInputs;
  readonly grounds: Grounds;
  readonly assessment: Assessment;
  readonly uncertainty: Uncertainty;
  readonly trust: Trust;
  readonly facts: Facts;
}

/** From the inputs alone. @returns null when no risk speaks for the passage any more */
export function reckonAnew(given: DecisionInputs): Reckoning | null {
  const inputs = normalInputs(given);
  const grounds = groundsOf(inputs.risks, inputs.asOf);
  const assessment = assess(inputs, grounds);
  return assessment === null ? null : reckon(inputs, grounds, assessment);
}

/** @param inputs normal, as `normalInputs` gives them @param grounds of the inputs' risks */
export function reckon(inputs: DecisionInputs, grounds: Grounds, assessment: Assessment): Reckoning {
  const u = uncertainty(assessment, grounds.draws);
  const trust = trustIn(assessment, inputs.freight, inputs.shipment.cargoValueMicros);
  return { inputs, grounds, assessment, uncertainty: u, trust, facts: factsOf(inputs, assessment, u, trust) };
}

/** The figures are the same in every language; only words differ. */
export function say({ inputs, grounds, assessment: a, uncertainty: u, trust, facts: f }: Reckoning, texts: Texts): DecisionContent {
  const options = optionViews(a, u, texts);
  const escalations = trust.escalations.map((e) => ({ kind: e.kind, detail: texts.escalation(e) }));
  return {
    ...identity(inputs, f, a),
    ...figures(a, f, texts),
    interval_90_usd: options.find((o) => o.action === a.action)?.interval_90_usd ?? [toDecimal(f.expected), toDecimal(f.expected)],
    confidence: round(trust.confidence, 4),
    confidence_reasons: texts.confidenceReasons(f),
    severity: severityOf(f.proceedExpected),
    escalated: texts.escalated(trust.escalations),
    escalations,
    headline: texts.headline(f),
    answers: texts.answers(f),
    options,
    inaction_curve: f.curve.map((c) => ({ at: iso(c.at), hours_from_now: round(c.hours, 2), extra_cost_usd: toDecimal(c.extra), note: texts.curveNote(c) })),
    causal_chain: [...grounds.chain(texts), ...texts.ownChain(f).map((step) => ({ ...step, evidence_id: null }))],
    steps: texts.steps(f),
    rule_version: RULE_VERSION,
    inputs_hash: inputsHash(inputs, grounds.risksHash),
    inputs: [...grounds.inputs, ...(inputs.freight ? [pick(inputs.freight.evidence)] : [])],
  };
}

const pick = ({ kind, id, hash }: Evidence) => ({ kind, id, hash });

function corridor({ chokepoint }: DecisionInputs, f: Facts, { situation: { legs }, world }: Assessment): Pick<DecisionContent, 'passages' | 'one_cause'> {
  if (f.others.length === 0) return {};
  const lead = { chokepoint, passesAt: f.passesAt, p: world.each[legs.findIndex((leg) => leg.chokepoint === chokepoint)]! };
  const all = [lead, ...f.others].sort((x, y) => x.passesAt - y.passesAt);
  return { passages: all.map((p) => ({ chokepoint: p.chokepoint, passes_at: iso(p.passesAt), probability: round(p.p, 6) })), one_cause: f.oneCause };
}

function identity(inputs: DecisionInputs, f: Facts, a: Assessment) {
  const { shipment } = inputs;
  return {
    shipment_id: shipment.id,
    shipment_reference: shipment.reference,
    customer_id: shipment.customerId,
    route: { from: shipment.from, to: shipment.to },
    vessel: shipment.vessel,
    chokepoint: inputs.chokepoint,
    passes_at: iso(f.passesAt),
    ...corridor(inputs, f, a),
    as_of: iso(inputs.asOf),
  };
}

function figures(a: Assessment, f: Facts, texts: Texts) {
  return {
    action: a.action,
    risk_tolerance: f.tolerance,
    neutral_action: f.neutral,
    probability: round(f.p, 6),
    probability_interval_90: [round(f.pInterval[0], 6), round(f.pInterval[1], 6)] as const,
    break_even: f.breakEven === null ? null : round(f.breakEven, 6),
    break_even_action: f.breakEvenAction,
    expected_cost_usd: toDecimal(f.expected),
    expected_cost_of_proceeding_usd: toDecimal(f.proceedExpected),
    saving_usd: toDecimal(f.saving),
    deadline: f.deadline === null ? null : iso(f.deadline),
    deadline_reason: texts.deadlineReason(f),
    exposure_usd: toDecimal(f.exposure),
  };
}
