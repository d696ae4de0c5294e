/** A shipment and its way by sea, as plain values. Not here: how either is found or stored. */
import type { Micros } from '../../model/money.ts';
import type { ChokepointId, UnLocode } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';

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
