/**
 * What the risk reader takes from the stages `signals` and `reality`, in the least shape it needs: their faces fit it as they are.
 */
import type { Executor } from '../../kernel/database/types.ts';
import type { ChokepointId } from '../../model/place.ts';
import type { IsoDay, Millis } from '../../model/time.ts';
import type { Interval } from './interval.ts';

export interface SourceSignal {
  readonly id: string;
  readonly source: string;
  readonly externalId: string;
  readonly claim: string;
  readonly probability: number;
  readonly horizonEnd: Millis | null;
  readonly observedAt: Millis;
  readonly knownAt: Millis;
  readonly classifiedBy: string | null;
  readonly confidence: number;
  readonly confidenceReasons: readonly string[];
  readonly contentHash: string;
  readonly evidence: readonly { readonly url: string }[];
}

export interface SourceLink {
  readonly id: string;
  readonly version: string;
  readonly chokepoint: ChokepointId;
  readonly effect: 'disrupts' | 'relieves';
  readonly probability: Interval;
  readonly delayDays: Interval;
  readonly durationDays: Interval;
  readonly statement: string;
  readonly source: string;
}

export interface SourceState {
  readonly id: ChokepointId;
  readonly transits: { readonly value: number; readonly observedFor: IsoDay; readonly knownAt: Millis; readonly baselineMean: number | null; readonly source: string; readonly url: string } | null;
  readonly lostTraffic: { readonly expected: number; readonly low: number; readonly high: number; readonly from: IsoDay; readonly to: IsoDay; readonly series: string } | null;
  readonly alarm: { readonly id: string; readonly series: string; readonly direction: 'down' | 'up'; readonly alarmedFor: IsoDay; readonly knownAt: Millis; readonly statistic: number } | null;
}

export interface RiskSources {
  /** The newest statement of each open question. @param chokepoint only on this passage; left out: on all */
  liveSignals(on: Executor, asOf: Millis, chokepoint?: ChokepointId): Promise<readonly SourceSignal[]>;
  /** Questions that closed with yes in the last days: the event has happened. */
  occurredSignals(on: Executor, since: Millis, asOf: Millis): Promise<readonly SourceSignal[]>;
  /** Statements on a passage, oldest first. */
  signalHistory(on: Executor, chokepoint: ChokepointId, from: Millis, to: Millis, asOf: Millis): Promise<readonly SourceSignal[]>;
  linksOf(signal: SourceSignal): readonly SourceLink[];
  /** 0…1. */
  reliabilityOf(source: string): number;
  /** @param ids only these; left out: all */
  chokepointStates(on: Executor, asOf: Millis, ids?: readonly ChokepointId[]): Promise<readonly SourceState[]>;
}
