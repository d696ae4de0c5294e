/** The API's shapes of decisions, as zod schemas and the functions that fill them. */
import { z } from 'zod';
import { toDecimal } from '../../model/money.ts';
import { iso } from '../../model/time.ts';
import { LANGUAGES, type Language } from '../../model/written.ts';
import { RISK_TOLERANCES } from '../shipping/index.ts';
import type { StoredOutcome } from './outcomes/store.ts';
import { ACTIONS } from './options/index.ts';
import { DECISION_STATUSES, type ListedDecision, type StoredDecision } from './store/decisions.ts';

export const actionSchema = z.enum(ACTIONS);
const money = z.string().describe('US dollars, decimal');
const interval = z.tuple([money, money]);

export const summarySchema = z.object({
  id: z.string(),
  shipment_id: z.string(),
  shipment_reference: z.string(),
  customer_id: z.string(),
  customer_name: z.string(),
  route: z.object({ from: z.string(), to: z.string() }),
  vessel: z.string().nullable(),
  chokepoint: z.string(),
  passes_at: z.string().describe('When the ship is at the passage, by its schedule'),
  passages: z.array(z.object({ chokepoint: z.string(), passes_at: z.string(), probability: z.number() })).optional().describe('Of a corridor: all threatened passages that the same way around avoids; `chokepoint` leads. Left out: that one alone'),
  one_cause: z.boolean().optional().describe('Of a corridor: one cause threatens all its passages, so that the largest of their probabilities counts'),
  status: z.enum(DECISION_STATUSES),
  action: actionSchema,
  headline: z.string(),
  probability: z.number(),
  probability_interval_90: z.tuple([z.number(), z.number()]),
  break_even: z.number().nullable(),
  break_even_action: actionSchema.nullable(),
  expected_cost_usd: money,
  expected_cost_of_proceeding_usd: money,
  saving_usd: money,
  interval_90_usd: interval,
  deadline: z.string().nullable(),
  deadline_reason: z.string(),
  exposure_usd: money,
  confidence: z.number(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  escalated: z.string().nullable(),
  // Left out by decisions that were made before they were told apart.
  escalations: z.array(z.object({ kind: z.enum(['large_and_unsure', 'sources_disagree', 'short_record']), detail: z.string() })).optional(),
  risk_tolerance: z.enum(RISK_TOLERANCES).optional().describe('By which the action was chosen'),
  neutral_action: actionSchema.optional().describe('What expected cost alone would advise'),
  as_of: z.string(),
  created_at: z.string(),
});
export type DecisionSummary = z.infer<typeof summarySchema>;

const component = z.object({ name: z.string(), calm_usd: money, hit_usd: money, low_usd: money, high_usd: money, source: z.string() });
const act = z.object({ by: z.string(), at: z.string(), note: z.string().nullable() });

const outcome = z.object({
  id: z.string(),
  source: z.enum(['observed', 'reported']),
  hit: z.boolean().describe('One of the passages was closed to the ship: the seven days around saw less than half of the usual traffic'),
  closed_days: z.number().nullable().describe('For how long it stayed closed after the ship was there'),
  still_closed: z.boolean().describe('It had not opened when this became known'),
  levels: z.array(z.object({ chokepoint: z.string(), level: z.number().nullable() })).nullable().describe('Traffic of the seven days around, as a share of the usual'),
  delay_days: z.number().nullable(),
  cost_usd: money.nullable(),
  action_taken: actionSchema.nullable(),
  note: z.string().nullable(),
  by: z.string().nullable(),
  known_at: z.string().describe('Desk time'),
  costs_usd: z.record(z.string(), money).nullable().describe('What the advice (`chosen`) and other policies came to, at the medians'),
});

export const decisionSchema = summarySchema.extend({
  language: z.enum(LANGUAGES).describe('Of all words in it; sources and quoted questions stay in their own'),
  answers: z.object({ what: z.string(), when: z.string(), how_bad: z.string(), why: z.string(), what_to_do: z.string(), how_sure: z.string(), if_nothing: z.string() }),
  options: z.array(
    z.object({
      action: actionSchema, title: z.string(), expected_cost_usd: money, interval_90_usd: interval, cost_if_calm_usd: money, cost_if_hit_usd: money,
      components: z.array(component), extra_days: z.number(), feasible: z.boolean(), why_not: z.string().nullable(),
    }),
  ),
  inaction_curve: z.array(z.object({ at: z.string(), hours_from_now: z.number(), extra_cost_usd: money, note: z.string() })),
  causal_chain: z.array(z.object({ statement: z.string(), probability: z.number().nullable(), source: z.string(), evidence_id: z.string().nullable() })),
  steps: z.array(z.string()),
  confidence_reasons: z.array(z.string()),
  history: z.array(z.object({ id: z.string(), as_of: z.string(), action: actionSchema, probability: z.number(), break_even: z.number().nullable(), expected_cost_usd: money })),
  rule_version: z.string(),
  inputs_hash: z.string(),
  inputs: z.array(z.object({ kind: z.string(), id: z.string(), hash: z.string() })),
  superseded_by: z.string().nullable(),
  closed_reason: z.string().nullable(),
  acknowledged: act.nullable(),
  overridden: z.object({ by: z.string(), at: z.string(), action: z.string(), reason: z.string() }).nullable(),
  outcome: outcome.nullable().describe('What came of it: as told by people, else as seen in the counts; null: not known yet'),
  outcomes: z.array(outcome).describe('All that was told and seen, the one that counts first'),
});
export type DecisionView = z.infer<typeof decisionSchema>;

export function viewSummary(d: ListedDecision): DecisionSummary {
  // A list's content has neither chain nor inputs; one decision's has.
  const { answers: _a, options: _o, inaction_curve: _i, causal_chain: _c, steps: _s, confidence_reasons: _r, rule_version: _v, inputs_hash: _h, inputs: _n, passages, ...rest } = d.content as StoredDecision['content'];
  return {
    ...rest,
    probability_interval_90: [...rest.probability_interval_90],
    interval_90_usd: [...rest.interval_90_usd],
    ...(passages && { passages: [...passages] }),
    ...(rest.escalations && { escalations: [...rest.escalations] }),
    id: d.id, customer_name: d.customerName, status: d.status, created_at: iso(d.createdAt),
  };
}

function viewOutcome(o: StoredOutcome): z.infer<typeof outcome> {
  return {
    id: o.id, source: o.source, hit: o.hit, closed_days: o.closedDays, still_closed: o.stillClosed, levels: o.levels && [...o.levels], delay_days: o.delayDays,
    cost_usd: o.costMicros === null ? null : toDecimal(o.costMicros), action_taken: o.actionTaken, note: o.note, by: o.by, known_at: iso(o.knownAt),
    costs_usd: o.costs && Object.fromEntries(Object.entries(o.costs).map(([policy, micros]) => [policy, toDecimal(micros)])),
  };
}

type History = readonly Pick<ListedDecision, 'id' | 'asOf' | 'content'>[];

/** @param language of the content's words */
export function viewDecision(d: StoredDecision, language: Language, history: History, outcomes: readonly StoredOutcome[]): DecisionView {
  const c = d.content;
  const ended = outcomes.map(viewOutcome);
  return {
    ...viewSummary(d),
    language,
    answers: c.answers,
    options: c.options.map((o) => ({ ...o, interval_90_usd: [...o.interval_90_usd], components: [...o.components] })),
    inaction_curve: [...c.inaction_curve],
    causal_chain: [...c.causal_chain],
    steps: [...c.steps],
    confidence_reasons: [...c.confidence_reasons],
    history: history.map((h) => ({ id: h.id, as_of: iso(h.asOf), action: h.content.action, probability: h.content.probability, break_even: h.content.break_even, expected_cost_usd: h.content.expected_cost_usd })),
    rule_version: c.rule_version,
    inputs_hash: c.inputs_hash,
    inputs: [...c.inputs],
    superseded_by: d.supersededBy,
    closed_reason: d.closedReason,
    acknowledged: d.acknowledged && { ...d.acknowledged, at: iso(d.acknowledged.at) },
    overridden: d.overridden && { ...d.overridden, at: iso(d.overridden.at) },
    outcome: ended[0] ?? null,
    outcomes: ended,
  };
}

export const evidenceSchema = z.object({
  kind: z.string(), id: z.string(), hash: z.string(), statement: z.string(), probability: z.number().nullable(), source: z.string(), url: z.string().nullable(),
});

export const auditSchema = z.object({
  items: z.array(
    z.object({
      at: z.string().describe('Wall clock'), as_of: z.string().nullable().describe('Desk time'), what: z.string(), by: z.string().nullable(), why: z.string().nullable(), before: z.unknown(), after: z.unknown(),
      chain: z.object({ seq: z.int(), hash: z.string() }).nullable().describe('Its row in the audit chain (`GET /api/v1/audit`)'),
    }),
  ),
  next_cursor: z.null(),
});

export const replaySchema = z.object({ same: z.boolean().describe('Computed again from what is kept, it gave the same bytes'), hash: z.string(), rule_version: z.string() });
