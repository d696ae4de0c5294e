/** Whether a decision is worth telling its customer. */
import { parseUsd } from '../../model/money.ts';
import type { Customer } from '../shipping/index.ts';
import type { DecisionContent } from './content.ts';

/** Worth telling: it asks for more than proceeding, or both of the customer's thresholds are crossed. */
export function isAlertWorthy(content: Pick<DecisionContent, 'action' | 'probability' | 'exposure_usd'>, customer: Pick<Customer, 'minExposureMicros' | 'minProbability'>): boolean {
  return content.action !== 'proceed' || (content.probability >= customer.minProbability && parseUsd(content.exposure_usd) >= customer.minExposureMicros);
}
