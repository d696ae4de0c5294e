/** A signal as the desk keeps it: a statement that has been classified, judged and written down. */
import type { Millis } from '../../model/time.ts';
import type { Polarity, Subject } from './ports.ts';

/**
 * How the claim stands to the harm. Of an event: `passage` speaks of the passage itself (closed, traffic back to normal), `trigger` of what
 * may cause disruption, `relief` of what may end it, `context` of what surrounds it; only the first three have links.
 * Of a report: `harm` (ships are said to be hindered) or `context`.
 */
export type Relation = 'passage' | 'trigger' | 'relief' | 'harm' | 'context';

export type SignalStatus = 'live' | 'rejected' | 'expired';

export interface Evidence {
  readonly source: string;
  readonly url: string;
  /** SHA-256 of what the source sent. */
  readonly hash: string;
  readonly seenAt: Millis;
}

/** Who else tells the same in nearly the same words, as known at the time of asking. */
export interface Corroboration {
  /** Further tellings. */
  readonly reports: number;
  /** Distinct outlets, the first one included. */
  readonly outlets: number;
}

interface SignalBase {
  readonly id: string;
  readonly source: string;
  readonly externalId: string;
  /** The question or the headline, verbatim. */
  readonly claim: string;
  /** Null when no rule knows what the claim is about; then it is rejected. */
  readonly subject: Subject | null;
  readonly relation: Relation | null;
  readonly polarity: Polarity | null;
  readonly liquidityUsd: number | null;
  readonly volumeUsd: number | null;
  /** How good the data is, 0…1, at the time of asking: another quantity than the probability. */
  readonly confidence: number;
  readonly confidenceReasons: readonly string[];
  readonly status: SignalStatus;
  readonly rejectedBy: string | null;
  /** The classification rule that matched. */
  readonly classifiedBy: string | null;
  /** Its own first, then that of further tellings: the first twenty. */
  readonly evidence: readonly Evidence[];
  readonly corroboration: Corroboration;
  /** SHA-256 of what makes one statement of a question differ from the next. */
  readonly contentHash: string;
  readonly rulesVersion: string;
  readonly observedAt: Millis;
  readonly knownAt: Millis;
  /** The desk's time when it was stored. */
  readonly asOf: Millis;
}

export interface EventSignal extends SignalBase {
  readonly kind: 'event';
  /** As told: the probability of yes by `horizonEnd`. Never touched by age or polarity. */
  readonly probability: number;
  readonly horizonEnd: Millis | null;
  /** The end of its horizon. */
  readonly expiresAt: Millis | null;
}

export interface ReportSignal extends SignalBase {
  readonly kind: 'report';
  readonly probability: null;
  readonly horizonEnd: null;
  readonly expiresAt: Millis;
}

export type Signal = EventSignal | ReportSignal;

/** A forecast that counts: it is about a chokepoint, has a direction and a horizon ahead, and is the newest statement of its question. */
export interface LiveSignal extends EventSignal {
  readonly subject: Extract<Subject, { type: 'chokepoint' }>;
  readonly relation: Relation;
  readonly polarity: Polarity;
  readonly horizonEnd: Millis;
  readonly status: 'live';
  readonly rejectedBy: null;
}
