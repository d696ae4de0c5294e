/** Applies the classification rules to a question's text. Pure. */
import type { ChokepointId } from '../../../model/place.ts';
import type { Polarity } from '../ports.ts';
import type { Relation } from '../signal.ts';
import { CLASSIFICATION_RULES, type ClassificationRule } from './classification.ts';

export interface Classification {
  readonly subject: ChokepointId;
  readonly relation: Relation;
  readonly polarity: Polarity;
  readonly ruleId: string;
}

/** `ambiguous`: the words are there, but the question is negated, conditional or an either-or, so that which way its yes points cannot be told. */
export type ClassificationOutcome = { readonly kind: 'classified'; readonly as: Classification } | { readonly kind: 'irrelevant' } | { readonly kind: 'ambiguous' };

const NEGATED = /\b(not|won't|no|never|without|neither|fails? to)\b|\bavoids?\b/;
const CONDITIONAL = /^if\b|\bif and only if\b|\biff\b|,? conditional on\b/;

/** @param question the question's text, in any case, with any quotes and blanks */
export function classify(question: string, rules: readonly ClassificationRule[] = CLASSIFICATION_RULES): ClassificationOutcome {
  const text = normalise(question);
  const rule = rules.find((r) => r.all.every((pattern) => pattern.test(text)) && !(r.none ?? []).some((pattern) => pattern.test(text)));
  if (!rule) return { kind: 'irrelevant' };
  if (NEGATED.test(text) || CONDITIONAL.test(text)) return { kind: 'ambiguous' };
  return { kind: 'classified', as: { subject: rule.subject, relation: rule.relation, polarity: rule.polarity, ruleId: rule.id } };
}

/** "By the end of May" is a date; the rules for what ends must not read it. */
const DEADLINE = /\b(by|before|until|at|in)?\s*(the )?end of (the )?(year|month|week|quarter|q[1-4]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d{4})\w*/g;

const normalise = (question: string): string =>
  question
    .toLowerCase()
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, ' ')
    .replace(DEADLINE, ' by then')
    .trim();
