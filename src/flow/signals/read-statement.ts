/** From a source's statement to a signal: checked, classified, judged, named. Pure: the same statement under the same rules is the same signal. */
import * as z from 'zod';
import { contentHash, deterministicId } from '../../model/ids.ts';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../model/place.ts';
import type { Millis } from '../../model/time.ts';
import type { RawStatement } from './ports.ts';
import { RULES_VERSION } from './rules/classification.ts';
import { classify, type Classification, type ClassificationOutcome } from './rules/classify.ts';
import { confidenceOf } from './rules/confidence.ts';
import { rejectingRule } from './rules/validation.ts';
import type { Signal } from './signal.ts';

const dollars = z.number().nonnegative().nullable();

/** Sources are outside: what they hand over is checked like any other input, and a malformed statement is counted, not stored. */
const STATEMENT = z.object({
  externalId: z.string().min(1).max(300),
  source: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  question: z.string().trim().min(1).max(1_000),
  probability: z.number().min(0).max(1),
  horizonEnd: z.int().nullable(),
  liquidityUsd: dollars,
  volumeUsd: dollars,
  closed: z.boolean(),
  observedAt: z.int(),
  knownAt: z.int(),
  raw: z.string().max(65_536),
  subjectHint: z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]).optional(),
  polarity: z.enum(['raises', 'lowers']).optional(),
});

/** Reasons for which a statement is refused before it is a signal: counted in the sweep's report, and not kept. */
export type Refusal = 'malformed' | 'look-ahead';

/**
 * @param asOf the desk's now: a statement known only later is refused, whatever its source says
 */
export function readStatement(statement: RawStatement, asOf: Millis): Signal | Refusal {
  const parsed = STATEMENT.safeParse(statement);
  if (!parsed.success || statement.observedAt > statement.knownAt) return 'malformed';
  if (statement.knownAt > asOf) return 'look-ahead';
  const outcome = classifyStatement(statement);
  const as = outcome.kind === 'classified' ? outcome.as : null;
  const rejectedBy = rejectingRule(statement, outcome, asOf);
  const content = contentHash({ question: statement.question, probability: statement.probability, horizonEnd: statement.horizonEnd, rejectedBy });
  const { confidence, reasons } = confidenceOf(statement, asOf);
  return {
    // What is about nothing that the desk follows is kept once a question, not once a price.
    id:
      rejectedBy === 'irrelevant'
        ? deterministicId('sig', statement.source, statement.externalId, rejectedBy, RULES_VERSION)
        : deterministicId('sig', statement.source, statement.externalId, statement.observedAt, content, RULES_VERSION),
    kind: 'event',
    source: statement.source,
    externalId: statement.externalId,
    claim: statement.question,
    probability: statement.probability,
    subject: as ? { type: 'chokepoint', id: as.subject } : null,
    relation: as?.relation ?? null,
    polarity: as?.polarity ?? null,
    horizonEnd: statement.horizonEnd,
    liquidityUsd: statement.liquidityUsd,
    volumeUsd: statement.volumeUsd,
    confidence,
    confidenceReasons: reasons,
    status: rejectedBy === null ? 'live' : 'rejected',
    rejectedBy,
    classifiedBy: as?.ruleId ?? null,
    evidence: [{ source: statement.source, url: statement.url, hash: contentHash(statement.raw), seenAt: statement.knownAt }],
    contentHash: content,
    rulesVersion: RULES_VERSION,
    observedAt: statement.observedAt,
    knownAt: statement.knownAt,
    asOf,
  };
}

/** A source that says what it speaks about is believed on subject and polarity; whether a link holds is still read from the text. */
function classifyStatement({ question, subjectHint, polarity }: RawStatement): ClassificationOutcome {
  const outcome = classify(question);
  if (subjectHint === undefined || polarity === undefined) return outcome;
  if (outcome.kind === 'classified' && outcome.as.subject === subjectHint && outcome.as.polarity === polarity) return outcome;
  const hinted: Classification = { subject: subjectHint, relation: 'context', polarity, ruleId: 'hinted' };
  return { kind: 'classified', as: hinted };
}
