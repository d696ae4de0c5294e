/**
 * How good a statement's data is, 0…1, and why: the source's record, the money behind a price or the others who report the same, and its age.
 * Not here: how likely the event is. Coefficients are declared judgement until outcomes have re-estimated them.
 */
import { freshness } from '../../../model/probability.ts';
import { DAY_MS, type Millis } from '../../../model/time.ts';
import type { SignalKind } from '../ports.ts';

/**
 * How far a source's prices are trusted, 0…1: declared judgement. Real money above reputation, reputation above play money;
 * who is not listed gets {@link UNKNOWN_SOURCE_RELIABILITY}.
 */
export const SOURCE_RELIABILITY: Readonly<Record<string, number>> = Object.freeze({ polymarket: 0.9, kalshi: 0.9, metaculus: 0.8, infer: 0.75, manifold: 0.65 });
export const UNKNOWN_SOURCE_RELIABILITY = 0.5;

/** A price of this age counts half. Recorded prices may be two weeks apart, so a week-old one is still worth most of its weight. */
export const PRICE_HALF_LIFE_MS = 14 * DAY_MS;

/** News of this age counts half: by then it is confirmed, corrected or overtaken. */
export const REPORT_HALF_LIFE_MS = DAY_MS;

/**
 * Each further outlet takes away this share of the doubt. Little, and no more than three times: nearly the same words come from
 * one agency more often than from two observers.
 */
export const CORROBORATION = Object.freeze({ doubtTakenAway: 0.15, outletsMax: 3 });

/** Money resting in the book → factor: full from $50,000; the floor is the validation rule's. */
export const LIQUIDITY_STEPS: readonly (readonly [usd: number, factor: number])[] = [
  [50_000, 1],
  [10_000, 0.95],
  [5_000, 0.85],
  [0, 0.75],
];
/** The source does not say what rests in the book: half-way between the least and the most. */
export const LIQUIDITY_UNKNOWN = 0.85;

export const reliabilityOf = (source: string): number => (Object.hasOwn(SOURCE_RELIABILITY, source) ? SOURCE_RELIABILITY[source]! : UNKNOWN_SOURCE_RELIABILITY);

export interface ConfidenceFacts {
  readonly kind: SignalKind;
  readonly source: string;
  readonly liquidityUsd: number | null;
  readonly observedAt: Millis;
  /** Distinct outlets that tell it, the first included. Default 1. */
  readonly outlets?: number;
}

export interface Confidence {
  readonly confidence: number;
  readonly reasons: readonly string[];
}

/** @returns the product of the factors, rounded to 0.001, and a sentence for each */
export function confidenceOf(facts: ConfidenceFacts, asOf: Millis): Confidence {
  const { source, observedAt } = facts;
  const reliability = reliabilityOf(source);
  const known = Object.hasOwn(SOURCE_RELIABILITY, source);
  const age = Math.max(0, asOf - observedAt);
  return facts.kind === 'event' ? ofPrice(facts, reliability, known, age) : ofReport(facts, reliability, known, age);
}

function ofPrice({ source, liquidityUsd }: ConfidenceFacts, reliability: number, known: boolean, age: Millis): Confidence {
  const liquidity = liquidityUsd === null ? LIQUIDITY_UNKNOWN : LIQUIDITY_STEPS.find(([usd]) => liquidityUsd >= usd)![1];
  const fresh = freshness(age, PRICE_HALF_LIFE_MS);
  return {
    confidence: rounded(reliability * liquidity * fresh),
    reasons: [
      known ? `${source} prices are trusted at ${reliability}` : `${source} has no record here: trusted at ${reliability}`,
      liquidityUsd === null ? `The source does not say how much money rests in the book: factor ${liquidity}` : `$${Math.round(liquidityUsd).toLocaleString('en-US')} rest in the book: factor ${liquidity}`,
      `The price is ${describeAge(age)} old: factor ${fresh.toFixed(2)}`,
    ],
  };
}

function ofReport({ source, outlets = 1 }: ConfidenceFacts, reliability: number, known: boolean, age: Millis): Confidence {
  const others = Math.min(outlets - 1, CORROBORATION.outletsMax);
  const corroborated = 1 - (1 - reliability) * (1 - CORROBORATION.doubtTakenAway) ** others;
  const fresh = freshness(age, REPORT_HALF_LIFE_MS);
  return {
    confidence: rounded(corroborated * fresh),
    reasons: [
      known ? `Reports by ${source} are trusted at ${reliability}` : `${source} has no record here: trusted at ${reliability}`,
      ...(others > 0 ? [`${outlets} outlets tell it in nearly the same words: ${reliability} becomes ${corroborated.toFixed(2)}`] : []),
      `The report is ${describeAge(age)} old: factor ${fresh.toFixed(2)}`,
    ],
  };
}

const rounded = (confidence: number): number => Math.round(confidence * 1_000) / 1_000;

const describeAge = (age: Millis): string => (age < DAY_MS ? 'less than a day' : age < 2 * DAY_MS ? 'a day' : `${Math.floor(age / DAY_MS)} days`);
