/**
 * What makes a statement unfit to be counted: data, read from top to bottom; the first rule that holds rejects it, and is named in the row.
 * Age is not among them: it lowers confidence (`confidence.ts`), never the probability, and throws nothing out.
 */
import type { Millis } from '../../../model/time.ts';
import type { RawStatement } from '../ports.ts';
import type { ClassificationOutcome } from './classify.ts';

/** Below this the price says little: a few hundred dollars move it. */
export const MIN_LIQUIDITY_USD = 1_000;

export interface ValidationRule {
  /** Kept as `rejected_by`. */
  readonly id: string;
  /** For people. */
  readonly says: string;
  rejects(statement: RawStatement, outcome: ClassificationOutcome, asOf: Millis): boolean;
}

export const VALIDATION_RULES: readonly ValidationRule[] = Object.freeze([
  { id: 'irrelevant', says: 'The question is about no chokepoint that the desk follows', rejects: (_, outcome) => outcome.kind === 'irrelevant' },
  { id: 'ambiguous', says: 'The question is negated or conditional: which way a yes points cannot be told', rejects: (_, outcome) => outcome.kind === 'ambiguous' },
  { id: 'closed', says: 'The question no longer trades', rejects: (statement) => statement.closed },
  { id: 'certain', says: 'A price of 0 or 1 is an outcome, not a forecast', rejects: ({ probability }) => probability <= 0 || probability >= 1 },
  { id: 'no-horizon', says: 'The question has no end date, so its price cannot be put into a window', rejects: ({ horizonEnd }) => horizonEnd === null },
  { id: 'horizon-past', says: 'The question has ended', rejects: ({ horizonEnd }, _, asOf) => horizonEnd !== null && horizonEnd <= asOf },
  { id: 'horizon-before-price', says: 'The price was formed after the question had ended', rejects: ({ horizonEnd, observedAt }) => horizonEnd !== null && horizonEnd <= observedAt },
  {
    id: 'thin-market',
    says: `Less than $${MIN_LIQUIDITY_USD} rest in the book`,
    rejects: ({ liquidityUsd }) => liquidityUsd !== null && liquidityUsd < MIN_LIQUIDITY_USD,
  },
]);

/** The id of the first rule that rejects the statement, or null. */
export const rejectingRule = (statement: RawStatement, outcome: ClassificationOutcome, asOf: Millis, rules = VALIDATION_RULES): string | null =>
  rules.find((rule) => rule.rejects(statement, outcome, asOf))?.id ?? null;
