/** The stage's limits and times, with their defaults and where each comes from. */
import { usd, type Micros } from '../../model/money.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../model/time.ts';

export interface AlertSettings {
  /** Expected cost must move by this share of what was last told… */
  readonly costBandShare: number;
  /** …and by at least this much, to be told again. */
  readonly costBandFloor: Micros;
  /** A deadline that moves less has not moved. */
  readonly deadlineToleranceMs: number;
  /** Quiet hours are broken when the deadline comes before their end plus this: time to wake up and act. */
  readonly quietLeadMs: number;
  /** Alerts a customer a calendar day (the customer's own). */
  readonly customerDailyCeiling: number;
  /** Alerts in any 24 hours, all customers together: the channel's limit for one number. */
  readonly globalDailyCeiling: number;
  /** Least time between two messages to one recipient. WhatsApp refuses faster ones with 131056. */
  readonly pairIntervalMs: number;
  /** Messages a second, all recipients together. WhatsApp refuses more with 130429. */
  readonly perSecond: number;
  /** How long a send without an answer waits for a webhook that proves it. Longer than any call may take. */
  readonly reconcileMs: number;
  /** Counted tries of one alert, then it is a dead letter. */
  readonly maxTries: number;
  /** Sends after one of unknown outcome: each may be a second message on the phone. */
  readonly maxBlindResends: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /** An alert that could not be sent for so long is a dead letter: nobody is helped by yesterday's news. */
  readonly giveUpAfterMs: number;
}

export const DEFAULT_SETTINGS: AlertSettings = Object.freeze({
  costBandShare: 0.2,
  costBandFloor: usd(1_000),
  deadlineToleranceMs: HOUR_MS,
  quietLeadMs: HOUR_MS,
  customerDailyCeiling: 10,
  globalDailyCeiling: 1_000,
  pairIntervalMs: 6 * SECOND_MS,
  perSecond: 80,
  reconcileMs: 30 * SECOND_MS,
  maxTries: 8,
  maxBlindResends: 3,
  backoffBaseMs: 5 * SECOND_MS,
  backoffMaxMs: 10 * MINUTE_MS,
  giveUpAfterMs: DAY_MS,
});
