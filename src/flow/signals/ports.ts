/**
 * What the signals stage asks of the world: dated, sourced statements about the future, as their source made them.
 * A source only reads and translates. Which statement matters, which way it points and whether it is good enough are this stage's rules.
 */
import type { ChokepointId } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';

/** Which way a "yes" moves the risk of disruption at the subject. */
export type Polarity = 'raises' | 'lowers';

/** One statement with one probability, formed at one moment. The same market at a later price is another statement. */
export interface RawStatement {
  /** The source's own id of the question or market, stable over its life (not of the price). */
  readonly externalId: string;
  /** `polymarket`, `manifold`, `desk-exchange`, …: where the statement was made; the unit of reliability. */
  readonly source: string;
  /** A page on which a person can check it. */
  readonly url: string;
  /** The question's text, verbatim. */
  readonly question: string;
  /** That the answer is yes by `horizonEnd`, 0..1 inclusive as told by the source; the rules refuse 0 and 1. */
  readonly probability: number;
  /** When the question closes: the price is a cumulative probability up to here. Null when the source does not say. */
  readonly horizonEnd: Millis | null;
  /** US dollars resting in the book, or null when the source does not say. */
  readonly liquidityUsd: number | null;
  /** US dollars traded so far, or null. */
  readonly volumeUsd: number | null;
  /** The question no longer trades or is resolved. */
  readonly closed: boolean;
  /** When the price was formed (last trade or quote; for a quote seen only at a poll, the poll). */
  readonly observedAt: Millis;
  /** From when anyone outside could know it. Never before `observedAt`, never after the `asOf` of the fetch. */
  readonly knownAt: Millis;
  /** What the source sent, as text: it is hashed into the evidence. */
  readonly raw: string;
  /** Said by sources that know what they speak about (an external producer); otherwise the rules read the question. */
  readonly subjectHint?: ChokepointId;
  /** Given together with `subjectHint`. */
  readonly polarity?: Polarity;
}

/** Where statements come from. `venues/` and the intake implement it; `app.ts` injects them. */
export interface SignalSource {
  readonly name: string;
  /** `twin`: a local stand-in that plays recorded history. */
  readonly kind: 'real' | 'twin';
  /**
   * The newest statement of each question that the source holds relevant, as known at `asOf`.
   * @param asOf the desk's now; nothing with a later `knownAt` may be returned
   * @throws CodedError the venue's; the sweep reports it and goes on with the next source
   */
  fetch(asOf: Millis, signal: AbortSignal): Promise<readonly RawStatement[]>;
}
