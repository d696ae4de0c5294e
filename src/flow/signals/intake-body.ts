/** What a producer sends to `POST /api/v1/signals`, and the statement that it makes. */
import * as z from 'zod';
import { common } from '../../kernel/errors/index.ts';
import { body, id, instant, real, text } from '../../kernel/http/index.ts';
import { iso, type Millis } from '../../model/time.ts';
import type { RawStatement } from './ports.ts';
import { isReportExpiry } from './rules/expiry.ts';
import { subjectSchema } from './subject.ts';

/** More than everything that is traded in a year. */
const USD_MAX = 1e15;

const FIELDS = body({
  /** `event`: a forecast, with probability, polarity and horizon_end. `report`: what happened or is seen, without a probability. */
  kind: z.enum(['event', 'report']).default('event'),
  /** The producer's own id of the question or the item; a repeat with the same content is a duplicate. */
  external_id: id(300),
  /** The producer's name; kept as `external.<name>`. */
  source: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'must be lower-case letters, digits and hyphens, at most 41'),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  claim: text(1_000),
  subject: subjectSchema,
  /** Event: of yes by `horizon_end`. */
  probability: z.number().gt(0).lt(1).optional(),
  /** Which way a yes, or what is reported, moves the risk at the subject. */
  polarity: z.enum(['raises', 'lowers']).optional(),
  horizon_end: instant().optional(),
  /** Report: `harm` when ships are hindered at the subject. */
  relation: z.enum(['harm', 'context']).optional(),
  /** Report: until when it counts; 72 hours after `observed_at` when absent, at most 30 days. */
  expires_at: instant().optional(),
  observed_at: instant().optional(),
  liquidity_usd: real(0, USD_MAX).optional(),
  volume_usd: real(0, USD_MAX).optional(),
});

type Fields = z.infer<typeof FIELDS>;

const OF_EVENTS = ['probability', 'polarity', 'horizon_end'] as const;
const ONLY_EVENTS = ['probability', 'horizon_end', 'liquidity_usd', 'volume_usd'] as const;
const ONLY_REPORTS = ['relation', 'expires_at'] as const;

export const intakeBody = FIELDS.superRefine((fields, context) => {
  const wrong = (path: keyof Fields, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (fields.kind === 'event') {
    for (const field of OF_EVENTS) if (fields[field] === undefined) wrong(field, 'must be given for an event');
    for (const field of ONLY_REPORTS) if (fields[field] !== undefined) wrong(field, 'belongs to a report, not to an event');
  } else {
    for (const field of ONLY_EVENTS) if (fields[field] !== undefined) wrong(field, 'belongs to an event: a report has no probability');
  }
});

/**
 * @param asOf the desk's now: when the statement became known, and was made unless it says otherwise
 * @throws CodedError VALIDATION_FAILED when a report does not expire after it was made
 */
export function statementOf(fields: z.infer<typeof intakeBody>, asOf: Millis): RawStatement {
  const observedAt = fields.observed_at ?? asOf;
  const shared = {
    externalId: fields.external_id,
    source: `external.${fields.source}`,
    url: fields.url,
    question: fields.claim,
    closed: false,
    observedAt,
    knownAt: Math.max(asOf, observedAt),
    raw: JSON.stringify(fields),
    subjectHint: fields.subject,
    ...(fields.polarity === undefined ? {} : { polarity: fields.polarity }),
  };
  if (fields.kind === 'event') {
    return { ...shared, kind: 'event', probability: fields.probability!, horizonEnd: fields.horizon_end!, liquidityUsd: fields.liquidity_usd ?? null, volumeUsd: fields.volume_usd ?? null };
  }
  const expiresAt = fields.expires_at;
  if (expiresAt !== undefined && !isReportExpiry(observedAt, expiresAt)) {
    throw common.VALIDATION_FAILED({ field: 'expires_at', detail: `body: expires_at ${iso(expiresAt)} was given for a report of ${iso(observedAt)}`, fix: 'It must be after observed_at (now, when absent), and at most 30 days' });
  }
  return {
    ...shared,
    kind: 'report',
    probability: null,
    horizonEnd: null,
    liquidityUsd: null,
    volumeUsd: null,
    ...(fields.relation === undefined ? {} : { relation: fields.relation }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
