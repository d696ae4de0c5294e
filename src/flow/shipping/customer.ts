/** A customer: whom a decision is for, how to reach them, and below what they do not want to hear. */
import type { Contact } from '../../model/contact.ts';
import type { Micros } from '../../model/money.ts';

/**
 * What a customer pays to sleep well. `balanced` takes the least expected cost; `conservative` pays for a shorter tail; `aggressive`
 * acts only on a clear gain. What each means in dollars is the decisions stage's.
 */
export const RISK_TOLERANCES = Object.freeze(['conservative', 'balanced', 'aggressive'] as const);
export type RiskTolerance = (typeof RISK_TOLERANCES)[number];

export interface Customer {
  readonly id: string;
  readonly name: string;
  /** BCP 47. */
  readonly language: string;
  /** IANA. */
  readonly timezone: string;
  /** In the order in which they are tried; at most one a channel. */
  readonly contacts: readonly Contact[];
  /** Local wall time, `HH:MM`. */
  readonly quietHours: { readonly from: string; readonly to: string } | null;
  readonly minExposureMicros: Micros;
  readonly minProbability: number;
  readonly riskTolerance: RiskTolerance;
}
