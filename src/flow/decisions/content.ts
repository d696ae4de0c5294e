/** What a decision says, in the shape in which it is kept, hashed and served. Money as decimal text, times as ISO text. */
import type { Severity } from './confidence.ts';
import type { RiskTolerance } from '../shipping/index.ts';
import type { Action } from './options/index.ts';

export interface ComponentView {
  readonly name: string;
  readonly calm_usd: string;
  readonly hit_usd: string;
  /** 90 % interval of the amount when hit. */
  readonly low_usd: string;
  readonly high_usd: string;
  readonly source: string;
}

export interface OptionView {
  readonly action: Action;
  readonly title: string;
  readonly expected_cost_usd: string;
  readonly interval_90_usd: readonly [string, string];
  readonly cost_if_calm_usd: string;
  readonly cost_if_hit_usd: string;
  readonly components: readonly ComponentView[];
  readonly extra_days: number;
  readonly feasible: boolean;
  readonly why_not: string | null;
}

/** Why a person must look: which rule, and its figures in words. */
export interface EscalationView {
  readonly kind: 'large_and_unsure' | 'sources_disagree' | 'short_record';
  readonly detail: string;
}

/** One passage of a corridor, and the probability that it is closed when the ship gets there. */
export interface PassageView {
  readonly chokepoint: string;
  readonly passes_at: string;
  readonly probability: number;
}

export interface DecisionContent {
  readonly shipment_id: string;
  readonly shipment_reference: string;
  readonly customer_id: string;
  readonly route: { readonly from: string; readonly to: string };
  readonly vessel: string | null;
  readonly chokepoint: string;
  readonly passes_at: string;
  /** Where the way around avoids several threatened passages: all of them, in the order in which the ship comes to them. Left out: `chokepoint` alone. */
  readonly passages?: readonly PassageView[];
  /** Whether one cause threatens all of them: then the probability is the largest of theirs; else causes are joined as independent. */
  readonly one_cause?: boolean;
  readonly action: Action;
  readonly headline: string;
  readonly probability: number;
  readonly probability_interval_90: readonly [number, number];
  readonly break_even: number | null;
  readonly break_even_action: Action | null;
  readonly expected_cost_usd: string;
  readonly expected_cost_of_proceeding_usd: string;
  readonly saving_usd: string;
  readonly interval_90_usd: readonly [string, string];
  readonly deadline: string | null;
  readonly deadline_reason: string;
  readonly exposure_usd: string;
  readonly confidence: number;
  readonly confidence_reasons: readonly string[];
  readonly severity: Severity;
  readonly escalated: string | null;
  readonly escalations: readonly EscalationView[];
  readonly risk_tolerance: RiskTolerance;
  /** What expected cost alone would advise; differs from `action` only by the customer's risk tolerance. */
  readonly neutral_action: Action;
  readonly as_of: string;
  readonly answers: {
    readonly what: string;
    readonly when: string;
    readonly how_bad: string;
    readonly why: string;
    readonly what_to_do: string;
    readonly how_sure: string;
    readonly if_nothing: string;
  };
  readonly options: readonly OptionView[];
  readonly inaction_curve: readonly { readonly at: string; readonly hours_from_now: number; readonly extra_cost_usd: string; readonly note: string }[];
  readonly causal_chain: readonly { readonly statement: string; readonly probability: number | null; readonly source: string; readonly evidence_id: string | null }[];
  readonly steps: readonly string[];
  readonly rule_version: string;
  readonly inputs_hash: string;
  readonly inputs: readonly { readonly kind: string; readonly id: string; readonly hash: string }[];
}
