/**
 * What the signals stage asks of the world: dated, sourced statements, as their source made them: forecasts, and reports of what is seen.
 * A source only reads and translates. Which statement matters, which way it points and whether it is good enough are this stage's rules.
 */
import type { ChokepointId, UnLocode } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';

/** Which way a "yes" moves the risk of disruption at the subject. */
export type Polarity = 'raises' | 'lowers';

/** What a statement is about. Decisions read forecasts on chokepoints; the rest is kept, shown and found by its subject. */
export type Subject =
  | { readonly type: 'chokepoint'; readonly id: ChokepointId }
  | { readonly type: 'port'; readonly id: UnLocode }
  /** `shanghai_rotterdam`, `CNSHA-NLRTM`: as its source names it. */
  | { readonly type: 'lane'; readonly id: string }
  /** A ticker or symbol. */
  | { readonly type: 'instrument'; readonly id: string };

/**
 * `event`: a forecast, with a probability and an end. `report`: somebody says that something happened or is being seen
 * (a headline, an anomaly in AIS): it has no probability, and never becomes one.
 */
export type SignalKind = 'event' | 'report';

/** One statement, formed at one moment. The same market at a later price is another statement; the same headline in another paper too. */
export interface RawStatement {
  /** Default `event`. */
  readonly kind?: SignalKind;
  /** The source's own id of the question or market, stable over its life (not of the price). */
  readonly externalId: string;
  /** `polymarket`, `manifold`, `gdelt`, `rss.reuters`, …: where the statement was made; the unit of reliability. */
  readonly source: string;
  /** A page on which a person can check it. */
  readonly url: string;
  /** The question's text, or what is reported (a headline), verbatim. */
  readonly question: string;
  /** Event: that the answer is yes by `horizonEnd`, 0..1 inclusive as told by the source; the rules refuse 0 and 1. Report: null. */
  readonly probability: number | null;
  /** When the question closes: the price is a cumulative probability up to here. Null when the source does not say, and for a report. */
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
  readonly subjectHint?: Subject;
  /** Which way a yes, or what is reported, moves the risk. An event needs it for its hint to count. */
  readonly polarity?: Polarity;
  /** Report, from a source that knows: `harm` when ships are seen to be hindered at the subject. Default: the rules read the text. */
  readonly relation?: 'harm' | 'context';
  /** Report: until when it counts, at most 30 days after `observedAt`. Default 72 hours after it. */
  readonly expiresAt?: Millis;
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
