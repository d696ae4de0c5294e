/** A signal as the desk keeps it: a statement that has been classified, judged and written down. */
import type { ChokepointId } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { Polarity } from './ports.ts';

/**
 * How the claim stands to the harm: `passage` speaks of the passage itself (closed, traffic back to normal), `trigger` of an event that
 * may cause disruption, `relief` of one that may end it, `context` of what surrounds it. Only the first three have links.
 */
export type Relation = 'passage' | 'trigger' | 'relief' | 'context';

export type SignalStatus = 'live' | 'rejected' | 'expired';

export interface Subject {
  readonly type: 'chokepoint';
  readonly id: ChokepointId;
}

export interface Evidence {
  readonly source: string;
  readonly url: string;
  /** SHA-256 of what the source sent. */
  readonly hash: string;
  readonly seenAt: Millis;
}

export interface Signal {
  readonly id: string;
  readonly kind: 'event';
  readonly source: string;
  readonly externalId: string;
  /** The question, verbatim. */
  readonly claim: string;
  /** As told: the probability of yes by `horizonEnd`. Never touched by age or polarity. */
  readonly probability: number;
  /** Null when no rule knows what the claim is about; then it is rejected. */
  readonly subject: Subject | null;
  readonly relation: Relation | null;
  readonly polarity: Polarity | null;
  readonly horizonEnd: Millis | null;
  readonly liquidityUsd: number | null;
  readonly volumeUsd: number | null;
  /** How good the data is, 0…1, at the time of asking: another quantity than the probability. */
  readonly confidence: number;
  readonly confidenceReasons: readonly string[];
  readonly status: SignalStatus;
  readonly rejectedBy: string | null;
  /** The classification rule that matched. */
  readonly classifiedBy: string | null;
  readonly evidence: readonly Evidence[];
  /** SHA-256 of what makes one statement of a question differ from the next. */
  readonly contentHash: string;
  readonly rulesVersion: string;
  readonly observedAt: Millis;
  readonly knownAt: Millis;
  /** The desk's time when it was stored. */
  readonly asOf: Millis;
}

/** A signal that counts: it has a subject, a direction, a horizon ahead, and it is the newest statement of its question. */
export interface LiveSignal extends Signal {
  readonly subject: Subject;
  readonly relation: Relation;
  readonly polarity: Polarity;
  readonly horizonEnd: Millis;
  readonly status: 'live';
  readonly rejectedBy: null;
}
