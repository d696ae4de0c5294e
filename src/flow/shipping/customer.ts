/** A customer: whom a decision is for, how to reach them, and below what they do not want to hear. */
import type { Micros } from '../../model/money.ts';

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
