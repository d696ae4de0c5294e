/**
 * What a decision is computed from, as plain values: a shipment, its route, the risks on it, the freight rate.
 * No I/O, no rules. A decision keeps these values whole, so that it can be computed again.
 */
import type { ChokepointId } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { RiskTolerance, SeaRoute, Shipment } from '../shipping/index.ts';
import type { Interval } from './interval.ts';

export type { Interval } from './interval.ts';

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
  /** Days from the first of them to the last; left out: not known, and then not held against the estimate. */
  readonly recordDays?: number;
}

/** For whom the decision is made, as far as it changes what is advised. Not the language: a decision's bytes are the same for whoever reads it. */
export interface DecisionReader {
  readonly tolerance: RiskTolerance;
}

/** A passage on the way around, which the usual way does not use, and how likely it is to be closed there: going round may lead from one trouble into another. */
export interface OnwardRisk {
  readonly chokepoint: ChokepointId;
  /** Days from as-of until the ship would be there. */
  readonly inDays: number;
  /** P(closed then), at the medians. */
  readonly probability: number;
  /** Mean days that it then stays closed. */
  readonly durationDays: number;
  /** Content hash of the risks on that passage. */
  readonly risksHash: string;
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
  /** Of the corridor's passages the one that leads. */
  readonly chokepoint: ChokepointId;
  /** Names for the sentences: of the two ports. */
  readonly places: { readonly from: string; readonly to: string };
  readonly routes: Routes;
  /** The risks on `chokepoint`, at least one, and on the other passages ahead that the same way around avoids. */
  readonly risks: readonly EventRisk[];
  readonly freight: FreightRate | null;
  /** Left out: balanced. */
  readonly reader?: DecisionReader;
  /** Risks on the way around, in order of the passages; left out: none. */
  readonly onward?: readonly OnwardRisk[];
}
