/** A signal as the API shows it. */
import * as z from 'zod';
import { iso } from '../../model/time.ts';
import type { Signal } from './signal.ts';
import { subjectSchema } from './subject.ts';

export const signalSchema = z.object({
  id: z.string(),
  kind: z.enum(['event', 'report']),
  source: z.string(),
  external_id: z.string(),
  subject: subjectSchema.nullable(),
  claim: z.string(),
  relation: z.enum(['passage', 'trigger', 'relief', 'harm', 'context']).nullable(),
  /** Of yes by `horizon_end`; null for a report. */
  probability: z.number().nullable(),
  polarity: z.enum(['raises', 'lowers']).nullable(),
  horizon_end: z.string().nullable(),
  /** Until when it counts: the horizon of an event, the expiry of a report. */
  expires_at: z.string().nullable(),
  confidence: z.number(),
  confidence_reasons: z.array(z.string()),
  status: z.enum(['live', 'rejected', 'expired']),
  rejected_by: z.string().nullable(),
  /** Its own first, then that of the first further tellings. */
  evidence: z.array(z.object({ source: z.string(), url: z.string(), hash: z.string(), seen_at: z.string() })),
  /** `reports`: further tellings; `outlets`: distinct ones that tell it, the first included. */
  corroboration: z.object({ reports: z.int(), outlets: z.int() }),
  liquidity_usd: z.number().nullable(),
  volume_usd: z.number().nullable(),
  rules_version: z.string(),
  observed_at: z.string(),
  known_at: z.string(),
});

export const signalJson = (s: Signal): z.infer<typeof signalSchema> => ({
  id: s.id,
  kind: s.kind,
  source: s.source,
  external_id: s.externalId,
  subject: s.subject && { ...s.subject },
  claim: s.claim,
  relation: s.relation,
  probability: s.probability,
  polarity: s.polarity,
  horizon_end: s.horizonEnd === null ? null : iso(s.horizonEnd),
  expires_at: s.expiresAt === null ? null : iso(s.expiresAt),
  confidence: s.confidence,
  confidence_reasons: [...s.confidenceReasons],
  status: s.status,
  rejected_by: s.rejectedBy,
  evidence: s.evidence.map((e) => ({ source: e.source, url: e.url, hash: e.hash, seen_at: iso(e.seenAt) })),
  corroboration: { ...s.corroboration },
  liquidity_usd: s.liquidityUsd,
  volume_usd: s.volumeUsd,
  rules_version: s.rulesVersion,
  observed_at: iso(s.observedAt),
  known_at: iso(s.knownAt),
});
