/** The stage's limits and times, with their defaults and where each comes from. */
import { usd, type Micros } from '../../model/money.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../model/time.ts';
import type { ChannelName } from './ports.ts';

/** How fast one channel may be. */
export interface ChannelLimits {
  /** Least time between two messages to one address. */
  readonly pairIntervalMs: number;
  /** Messages a second, all addresses together. */
  readonly perSecond: number;
  /** Messages in any 24 hours. */
  readonly dailyCeiling: number;
}

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
  /** Alerts in any 24 hours, all customers and channels together. */
  readonly globalDailyCeiling: number;
  readonly limits: Readonly<Record<ChannelName, ChannelLimits>>;
  /** Operators hear at most one message in this time, which tells of all that came meanwhile: more alarms than that are not worked on. */
  readonly operatorIntervalMs: number;
  /** A message that has been accepted has this share of the time to the deadline to be read, then the next contact is tried… */
  readonly unreadShare: number;
  /** …but at least this: nobody looks at a phone every minute… */
  readonly unreadFloorMs: number;
  /** …and at most this, also where there is no deadline. */
  readonly unreadCeilingMs: number;
  /** A message that its channel does not take (held, paced, refused for now) waits at most this where another contact could be tried. */
  readonly heldCeilingMs: number;
  /** A look at an alert that is so late has not happened: health says so. */
  readonly watchGraceMs: number;
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
  limits: Object.freeze({
    // WhatsApp refuses faster pairs with 131056, more a second with 130429; 1,000 a day is the tier of a verified business.
    whatsapp: { pairIntervalMs: 6 * SECOND_MS, perSecond: 80, dailyCeiling: 1_000 },
    // Ours: a customer's mail server takes a burst from one sender for spam.
    email: { pairIntervalMs: 10 * SECOND_MS, perSecond: 5, dailyCeiling: 2_000 },
    // Slack, "Rate limits": one message a second and incoming webhook.
    slack: { pairIntervalMs: SECOND_MS, perSecond: 10, dailyCeiling: 5_000 },
    // Microsoft, "Incoming webhooks": more than four requests a second are throttled.
    teams: { pairIntervalMs: SECOND_MS, perSecond: 4, dailyCeiling: 5_000 },
    // Ours: a receiver that takes orders is rarely built for more.
    webhook: { pairIntervalMs: 0, perSecond: 20, dailyCeiling: 10_000 },
    // Telegram, "Bots FAQ": 20 messages a minute to one group, 30 a second in all.
    telegram: { pairIntervalMs: 3 * SECOND_MS, perSecond: 30, dailyCeiling: 5_000 },
  }),
  // EEMUA 191: an operator can work on about one alarm in ten minutes.
  operatorIntervalMs: 10 * MINUTE_MS,
  unreadShare: 0.25,
  unreadFloorMs: 10 * MINUTE_MS,
  unreadCeilingMs: 4 * HOUR_MS,
  heldCeilingMs: 30 * MINUTE_MS,
  watchGraceMs: 5 * MINUTE_MS,
  reconcileMs: 30 * SECOND_MS,
  maxTries: 8,
  maxBlindResends: 3,
  backoffBaseMs: 5 * SECOND_MS,
  backoffMaxMs: 10 * MINUTE_MS,
  giveUpAfterMs: DAY_MS,
});
