/**
 * The rule's coefficients: each with its interval, unit and source. Change one and the rule has another version.
 * Where no publication gives the figure, the source says `declared judgement`, and the interval is wide on purpose.
 */
import { contentHash, type Json } from '../../model/ids.ts';
import { interval, type Interval } from './interval.ts';
import { OVERLAND } from './outside-ports.ts';

export interface Coefficient extends Interval {
  readonly unit: string;
  readonly source: string;
}

const of = (low: number, expected: number, high: number, unit: string, source: string): Coefficient =>
  Object.freeze({ ...interval(low, expected, high), unit, source });

/** Uncertain coefficients: drawn in the Monte Carlo, at their median in the expected cost. */
export const COEFFICIENTS = Object.freeze({
  carryRate: of(0.2, 0.25, 0.3, 'of value a year', 'Inventory carrying cost of 20–30 % of value a year: the range usual in logistics texts'),
  timeValuePerDay: of(0.006, 0.0135, 0.021, 'of value a day', 'Hummels & Schaur 2013, American Economic Review 103(7): a day in transit is worth 0.6–2.1 % of value'),
  spoilagePerDay: of(0.005, 0.015, 0.04, 'of value a day', 'declared judgement: chilled goods beyond their planned transit'),
  speedKnots: of(14, 16, 19, 'knots', 'Service speed of container ships at slow steaming; 16 kn gives the +7.6 days of CNSHA–NLRTM by the Cape'),
  laneRate: of(1_500, 2_500, 4_500, 'USD/FEU', 'Used where no series covers the lane. Drewry WCI composite 2,557 USD/FEU on 8 Jan 2026, 1,899 on 26 Feb 2026'),
  rerouteFreightShare: of(0.1, 0.25, 0.6, 'of the lane rate', 'declared judgement: fuel and ship days of a longer way, before a crisis prices it'),
  relayPerFeu: of(350, 600, 1_000, 'USD/FEU', 'declared judgement: two moves at a hub and a new booking for a box that is under way'),
  destinationChangePerFeu: of(150, 300, 600, 'USD/FEU', "declared judgement: carriers' change-of-destination fee with the extra terminal move"),
  congestionDays: of(1, 3, 8, 'days', 'declared judgement: queue at the outside port once everybody goes there'),
  storagePerFeuDay: of(20, 40, 90, 'USD/FEU/day', 'declared judgement: container storage and detention before loading'),
  warPremiumBp: of(5, 12.5, 30, 'bp of value', 'declared judgement: cargo war-risk rates quoted for a threatened, open passage'),
  insuredShare: of(0.85, 0.95, 1, 'of the loss of goods', 'declared judgement: after the deductible; cargo war cover pays for goods, never for delay'),
  goodsLossGivenHit: of(0.0005, 0.003, 0.01, 'of value', 'declared judgement: about a hundred ships were attacked and few lost among thousands that passed the Red Sea in 2023–24'),
  emergencyPerFeu: of(500, 1_500, 3_000, 'USD/FEU', "declared judgement, in the range of carriers' emergency surcharges on the Red Sea in January 2024"),
  surge: of(1.4, 2, 3.5, '× the calm price', 'Drewry WCI Shanghai–Rotterdam: 1,148 (23 Nov 2023) to 4,951 (18 Jan 2024), ×4.3 at the peak; less for what is booked in the first days'),
  forcedBacktrackDays: of(1, 3, 7, 'days', 'declared judgement: decision of the carrier, turning and re-planning once a passage is shut'),
  rateDriftPerDay: of(0, 0.002, 0.008, 'of the price a day', 'declared judgement: rise of the price of the way out while a threat stands and nothing happens'),
  hedgePremiumShare: of(0.03, 0.08, 0.18, 'of the freight that is fixed', 'declared judgement: what a forwarder or an index forward asks for the right to go round at today\'s price for a month or two; container freight varies by some 40–60 % a year in calm times, at which an at-the-money right of two months costs 6–10 %'),
  hedgeCover: of(0.4, 0.7, 0.9, 'of the rise in freight', 'declared judgement: an index is not the lane and a carrier may roll a fixed booking; what is left is basis risk'),
  splitPerShipment: of(150, 400, 1_000, 'USD', "declared judgement: a second booking, bill of lading and customs entry, from forwarders' usual document fees"),
  dependence: of(0.6, 0.85, 1, '0 independent … 1 the same story', 'declared judgement: events that threaten one passage move together'),
} satisfies Record<string, Coefficient>);

export type CoefficientName = keyof typeof COEFFICIENTS;
/** One value for each coefficient: the medians, or one draw. */
export type Coefficients = { readonly [K in CoefficientName]: number };

/** Fixed parameters: choices, not estimates. */
export const PARAMETERS = Object.freeze({
  /** Before ETD: after this a booking is not changed without dead freight. Carriers' usual cut-off is 48–96 h. */
  bookingCutoffHours: 72,
  /** Before the passage: notice for a change of destination or a relay at a hub. Carriers ask for 48 h or more. */
  divertNoticeHours: 48,
  /** Before the passage: underwriters bind no later. */
  insureNoticeHours: 24,
  /** Delays of departure that are tried, in days. */
  departureDelaysDays: Object.freeze([7, 14, 21]),
  /** Transit counts are published about this long after their day (IMF PortWatch: 4 to 8). */
  publicationDays: 6,
  /** Claims of different horizons are pooled as probabilities within this many days. */
  poolingHorizonDays: 30,
  /** a of the log-odds pool: 1 until outcomes teach another. */
  extremizing: 1,
  /** Log-odds a √day where a signal's own history is too short: median of 51 daily forecast histories 2022–24 (quartiles 0.04 and 0.14). */
  defaultLogitVolatility: 0.084,
  /** A shipment whose probability of a hit is below this gets no decision. */
  probabilityFloor: 0.002,
  /** Waiting is advised only where it is worth at least this much… */
  waitMaterialityUsd: 250,
  /** …and this share of the best expected cost without waiting. */
  waitMaterialityShare: 0.05,
  /** An act may be put off while that costs less than this, in dollars… */
  deadlineToleranceUsd: 100,
  /** …or this share of the best expected cost. */
  deadlineToleranceShare: 0.02,
  /** Points of the lattice behind each 90 % interval; the error against a million draws is in docs/adr/0014. */
  draws: 96,
  /** Shares of the boxes that are tried by the other way. */
  splitShares: Object.freeze([0.25, 0.5, 0.75]),
  /** λ: how much of the distance from the expected cost to the mean of the worst tenth a conservative customer pays to avoid. Declared judgement. */
  conservativeLambda: 0.15,
  /** The tail that λ looks at. */
  tailShare: 0.1,
  /** An aggressive customer acts only where it saves at least this much against proceeding… */
  aggressiveLeastUsd: 1_000,
  /** …and this share of what proceeding is expected to cost. Declared judgements. */
  aggressiveLeastShare: 0.15,
  escalateExposureUsd: 200_000,
  escalateConfidence: 0.5,
  /** Sources disagree when two live claims on one event lie further apart than this in log-odds over the pooling horizon… */
  disagreementLogit: 1.5,
  /** …where both weigh at least this share of the heaviest: an old or unreliable claim disagrees with nobody. */
  disagreementLeastWeight: 0.2,
  /** A record is short when it has fewer data points than this… */
  shortRecord: 5,
  /** …and spans fewer days than this: prices two weeks apart are a thin record, not a short one. */
  shortRecordDays: 14,
  /** Factors on confidence, each with its reason in the decision. */
  judgedLinkConfidence: 0.85,
  wideLinkConfidence: 0.85,
  disagreementConfidence: 0.8,
  shortRecordConfidence: 0.8,
  defaultFreightConfidence: 0.95,
  /** Another passage takes the lead of a corridor only when it is likelier to be closed by this share. */
  leadShare: 0.25,
  /** Hysteresis: a deadline that moves by less is the same deadline… */
  deadlineMoveHours: 24,
  /** …and an expected cost within this share (and the dollars below) is the same cost. */
  costBandShare: 0.25,
  /** The same while the advice is to proceed: there its slow fall, as the passage comes nearer, is no news. */
  proceedBandShare: 0.5,
  costBandUsd: 1_000,
  /** Severity by the expected cost of doing nothing, in dollars. */
  severityMediumUsd: 5_000,
  severityHighUsd: 25_000,
  severityCriticalUsd: 100_000,
} as const);

/** Raised when the arithmetic itself changes, so that an old decision is never replayed by new rules. */
const RULE_REVISION = 2;

/** The whole rule as data, kept with the decisions that it made. */
export const RULE = Object.freeze({ revision: RULE_REVISION, coefficients: COEFFICIENTS, parameters: PARAMETERS, overland: OVERLAND });

/** The version of the rule: a content hash over arithmetic and settings. */
export const RULE_VERSION = `rule_${contentHash(RULE as unknown as Json).slice(0, 16)}`;

export const COEFFICIENT_NAMES = Object.freeze(Object.keys(COEFFICIENTS)) as readonly CoefficientName[];

const at = (pick: (c: Coefficient) => number): Coefficients =>
  Object.freeze(Object.fromEntries(COEFFICIENT_NAMES.map((name) => [name, pick(COEFFICIENTS[name])]))) as Coefficients;

export const EXPECTED = at((c) => c.expected);
export const LOW = at((c) => c.low);
export const HIGH = at((c) => c.high);
