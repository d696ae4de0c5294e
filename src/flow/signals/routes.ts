/** The stage's HTTP face. */
import * as z from 'zod';
import type { Database } from '../../kernel/database/types.ts';
import {
  decodeCursor,
  id,
  idParams,
  listQuery,
  millis,
  page,
  readAccess,
  roleAccess,
  signedAccess,
  type HttpApp,
} from '../../kernel/http/index.ts';
import type { Millis } from '../../model/time.ts';
import { errors } from './errors.ts';
import { intakeBody, statementOf } from './intake-body.ts';
import { getSignal, listSignals } from './reads.ts';
import type { SignalsService } from './service.ts';
import { signalJson, signalSchema } from './signal-json.ts';
import { chokepointSchema } from './subject.ts';

export interface SignalRoutesDeps {
  readonly db: Database;
  readonly signals: SignalsService;
  /** The desk's now: the scenario's time in a replay. */
  readonly now: () => Millis | Promise<Millis>;
}

const LIST = listQuery({
  kind: z.enum(['event', 'report', 'all']).default('all'),
  source: id(64).optional(),
  status: z.enum(['live', 'rejected', 'expired', 'all']).default('all'),
  chokepoint: chokepointSchema.optional(),
});

/** `known_at` in milliseconds, and the id, of the last signal of a page. */
const CURSOR = z.tuple([millis(), id()]).transform(([knownAt, id]) => ({ knownAt, id }));

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

const tags = ['signals'];

export const signalRoutes =
  ({ db, signals, now }: SignalRoutesDeps) =>
  (app: HttpApp): void => {
    const listed = { summary: 'Signals, newest first, also those that were rejected', tags, querystring: LIST, response: { 200: z.object({ items: z.array(signalSchema), next_cursor: z.string().nullable() }) } };
    app.get('/api/v1/signals', { config: { access: readAccess }, schema: listed }, async (request) => {
      const { kind, source, status, chokepoint, limit, cursor } = request.query;
      const after = cursor === undefined ? undefined : decodeCursor(cursor, CURSOR);
      const rows = await listSignals(db, await now(), {
        limit: limit + 1,
        ...(kind === 'all' ? {} : { kind }),
        ...(source === undefined ? {} : { source }),
        ...(status === 'all' ? {} : { status }),
        ...(chokepoint === undefined ? {} : { chokepoint }),
        ...(after === undefined ? {} : { after }),
      });
      const { items, next_cursor } = page(rows, limit, (s) => [s.knownAt, s.id]);
      return { items: items.map(signalJson), next_cursor };
    });

    const one = { summary: 'One signal', tags, params: idParams, response: { 200: signalSchema } };
    app.get('/api/v1/signals/:id', { config: { access: readAccess }, schema: one }, async (request) => {
      const signal = await getSignal(db, request.params.id, await now());
      if (!signal) throw errors.SIGNAL_UNKNOWN({ field: 'id', detail: `There is no signal ${JSON.stringify(request.params.id)}`, fix: 'List them at GET /api/v1/signals' });
      return signalJson(signal);
    });

    const handed = { summary: 'Hands over a forecast or a report; a duplicate is answered with the first one’s id', tags, body: intakeBody, response: { 200: ACCEPTED, 201: ACCEPTED } };
    app.post('/api/v1/signals', { bodyLimit: INTAKE_BODY_LIMIT, config: { access: signedAccess('trader', 'signals:write'), idempotent: true }, schema: handed }, async (request, reply) => {
      const asOf = await now();
      const { signal, duplicate } = await signals.take(statementOf(request.body, asOf), asOf, request.identity!.subject);
      return reply.code(duplicate ? 200 : 201).send({ id: signal.id, duplicate, status: signal.status, rejected_by: signal.rejectedBy });
    });

    const swept = { summary: 'Asks every source now; reports what each gave', tags, response: { 200: REPORT } };
    app.post('/admin/signals/refresh', { config: { access: roleAccess('operator') }, schema: swept }, async () => {
      const { sources } = await signals.sweep(await now(), 'admin');
      return { sources: sources.map((report) => ({ ...report, rejected: [...report.rejected] })) };
    });
  };
