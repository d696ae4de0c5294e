/** A decision in full: the assessment with its intervals, its words and its evidence. Pure: the same inputs give the same bytes. */
import { contentHash } from '../../model/ids.ts';
import { formatUsd, roundMicros, toDecimal } from '../../model/money.ts';
import { iso } from '../../model/time.ts';
import { assess, type Assessment } from './assess.ts';
import { severityOf, trustIn } from './confidence.ts';
import type { DecisionContent } from './content.ts';
import { factsOf, type Facts } from './facts.ts';
import type { DecisionInputs } from './inputs.ts';
import { uncertainty } from './monte-carlo.ts';
import { optionViews, round } from './option-views.ts';
import { evidenceOf, inputsJson, normalInputs } from './record.ts';
import { RULE_VERSION } from './settings.ts';
import * as en from './texts/en.ts';

/** @returns null when no risk speaks for the passage any more */
export function decide(given: DecisionInputs): DecisionContent | null {
  const inputs = normalInputs(given);
  const assessment = assess(inputs);
  return assessment === null ? null : explain(inputs, assessment);
}

/** @param inputs normal, as `normalInputs` gives them */
export function explain(inputs: DecisionInputs, a: Assessment): DecisionContent {
  const inputsHash = contentHash(inputsJson(inputs));
  const u = uncertainty(a, inputsHash);
  const trust = trustIn(a, inputs.freight, inputs.shipment.cargoValueMicros);
  const f = factsOf(inputs, a, u, trust);
  const options = optionViews(a, u);
  return {
    ...identity(inputs, f),
    ...figures(a, f),
    interval_90_usd: options.find((o) => o.action === a.action)?.interval_90_usd ?? [toDecimal(f.expected), toDecimal(f.expected)],
    confidence: round(trust.confidence, 4),
    confidence_reasons: en.confidenceReasons(f),
    severity: severityOf(f.proceedExpected),
    escalated: en.escalated(trust.escalations),
    headline: en.headline(f),
    answers: en.answers(f),
    options,
    inaction_curve: f.curve.map((c) => ({ at: iso(c.at), hours_from_now: round(c.hours, 2), extra_cost_usd: toDecimal(c.extra), note: en.curveNote(c) })),
    causal_chain: causalChain(a, f),
    steps: en.steps(f),
    rule_version: RULE_VERSION,
    inputs_hash: inputsHash,
    inputs: evidenceOf(inputs).map(({ kind, id, hash }) => ({ kind, id, hash })),
  };
}

function identity(inputs: DecisionInputs, f: Facts) {
  const { shipment } = inputs;
  return {
    shipment_id: shipment.id,
    shipment_reference: shipment.reference,
    customer_id: shipment.customerId,
    route: { from: shipment.from, to: shipment.to },
    vessel: shipment.vessel,
    chokepoint: inputs.chokepoint,
    passes_at: iso(f.passesAt),
    as_of: iso(inputs.asOf),
  };
}

function figures(a: Assessment, f: Facts) {
  return {
    action: a.action,
    probability: round(f.p, 6),
    probability_interval_90: [round(f.pInterval[0], 6), round(f.pInterval[1], 6)] as const,
    break_even: f.breakEven === null ? null : round(f.breakEven, 6),
    break_even_action: f.breakEvenAction,
    expected_cost_usd: toDecimal(f.expected),
    expected_cost_of_proceeding_usd: toDecimal(f.proceedExpected),
    saving_usd: toDecimal(f.saving),
    deadline: f.deadline === null ? null : iso(f.deadline),
    deadline_reason: en.deadlineReason(f),
    exposure_usd: toDecimal(f.exposure),
  };
}

/** From what was read, by the link, to this ship: each step with its evidence or its source. */
function causalChain(a: Assessment, f: Facts): DecisionContent['causal_chain'] {
  const steps: DecisionContent['causal_chain'][number][] = [];
  for (const { risk, eventProbability } of a.prepared) {
    for (const e of risk.evidence) steps.push({ statement: e.statement, probability: e.probability, source: e.source, evidence_id: e.id });
    if (risk.basis.kind !== 'observed') {
      if (risk.basis.kind === 'forecast') steps.push({ statement: `${risk.event} within 30 days, pooled over its sources`, probability: round(eventProbability, 6), source: 'log-odds pool of the claims above', evidence_id: null });
      steps.push({ statement: `If it happens, ${en.passage(f)} is closed to this trade`, probability: risk.basis.harmGivenEvent.expected, source: risk.linkSource, evidence_id: null });
    } else {
      steps.push({ statement: `Share of the usual traffic at ${en.passage(f)} that does not pass`, probability: round(eventProbability, 6), source: risk.linkSource, evidence_id: null });
    }
  }
  steps.push({ statement: `${en.capital(en.passage(f))} is closed when ${f.reference} gets there on ${en.moment(f.passesAt)}`, probability: round(f.p, 6), source: "the hazard, the link and the closing's duration above", evidence_id: null });
  steps.push({ statement: `Closed, it costs this shipment ${formatUsd(roundMicros(a.options[0]!.hit))}`, probability: null, source: 'the cost components of proceeding', evidence_id: null });
  return steps;
}
