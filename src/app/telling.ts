/** From a decision to what its customer is told: the one place that knows both stages' words. */
import type { AlertRequest } from '../flow/alerts/index.ts';
import type { MadeDecision } from '../flow/decisions/index.ts';

export function alertOf(made: MadeDecision): AlertRequest {
  const { content, customer } = made;
  return {
    decisionId: made.id,
    customerId: customer.id,
    customerName: customer.name,
    recipient: customer.contacts.find((c) => c.channel === 'whatsapp')?.address ?? '',
    language: customer.language,
    timezone: customer.timezone,
    quietHours: customer.quietHours,
    eventKey: made.eventKey,
    action: content.action,
    headline: content.headline,
    body: [content.answers.what, content.answers.how_bad, content.answers.what_to_do],
    deadline: made.deadline,
    expectedCost: made.expectedCostMicros,
    severity: content.severity,
    asOf: made.asOf,
  };
}
