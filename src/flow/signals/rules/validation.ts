/**
 * What makes a statement unfit to be counted: data, read from top to bottom; the first rule that holds rejects it, and is named in the row.
 * Age is not among them: it lowers confidence (`confidence.ts`), never the probability, and throws no forecast out.
 */
import type { Millis } from '../../../model/time.ts';
import type { SignalKind } from '../ports.ts';

/** Below this the price says little: a few hundred dollars move it. */
export const MIN_LIQUIDITY_USD = 1_000;

/** What a rule may look at, drawn from a statement as of a time. Null: the source does not say. */
export interface StatementFacts {
  readonly classification: 'classified' | 'irrelevant' | 'ambiguous';
  readonly closed: boolean;
  readonly probability: number | null;
  readonly liquidityUsd: number | null;
  /** From the desk's now to the end of the horizon. */
  readonly horizonLeftMs: Millis | null;
  /** From when the price was formed to the end of the horizon. */
  readonly horizonSpanMs: Millis | null;
  /** From the desk's now to the expiry of a report. */
  readonly expiresInMs: Millis | null;
}

/** One comparison. Against null only `is` can hold. */
export type Condition =
  | { readonly fact: keyof StatementFacts; readonly is: string | boolean | null }
  | { readonly fact: keyof StatementFacts; readonly below: number }
  | { readonly fact: keyof StatementFacts; readonly atMost: number }
  | { readonly fact: keyof StatementFacts; readonly atLeast: number };

export interface ValidationRule {
  /** Kept as `rejected_by`. */
  readonly id: string;
  /** For people. */
  readonly says: string;
  readonly kinds: readonly SignalKind[];
  /** Any of them rejects. */
  readonly rejectsWhen: readonly Condition[];
}

const BOTH = ['event', 'report'] as const;
const EVENTS = ['event'] as const;

export const VALIDATION_RULES: readonly ValidationRule[] = Object.freeze([
  { id: 'irrelevant', says: 'The claim is about nothing that the desk follows', kinds: BOTH, rejectsWhen: [{ fact: 'classification', is: 'irrelevant' }] },
  { id: 'ambiguous', says: 'The question is negated or conditional: which way a yes points cannot be told', kinds: EVENTS, rejectsWhen: [{ fact: 'classification', is: 'ambiguous' }] },
  { id: 'closed', says: 'The question no longer trades', kinds: EVENTS, rejectsWhen: [{ fact: 'closed', is: true }] },
  { id: 'certain', says: 'A price of 0 or 1 is an outcome, not a forecast', kinds: EVENTS, rejectsWhen: [{ fact: 'probability', atMost: 0 }, { fact: 'probability', atLeast: 1 }] },
  { id: 'no-horizon', says: 'The question has no end date, so its price cannot be put into a window', kinds: EVENTS, rejectsWhen: [{ fact: 'horizonLeftMs', is: null }] },
  { id: 'horizon-past', says: 'The question has ended', kinds: EVENTS, rejectsWhen: [{ fact: 'horizonLeftMs', atMost: 0 }] },
  { id: 'horizon-before-price', says: 'The price was formed after the question had ended', kinds: EVENTS, rejectsWhen: [{ fact: 'horizonSpanMs', atMost: 0 }] },
  { id: 'thin-market', says: `Less than $${MIN_LIQUIDITY_USD} rest in the book`, kinds: EVENTS, rejectsWhen: [{ fact: 'liquidityUsd', below: MIN_LIQUIDITY_USD }] },
  { id: 'stale', says: 'The report had expired when it came', kinds: ['report'], rejectsWhen: [{ fact: 'expiresInMs', atMost: 0 }] },
]);

/** The id of the first rule that rejects the statement, or null. */
export const rejectingRule = (kind: SignalKind, facts: StatementFacts, rules: readonly ValidationRule[] = VALIDATION_RULES): string | null =>
  rules.find((rule) => rule.kinds.includes(kind) && rule.rejectsWhen.some((condition) => holds(condition, facts)))?.id ?? null;

function holds(condition: Condition, facts: StatementFacts): boolean {
  const value = facts[condition.fact];
  if ('is' in condition) return value === condition.is;
  if (typeof value !== 'number') return false;
  if ('below' in condition) return value < condition.below;
  return 'atMost' in condition ? value <= condition.atMost : value >= condition.atLeast;
}
