/** The stage's HTTP face. */
import * as z from 'zod';
import type { Database } from '../../kernel/database/types.ts';
import { body, decodeCursor, listQuery, page, readAccess, roleAccess, type HttpApp } from '../../kernel/http/index.ts';
import { CHOKEPOINT_IDS, type ChokepointId } from '../../model/place.ts';
import { iso, parseInstant, type Millis } from '../../model/time.ts';
import { errors } from './errors.ts';
import type { RawStatement } from './ports.ts';
import type { SignalsService } from './service.ts';
import type { Signal } from './signal.ts';
import { getSignal, listSignals } from './store.ts';

export interface SignalRoutesDeps {
  readonly db: Database;
  readonly signals: SignalsService;
  /** The desk's now: the scenario's time in a replay. */
  readonly now: () => Millis | Promise<Millis>;
}

const chokepoint = z.enum(CHOKEPOINT_IDS as [ChokepointId, ...ChokepointId[]]);
const instant = z.iso.datetime({ offset: true });

const SIGNAL = z.object({
  id: z.string(),
  kind: z.literal('event'),
  source: z.string(),
  external_id: z.string(),
  subject: z.object({ type: z.literal('chokepoint'), id: chokepoint }).nullable(),
  claim: z.string(),
  relation: z.enum(['passage', 'trigger', 'relief', 'context']).nullable(),
  probability: z.number(),
  polarity: z.enum(['raises', 'lowers']).nullable(),
  horizon_end: z.string().nullable(),
  confidence: z.number(),
  confidence_reasons: z.array(z.string()),
  status: z.enum(['live', 'rejected', 'expired']),
  rejected_by: z.string().nullable(),
  evidence: z.array(z.object({ source: z.string(), url: z.string(), hash: z.string(), seen_at: z.string() })),
  liquidity_usd: z.number().nullable(),
  volume_usd: z.number().nullable(),
  rules_version: z.string(),
  observed_at: z.string(),
  known_at: z.string(),
});

const LIST = listQuery({
  status: z.enum(['live', 'rejected', 'expired', 'all']).default('all'),
  chokepoint: chokepoint.optional(),
});

/** `known_at` in milliseconds, and the id, of the last signal of a page. */
const CURSOR = z.tuple([z.int(), z.string()]).transform(([knownAt, id]) => ({ knownAt, id }));

const INTAKE = body({
  /** The producer's own id of the question; a repeat with the same content is a duplicate. */
  external_id: z.string().min(1).max(300),
  /** The producer's name; kept as `external.<name>`. */
  source: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'must be lower-case letters, digits and hyphens, at most 41'),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  claim: z.string().trim().min(1).max(1_000),
  probability: z.number().gt(0).lt(1),
  subject: z.strictObject({ type: z.literal('chokepoint'), id: chokepoint }),
  polarity: z.enum(['raises', 'lowers']),
  horizon_end: instant,
  observed_at: instant.optional(),
  liquidity_usd: z.number().nonnegative().optional(),
  volume_usd: z.number().nonnegative().optional(),
});

const REPORT = z.object({
  sources: z.array(
    z.object({
      source: z.string(),
      fetched: z.number(),
      new: z.number(),
      duplicate: z.number(),
      rejected: z.array(z.object({ rule: z.string(), count: z.number() })),
      failed: z.string().nullable(),
    }),
  ),
});

const ACCEPTED = z.object({ id: z.string(), duplicate: z.boolean(), status: z.enum(['live', 'rejected', 'expired']), rejected_by: z.string().nullable() });

/** What a producer hands over, at most. */
const INTAKE_BODY_LIMIT = 32 * 1_024;

export const signalRoutes =
  ({ db, signals, now }: SignalRoutesDeps) =>
  (app: HttpApp): void => {
    app.get('/api/v1/signals', { config: { access: readAccess }, schema: { querystring: LIST, response: { 200: z.object({ items: z.array(SIGNAL), next_cursor: z.string().nullable() }) } } }, async (request) => {
      const { status, chokepoint: subject, limit, cursor } = request.query;
      const after = cursor === undefined ? undefined : decodeCursor(cursor, CURSOR);
      const rows = await listSignals(db, await now(), {
        limit: limit + 1,
        ...(status === 'all' ? {} : { status }),
        ...(subject === undefined ? {} : { chokepoint: subject }),
        ...(after === undefined ? {} : { after }),
      });
      const { items, next_cursor } = page(rows, limit, (s) => [s.knownAt, s.id]);
      return { items: items.map(signalJson), next_cursor };
    });

    app.get('/api/v1/signals/:id', { config: { access: readAccess }, schema: { params: z.object({ id: z.string().max(100) }), response: { 200: SIGNAL } } }, async (request) => {
      const signal = await getSignal(db, request.params.id, await now());
      if (!signal) throw errors.SIGNAL_UNKNOWN({ field: 'id', detail: `There is no signal ${JSON.stringify(request.params.id)}`, fix: 'List them at GET /api/v1/signals' });
      return signalJson(signal);
    });

    app.post(
      '/api/v1/signals',
      { bodyLimit: INTAKE_BODY_LIMIT, config: { access: roleAccess('trader', 'signals:write'), idempotent: true }, schema: { body: INTAKE, response: { 200: ACCEPTED, 201: ACCEPTED } } },
      async (request, reply) => {
        const asOf = await now();
        const { signal, duplicate } = await signals.take(statementOf(request.body, asOf), asOf);
        return reply.code(duplicate ? 200 : 201).send({ id: signal.id, duplicate, status: signal.status, rejected_by: signal.rejectedBy });
      },
    );

    app.post('/admin/signals/refresh', { config: { access: roleAccess('operator') }, schema: { response: { 200: REPORT } } }, async () => {
      const { sources } = await signals.sweep(await now(), 'admin');
      return { sources: sources.map((report) => ({ ...report, rejected: [...report.rejected] })) };
    });
  };

function statementOf(body: z.infer<typeof INTAKE>, asOf: Millis): RawStatement {
  const observedAt = body.observed_at === undefined ? asOf : parseInstant(body.observed_at);
  return {
    externalId: body.external_id,
    source: `external.${body.source}`,
    url: body.url,
    question: body.claim,
    probability: body.probability,
    horizonEnd: parseInstant(body.horizon_end),
    liquidityUsd: body.liquidity_usd ?? null,
    volumeUsd: body.volume_usd ?? null,
    closed: false,
    observedAt,
    knownAt: Math.max(asOf, observedAt),
    raw: JSON.stringify(body),
    subjectHint: body.subject.id,
    polarity: body.polarity,
  };
}

function signalJson(s: Signal): z.infer<typeof SIGNAL> {
  return {
    id: s.id,
    kind: s.kind,
    source: s.source,
    external_id: s.externalId,
    subject: s.subject,
    claim: s.claim,
    relation: s.relation,
    probability: s.probability,
    polarity: s.polarity,
    horizon_end: s.horizonEnd === null ? null : iso(s.horizonEnd),
    confidence: s.confidence,
    confidence_reasons: [...s.confidenceReasons],
    status: s.status,
    rejected_by: s.rejectedBy,
    evidence: s.evidence.map((e) => ({ source: e.source, url: e.url, hash: e.hash, seen_at: iso(e.seenAt) })),
    liquidity_usd: s.liquidityUsd,
    volume_usd: s.volumeUsd,
    rules_version: s.rulesVersion,
    observed_at: iso(s.observedAt),
    known_at: iso(s.knownAt),
  };
}
