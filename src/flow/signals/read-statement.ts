/** From a source's statement to a signal: checked, classified, judged, named. Pure: the same statement under the same rules is the same signal. */
import * as z from 'zod';
import { contentHash, deterministicId } from '../../model/ids.ts';
import { millis } from '../../kernel/http/fields.ts';
import { isStorableText } from '../../model/storable.ts';
import type { Millis } from '../../model/time.ts';
import type { RawStatement, SignalKind } from './ports.ts';
import { RULES_VERSION } from './rules/classification.ts';
import {
  classify, classifyReport, QUESTION_CHARS_MAX, type Classification, type ClassificationOutcome,
} from './rules/classify.ts';
import { confidenceOf } from './rules/confidence.ts';
import { isReportExpiry, reportExpiry } from './rules/expiry.ts';
import { rejectingRule } from './rules/validation.ts';
import type { EventSignal, ReportSignal, Signal } from './signal.ts';
import { subjectSchema } from './subject.ts';

const dollars = z.number().nonnegative().nullable();
const time = millis();
/** A text that Postgres refuses would fail the whole sweep, each time. */
const isKept = isStorableText;

/** Sources are outside: what they hand over is checked like any other input, and a malformed statement is counted, not stored. */
const STATEMENT = z.object({
  kind: z.enum(['event', 'report']).optional(),
  externalId: z.string().min(1).max(300).refine(isKept),
  source: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  url: z.url({ protocol: /^https?$/ }).max(2_000).refine(isKept),
  question: z.string().trim().min(1).max(QUESTION_CHARS_MAX).refine(isKept),
  probability: z.number().min(0).max(1).nullable(),
  horizonEnd: time.nullable(),
  liquidityUsd: dollars,
  volumeUsd: dollars,
  closed: z.boolean(),
  observedAt: time,
  knownAt: time,
  raw: z.string().max(65_536),
  subjectHint: subjectSchema.optional(),
  polarity: z.enum(['raises', 'lowers']).optional(),
  relation: z.enum(['harm', 'context']).optional(),
  expiresAt: time.optional(),
});

/** Reasons for which a statement is refused before it is a signal: counted in the sweep's report, and not kept. */
export type Refusal = 'malformed' | 'look-ahead';

/**
 * @param asOf the desk's now: a statement known only later is refused, whatever its source says
 */
export function readStatement(statement: RawStatement, asOf: Millis): Signal | Refusal {
  if (!STATEMENT.safeParse(statement).success || statement.observedAt > statement.knownAt || !fitsItsKind(statement)) return 'malformed';
  if (statement.knownAt > asOf) return 'look-ahead';
  return statement.kind === 'report' ? readReport(statement, asOf) : readEvent(statement, asOf);
}

/** An event has a probability, and what belongs to reports it has not; and the other way round. */
function fitsItsKind({ kind = 'event', probability, horizonEnd, relation, expiresAt, observedAt }: RawStatement): boolean {
  if (kind === 'event') return probability !== null && relation === undefined && expiresAt === undefined;
  return probability === null && horizonEnd === null && (expiresAt === undefined || isReportExpiry(observedAt, expiresAt));
}

function readEvent(statement: RawStatement, asOf: Millis): EventSignal {
  const outcome = classifyEvent(statement);
  const probability = statement.probability!;
  const { horizonEnd, liquidityUsd, closed, observedAt } = statement;
  const rejectedBy = rejectingRule('event', {
    classification: outcome.kind,
    closed,
    probability,
    liquidityUsd,
    horizonLeftMs: horizonEnd === null ? null : horizonEnd - asOf,
    horizonSpanMs: horizonEnd === null ? null : horizonEnd - observedAt,
    expiresInMs: null,
  });
  const content = contentHash({ question: statement.question, probability, horizonEnd, rejectedBy });
  return { ...common('event', statement, outcome, rejectedBy, content, asOf), kind: 'event', probability, horizonEnd, expiresAt: horizonEnd };
}

function readReport(statement: RawStatement, asOf: Millis): ReportSignal {
  const outcome = classifyTold(statement);
  const expiresAt = reportExpiry(statement.observedAt, statement.expiresAt);
  const rejectedBy = rejectingRule('report', { classification: outcome.kind, closed: false, probability: null, liquidityUsd: null, horizonLeftMs: null, horizonSpanMs: null, expiresInMs: expiresAt - asOf });
  const as = outcome.kind === 'classified' ? outcome.as : null;
  // An item that has meanwhile expired in its feed is the item that was told before.
  const judged = rejectedBy === 'stale' ? null : rejectedBy;
  const content = contentHash({ report: statement.question, subject: as && { ...as.subject }, relation: as?.relation ?? null, polarity: as?.polarity ?? null, rejectedBy: judged });
  return { ...common('report', statement, outcome, rejectedBy, content, asOf), kind: 'report', probability: null, horizonEnd: null, expiresAt };
}

type Common = Omit<EventSignal, 'kind' | 'probability' | 'horizonEnd' | 'expiresAt'>;

function common(kind: SignalKind, statement: RawStatement, outcome: ClassificationOutcome, rejectedBy: string | null, content: string, asOf: Millis): Common {
  const { source, externalId, observedAt, knownAt, liquidityUsd, volumeUsd } = statement;
  const as = outcome.kind === 'classified' ? outcome.as : null;
  const { confidence, reasons } = confidenceOf({ kind, source, liquidityUsd, observedAt }, asOf);
  return {
    // What is about nothing that the desk follows is kept once a question, not once a price.
    id: rejectedBy === 'irrelevant' ? deterministicId('sig', source, externalId, rejectedBy, RULES_VERSION) : deterministicId('sig', source, externalId, observedAt, content, RULES_VERSION),
    source,
    externalId,
    claim: statement.question,
    subject: as?.subject ?? null,
    relation: as?.relation ?? null,
    polarity: as?.polarity ?? null,
    liquidityUsd,
    volumeUsd,
    confidence,
    confidenceReasons: reasons,
    status: rejectedBy === null ? 'live' : 'rejected',
    rejectedBy,
    classifiedBy: as?.ruleId ?? null,
    evidence: [{ source, url: statement.url, hash: contentHash(statement.raw), seenAt: knownAt }],
    corroboration: { reports: 0, outlets: 1 },
    contentHash: content,
    rulesVersion: RULES_VERSION,
    observedAt,
    knownAt,
    asOf,
  };
}

/** A source that says what it speaks about is believed on subject and polarity; whether a link holds is still read from the text. */
function classifyEvent({ question, subjectHint, polarity }: RawStatement): ClassificationOutcome {
  const outcome = classify(question);
  if (subjectHint === undefined || polarity === undefined) return outcome;
  if (outcome.kind === 'classified' && sameSubject(outcome.as, subjectHint) && outcome.as.polarity === polarity) return outcome;
  return { kind: 'classified', as: { subject: subjectHint, relation: 'context', polarity, ruleId: 'hinted' } };
}

/** The same for a report, whose source may also say that it is the harm itself that is seen. */
function classifyTold({ question, subjectHint, polarity, relation }: RawStatement): ClassificationOutcome {
  const outcome = classifyReport(question);
  if (subjectHint === undefined) return outcome;
  const read = outcome.kind === 'classified' && sameSubject(outcome.as, subjectHint) ? outcome.as : null;
  const as: Classification = { subject: subjectHint, relation: relation ?? read?.relation ?? 'context', polarity: polarity ?? read?.polarity ?? null, ruleId: read?.ruleId ?? 'hinted' };
  return { kind: 'classified', as };
}

const sameSubject = ({ subject }: Classification, { type, id }: NonNullable<RawStatement['subjectHint']>): boolean => subject.type === type && subject.id === id;
