/** From a decision to what its customer is told: the one place that knows both stages' words. */
import { DEFAULT_SETTINGS, type AlertRequest, type AlertSettings } from '../flow/alerts/index.ts';
import { findDecision, type MadeDecision } from '../flow/decisions/index.ts';
import type { Transaction } from '../kernel/database/index.ts';
import type { Mode } from './store.ts';

export function alertOf(made: MadeDecision): AlertRequest {
  const { content, customer } = made;
  const { headline, answers } = made.told ?? content;
  return {
    decisionId: made.id,
    customerId: customer.id,
    customerName: customer.name,
    contacts: customer.contacts,
    language: customer.language,
    timezone: customer.timezone,
    quietHours: customer.quietHours,
    eventKey: made.eventKey,
    action: content.action,
    headline,
    // What to do first: a channel with little room cuts the end.
    body: [answers.what_to_do, answers.what, answers.how_bad],
    deadline: made.deadline,
    expectedCost: made.expectedCostMicros,
    severity: content.severity,
    asOf: made.asOf,
  };
}

/** Longest chain of replaced decisions that is followed: one a re-evaluation, and a shipment has a passage before it for weeks. */
const MOST_SUCCESSORS = 1_000;

/**
 * Why nobody needs to hear of a decision any more, or null. A replaced one matters as long as its successor does: where the
 * successor says what the customer was told already, it is told by no alert of its own.
 */
export async function whySettled(tx: Transaction, decisionId: string): Promise<string | null> {
  let id = decisionId;
  for (let i = 0; i < MOST_SUCCESSORS; i++) {
    const decision = await findDecision(tx, id);
    if (!decision) return null;
    if (decision.acknowledged) return `acknowledged by ${decision.acknowledged.by}`;
    if (decision.overridden) return `overridden by ${decision.overridden.by}`;
    if (decision.status === 'expired') return `the decision has expired${decision.closedReason === null ? '' : `: ${decision.closedReason}`}`;
    if (decision.supersededBy === null) return null;
    id = decision.supersededBy;
  }
  return null;
}

/** A scenario's day lasts seconds: the pause between two messages, made for the wall clock, would tell of a day long past. */
export function alertSettings(mode: Mode): AlertSettings {
  if (mode !== 'replay') return DEFAULT_SETTINGS;
  const { whatsapp, email, slack, teams, webhook, telegram } = DEFAULT_SETTINGS.limits;
  const unpaced = { pairIntervalMs: 0 };
  return {
    ...DEFAULT_SETTINGS,
    limits: {
      whatsapp: { ...whatsapp, ...unpaced }, email: { ...email, ...unpaced }, slack: { ...slack, ...unpaced },
      teams: { ...teams, ...unpaced }, webhook: { ...webhook, ...unpaced }, telegram: { ...telegram, ...unpaced },
    },
  };
}
