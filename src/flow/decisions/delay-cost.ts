/** What days of delay cost: capital or market value of time, spoilage, and the contract's penalty. Freight is not here. */
import { feuOf, type GoodsClass, type Shipment } from '../shipping/index.ts';
import type { Coefficients } from './settings.ts';

/** The shipment's terms as doubles, for the hot loop: micros below $9 billion are exact integers in a double. */
export interface CostTerms {
  readonly value: number;
  readonly feu: number;
  readonly goods: GoodsClass;
  readonly penaltyPerDay: number;
  readonly penaltyFreeDays: number;
  readonly penaltyCap: number;
}

export function costTerms(s: Shipment): CostTerms {
  return {
    value: Number(s.cargoValueMicros),
    feu: feuOf(s),
    goods: s.goodsClass,
    penaltyPerDay: Number(s.penalty.perDayMicros),
    penaltyFreeDays: s.penalty.freeDays,
    penaltyCap: Number(s.penalty.capMicros),
  };
}

/** A delay: of known length, or exponential with this mean (how long a closed passage stays closed has no memory). */
export interface Delay {
  readonly days: number;
  readonly random: boolean;
}

export interface DelayCost {
  readonly time: number;
  readonly spoilage: number;
  readonly penalty: number;
}

/** E[min(max(X − free, 0), cap)], the days that count: exactly, for a fixed X and for X ~ Exp(mean). */
export function countedDays(delay: Delay, free: number, cap: number): number {
  if (delay.days <= 0 || cap <= 0) return 0;
  if (!delay.random) return Math.min(Math.max(delay.days - free, 0), cap);
  return delay.days * Math.exp(-free / delay.days) * -Math.expm1(-cap / delay.days);
}

/** @returns expected costs in micros; time and spoilage together never exceed the goods' value */
export function delayCost(terms: CostTerms, k: Coefficients, delay: Delay): DelayCost {
  const timeRate = terms.goods === 'time_sensitive' ? k.timeValuePerDay : k.carryRate / 365;
  const spoilRate = terms.goods === 'perishable' ? k.spoilagePerDay : 0;
  const counted = countedDays(delay, 0, 1 / (timeRate + spoilRate));
  const penaltyDays = terms.penaltyPerDay > 0 ? countedDays(delay, terms.penaltyFreeDays, terms.penaltyCap / terms.penaltyPerDay) : 0;
  return { time: terms.value * timeRate * counted, spoilage: terms.value * spoilRate * counted, penalty: terms.penaltyPerDay * penaltyDays };
}
