/** A customer: whom a decision is for, how to reach them, and below what they do not want to hear. */
import { parseUsd, type Micros } from '../../model/money.ts';
import type { DecisionContent } from './content.ts';

export interface Customer {
  readonly id: string;
  readonly name: string;
  /** BCP 47. */
  readonly language: string;
  /** IANA. */
  readonly timezone: string;
  /** E.164. */
  readonly whatsapp: string;
  /** Local wall time, `HH:MM`. */
  readonly quietHours: { readonly from: string; readonly to: string } | null;
  readonly minExposureMicros: Micros;
  readonly minProbability: number;
}

/** Worth telling: it asks for more than proceeding, or both of the customer's thresholds are crossed. */
export function isAlertWorthy(content: Pick<DecisionContent, 'action' | 'probability' | 'exposure_usd'>, customer: Pick<Customer, 'minExposureMicros' | 'minProbability'>): boolean {
  return content.action !== 'proceed' || (content.probability >= customer.minProbability && parseUsd(content.exposure_usd) >= customer.minExposureMicros);
}
