/**
 * What a decision is computed from, as plain values: a shipment, its route, the risks on it, the freight rate.
 * No I/O, no rules. A decision keeps these values whole, so that it can be computed again.
 */
import type { Micros } from '../../model/money.ts';
import type { ChokepointId, UnLocode } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { Interval } from './interval.ts';

export type { Interval } from './interval.ts';

export const SHIPMENT_STATUSES = Object.freeze(['booked', 'in_transit', 'at_port', 'delivered', 'cancelled'] as const);
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];

/** How fast goods lose value with time: `general` by the cost of capital, `time_sensitive` by Hummels & Schaur, `perishable` by spoilage besides. */
export const GOODS_CLASSES = Object.freeze(['general', 'time_sensitive', 'perishable'] as const);
export type GoodsClass = (typeof GOODS_CLASSES)[number];

/** TEU a container (20 ft is 1 by definition; 45 ft high cube 2.25). */
export const CONTAINER_TEU = Object.freeze({ '20GP': 1, '20RF': 1, '40GP': 2, '40HC': 2, '40RH': 2, '45HC': 2.25 } as const);
export type ContainerType = keyof typeof CONTAINER_TEU;
export const CONTAINER_TYPES = Object.freeze(Object.keys(CONTAINER_TEU)) as readonly ContainerType[];

/** What a delay breaks in the contract of sale. */
export interface PenaltyTerms {
  readonly perDayMicros: Micros;
  /** Days after ETA that cost nothing. */
  readonly freeDays: number;
  /** The penalty stops growing here. */
  readonly capMicros: Micros;
}

export interface Shipment {
  readonly id: string;
  readonly reference: string;
  readonly customerId: string;
  readonly from: UnLocode;
  readonly to: UnLocode;
  readonly etd: Millis;
  readonly eta: Millis;
  readonly cargoValueMicros: Micros;
  readonly containers: number;
  readonly containerType: ContainerType;
  readonly goodsClass: GoodsClass;
  readonly carrier: string | null;
  readonly vessel: string | null;
  readonly bookingReference: string | null;
  readonly status: ShipmentStatus;
  readonly penalty: PenaltyTerms;
}

export const teuOf = (s: Pick<Shipment, 'containers' | 'containerType'>): number => s.containers * CONTAINER_TEU[s.containerType];
/** Forty-foot equivalents, in which freight is quoted: TEU ÷ 2. */
export const feuOf = (s: Pick<Shipment, 'containers' | 'containerType'>): number => teuOf(s) / 2;

/** A sea route between two ports and where along it (0 at departure, 1 at arrival) it goes through each passage. */
export interface SeaRoute {
  readonly distanceNm: number;
  readonly passages: readonly { readonly id: ChokepointId; readonly fraction: number }[];
}

/** A shipment's ways: the usual one, and the one with the passage in question closed (null: none by sea). */
export interface Routes {
  readonly usual: SeaRoute;
  readonly avoiding: SeaRoute | null;
}

/** One piece of what is known, by the id and content hash under which its stage keeps it. */
export interface Evidence {
  readonly kind: 'signal' | 'observation' | 'alarm' | 'link' | 'state';
  readonly id: string;
  readonly hash: string;
  /** What it says, in words. */
  readonly statement: string;
  readonly probability: number | null;
  readonly source: string;
  readonly url: string | null;
}

/** One dated price or forecast of the event, already pointing its way: higher is likelier. */
export interface Claim {
  /** The id of its {@link Evidence}; two claims of one id count once. */
  readonly evidenceId: string;
  /** That the event happens from `observedAt` to `horizonEnd`. */
  readonly probability: number;
  readonly observedAt: Millis;
  readonly horizonEnd: Millis;
  /** Reliability × freshness, above 0. */
  readonly weight: number;
}

/** Something that may happen, as priced; harm follows through a link. */
export interface ForecastBasis {
  readonly kind: 'forecast';
  readonly claims: readonly Claim[];
  /** Days from the event until the passage is closed to ships. */
  readonly delayDays: Interval;
  /** P(the passage is closed to this trade | the event). */
  readonly harmGivenEvent: Interval;
  /** Standard deviation of the price's log-odds a √day, from its own history; null: too short a history, the setting is used. */
  readonly logitVolatility: number | null;
}

/** Something that is seen to be so now. */
export interface ObservedBasis {
  readonly kind: 'observed';
  /** Share of the usual passages that do not take place, 0…1. */
  readonly trafficLost: Interval;
  /** The first day it was so. */
  readonly since: Millis;
}

/** An event that has happened; whether harm follows is not seen yet. */
export interface OccurredBasis {
  readonly kind: 'occurred';
  readonly at: Millis;
  /** As of a forecast. */
  readonly delayDays: Interval;
  readonly harmGivenEvent: Interval;
}

/** A risk to one passage. */
export interface EventRisk {
  /** Stable over evaluations: what the risk is, not how likely it is now. */
  readonly id: string;
  readonly chokepoint: ChokepointId;
  /** The event in words, as the subject of a sentence: `A US strike on Iran`. */
  readonly event: string;
  readonly basis: ForecastBasis | OccurredBasis | ObservedBasis;
  /** Mean days that the passage stays closed: from its closing (forecast, occurred), from now on (observed). */
  readonly durationDays: Interval;
  /** Where the link and its intervals come from: a source, or `declared judgement`. */
  readonly linkSource: string;
  readonly evidence: readonly Evidence[];
  /** How good the data is, 0…1. Never how likely the event is. */
  readonly confidence: number;
  readonly confidenceReasons: readonly string[];
  /** Data points behind the estimate (prices seen, days observed): a short record is escalated. */
  readonly recordLength: number;
}

/** The lane's spot rate as last published. */
export interface FreightRate {
  readonly usdPerFeu: number;
  readonly lane: string;
  readonly observedFor: string;
  readonly evidence: Evidence;
}

/** Everything that one decision is computed from. */
export interface DecisionInputs {
  readonly asOf: Millis;
  readonly shipment: Shipment;
  readonly chokepoint: ChokepointId;
  /** Names for the sentences: of the two ports. */
  readonly places: { readonly from: string; readonly to: string };
  readonly routes: Routes;
  /** The risks on `chokepoint`, at least one. */
  readonly risks: readonly EventRisk[];
  readonly freight: FreightRate | null;
}
