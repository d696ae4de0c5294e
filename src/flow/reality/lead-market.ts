/** Which of the live questions on a passage tells most about it. Pure. */
import { linksOf, type EventSignal, type LiveSignal } from '../signals/index.ts';

/**
 * What a price says of the risk itself: yes for what raises it, no for "traffic is back to normal".
 * Null for what only surrounds it: that a ceasefire is unlikely does not make disruption likely.
 */
export function riskPrice(signal: Pick<EventSignal, 'relation' | 'polarity' | 'probability'>): number | null {
  if (signal.relation === 'passage') return signal.polarity === 'raises' ? signal.probability : 1 - signal.probability;
  return signal.relation === 'trigger' && signal.polarity === 'raises' ? signal.probability : null;
}

export interface LeadMarket {
  readonly signal: LiveSignal;
  /** {@link riskPrice} */
  readonly risk: number;
}

/**
 * The question whose price implies most disruption: risk price × P(harm | event) of its link, then the more confident, then the id.
 * @param signals live ones on one passage, in any order
 */
export function leadMarket(signals: readonly LiveSignal[]): LeadMarket | null {
  let lead: (LeadMarket & { readonly implied: number }) | null = null;
  for (const signal of signals) {
    const risk = riskPrice(signal);
    if (risk === null) continue;
    // A passage that is not back to normal is the harm itself, so a relieving question counts whole.
    const link = signal.polarity === 'raises' ? Math.max(0, ...linksOf(signal).map((l) => l.probability.expected)) : 1;
    const candidate = { signal, risk, implied: risk * link };
    if (!lead || ranksAbove(candidate, lead)) lead = candidate;
  }
  return lead && { signal: lead.signal, risk: lead.risk };
}

function ranksAbove(a: { signal: LiveSignal; implied: number }, b: { signal: LiveSignal; implied: number }): boolean {
  if (a.implied !== b.implied) return a.implied > b.implied;
  if (a.signal.confidence !== b.signal.confidence) return a.signal.confidence > b.signal.confidence;
  return a.signal.id < b.signal.id;
}
