/** Applies the classification rules to a question's or a headline's text. Pure. */
import type { Polarity, Subject } from '../ports.ts';
import type { Relation } from '../signal.ts';
import { CLASSIFICATION_RULES, MENTION_RULES, type ClassificationRule } from './classification.ts';

export interface Classification {
  readonly subject: Subject;
  readonly relation: Relation;
  /** Null only for a report whose direction the words do not tell. */
  readonly polarity: Polarity | null;
  readonly ruleId: string;
}

/** `ambiguous`: the words are there, but the question is negated, conditional or an either-or, so that which way its yes points cannot be told. */
export type ClassificationOutcome = { readonly kind: 'classified'; readonly as: Classification } | { readonly kind: 'irrelevant' } | { readonly kind: 'ambiguous' };

/**
 * Longest question that becomes a signal, in characters. Only as many are classified of a longer one: some rules take
 * time that grows with the square of the length.
 */
export const QUESTION_CHARS_MAX = 1_000;

export const NEGATED = /\b(not|won't|no|never|without|neither|fails? to)\b|\bavoids?\b/;
export const CONDITIONAL = /^if\b|\bif and only if\b|\biff\b|,? conditional on\b/;

/** @param question the question's text, in any case, with any quotes and blanks */
export function classify(question: string, rules: readonly ClassificationRule[] = CLASSIFICATION_RULES): ClassificationOutcome {
  const text = normalise(question);
  const rule = matching(text, rules);
  if (!rule) return { kind: 'irrelevant' };
  if (NEGATED.test(text) || CONDITIONAL.test(text)) return { kind: 'ambiguous' };
  return { kind: 'classified', as: { subject: { type: 'chokepoint', id: rule.subject }, relation: rule.relation, polarity: rule.polarity, ruleId: rule.id } };
}

/** Matching rules that, told as a fact, tell that ships are hindered. */
const isHarm = (rule: ClassificationRule): boolean => rule.polarity === 'raises' && (rule.relation === 'passage' || rule.id.endsWith('.ships-attacked'));

/**
 * The same rules on what is told as a fact. A report asks nothing, so a negated one is no riddle: it is context, without a direction.
 * @param headline the report's text, in any case
 */
export function classifyReport(headline: string, rules: readonly ClassificationRule[] = CLASSIFICATION_RULES): ClassificationOutcome {
  const text = normalise(headline);
  const rule = matching(text, rules);
  if (!rule) {
    const mention = MENTION_RULES.find(({ name }) => name.test(text));
    return mention ? { kind: 'classified', as: { subject: { type: 'chokepoint', id: mention.subject }, relation: 'context', polarity: null, ruleId: mention.id } } : { kind: 'irrelevant' };
  }
  const subject = { type: 'chokepoint', id: rule.subject } as const;
  if (NEGATED.test(text) || CONDITIONAL.test(text)) return { kind: 'classified', as: { subject, relation: 'context', polarity: null, ruleId: rule.id } };
  return { kind: 'classified', as: { subject, relation: isHarm(rule) ? 'harm' : 'context', polarity: rule.polarity, ruleId: rule.id } };
}

const matching = (text: string, rules: readonly ClassificationRule[]): ClassificationRule | undefined =>
  rules.find((r) => r.all.every((pattern) => pattern.test(text)) && !(r.none ?? []).some((pattern) => pattern.test(text)));

/** "By the end of May" is a date; the rules for what ends must not read it. */
const DEADLINE = /\b(by|before|until|at|in)?\s*(the )?end of (the )?(year|month|week|quarter|q[1-4]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d{4})\w*/g;

const normalise = (question: string): string =>
  question
    .trim()
    .slice(0, QUESTION_CHARS_MAX)
    .toLowerCase()
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, ' ')
    .replace(DEADLINE, ' by then')
    .trim();
