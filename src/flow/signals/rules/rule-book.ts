/** All rules by which a statement becomes a signal, as one JSON value with a version: stored when first used, so that a row can be judged by the rules of its day. */
import type { Json } from '../../../model/ids.ts';
import { BANDS, MINHASH_SEED, ROWS } from '../dedup/minhash.ts';
import { SAME_STORY_SIMILARITY } from '../dedup/same-story.ts';
import { SHINGLE_WORDS } from '../dedup/shingles.ts';
import { CLASSIFICATION_RULES, MENTION_RULES } from './classification.ts';
import { CONDITIONAL, NEGATED } from './classify.ts';
import { CORROBORATION, LIQUIDITY_STEPS, LIQUIDITY_UNKNOWN, PRICE_HALF_LIFE_MS, REPORT_HALF_LIFE_MS, SOURCE_RELIABILITY, UNKNOWN_SOURCE_RELIABILITY } from './confidence.ts';
import { REPORT_EXPIRY_MAX_MS, REPORT_EXPIRY_MS } from './expiry.ts';
import { VALIDATION_RULES } from './validation.ts';

const patterns = (all: readonly RegExp[]): readonly Json[] => all.map((pattern) => pattern.source);

export function ruleBook(): Json {
  return {
    classification: {
      rules: CLASSIFICATION_RULES.map(({ id, subject, relation, polarity, all, none }) => ({ id, subject, relation, polarity, all: patterns(all), none: patterns(none ?? []) })),
      mentions: MENTION_RULES.map(({ id, subject, name }) => ({ id, subject, name: name.source })),
      negated: NEGATED.source,
      conditional: CONDITIONAL.source,
    },
    validation: VALIDATION_RULES.map(({ id, says, kinds, rejectsWhen }) => ({ id, says, kinds, rejects_when: rejectsWhen.map((condition) => ({ ...condition })) })),
    confidence: {
      reliability: { ...SOURCE_RELIABILITY },
      reliability_unknown: UNKNOWN_SOURCE_RELIABILITY,
      liquidity_steps: LIQUIDITY_STEPS.map(([usd, factor]) => [usd, factor]),
      liquidity_unknown: LIQUIDITY_UNKNOWN,
      price_half_life_ms: PRICE_HALF_LIFE_MS,
      report_half_life_ms: REPORT_HALF_LIFE_MS,
      corroboration: { ...CORROBORATION },
    },
    expiry: { report_ms: REPORT_EXPIRY_MS, report_max_ms: REPORT_EXPIRY_MAX_MS },
    dedup: { bands: BANDS, rows: ROWS, seed: MINHASH_SEED, shingle_words: SHINGLE_WORDS, similarity: SAME_STORY_SIMILARITY },
  };
}
