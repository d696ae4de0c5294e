/** Decisions over HTTP: lists, one with everything it rests on, and what people do to it. */
import { z } from 'zod';
import {
  body,
  decodeCursor,
  id,
  idParams,
  listQuery,
  millis,
  page,
  readAccess,
  roleAccess,
  text,
  type HttpApp,
} from '../../kernel/http/index.ts';
import { languageOf } from '../../model/written.ts';
import { outcomeRoutes } from './outcome-routes.ts';
import { outcomesOf } from './outcomes/store.ts';
import { chokepointSchema, type DecisionRoutesDeps } from './route-parts.ts';
import { evidenceOf, inputsFromJson } from './record.ts';
import { unknown } from './service.ts';
import { decisionHistory, findDecision, findRecord, listDecisions, type StoredDecision } from './store/decisions.ts';
import { translate } from './translate.ts';
import { actionSchema, decisionSchema, evidenceSchema, replaySchema, summarySchema, viewDecision, viewSummary, type DecisionView } from './views.ts';

/** `as_of` in milliseconds, and the id, of the last decision of a page. */
const CURSOR = z.tuple([millis(), id()]).transform(([asOf, last]) => ({ asOf, id: last }));

/** One that the desk does not write is answered in English; `language` in the reply says which it is. */
const languageTag = z.string().max(35).regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'must be a language tag, as in vi or zh-CN');

const LIST = listQuery({
  status: z.enum(['active', 'superseded', 'expired', 'all']).default('active'),
  shipment_id: id().optional(),
  customer_id: id().optional(),
  chokepoint: chokepointSchema.optional(),
  outcome: z.enum(['known', 'unknown']).optional(),
});

export const decisionRoutes = (deps: DecisionRoutesDeps) => (app: HttpApp): void => {
  readRoutes(app, deps);
  actRoutes(app, deps);
  outcomeRoutes(app, deps, (id) => whole(deps.db, id));
};

function readRoutes(app: HttpApp, { db, decisions }: DecisionRoutesDeps): void {
  app.get('/api/v1/decisions', {
    config: { access: readAccess },
    schema: { summary: 'Decisions, newest first', tags: ['decisions'], querystring: LIST, response: { 200: z.object({ items: z.array(summarySchema), next_cursor: z.string().nullable() }) } },
    async handler({ query }) {
      const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, CURSOR);
      const rows = await listDecisions(db, { status: query.status, shipmentId: query.shipment_id, customerId: query.customer_id, chokepoint: query.chokepoint, outcomeKnown: query.outcome && query.outcome === 'known', after, limit: query.limit + 1 });
      const { items, next_cursor } = page(rows, query.limit, (d) => [d.asOf, d.id]);
      return { items: items.map(viewSummary), next_cursor };
    },
  });

  app.get('/api/v1/decisions/:id', {
    config: { access: readAccess },
    schema: { summary: 'One decision: answers, options, deadline, evidence, history', tags: ['decisions'], params: idParams, querystring: z.strictObject({ language: languageTag.default('en') }), response: { 200: decisionSchema } },
    handler: ({ params, query }) => whole(db, params.id, query.language),
  });

  app.get('/api/v1/decisions/:id/evidence', {
    config: { access: readAccess },
    schema: { summary: 'What the decision was computed from, by id and content hash', tags: ['decisions'], params: idParams, response: { 200: z.object({ items: z.array(evidenceSchema), next_cursor: z.null() }) } },
    async handler({ params }) {
      const record = await findRecord(db, params.id);
      if (!record) throw unknown(params.id);
      return { items: [...evidenceOf(inputsFromJson(record.inputs))], next_cursor: null };
    },
  });

  app.get('/api/v1/decisions/:id/replay', {
    config: { access: readAccess },
    schema: { summary: 'Computes the decision again from its kept inputs and compares the bytes', tags: ['decisions'], params: idParams, response: { 200: replaySchema } },
    async handler({ params }) {
      const { content } = await found(db, params.id);
      const { same, hash } = await decisions.replay(params.id);
      return { same, hash, rule_version: content.rule_version };
    },
  });
}

function actRoutes(app: HttpApp, { db, decisions }: DecisionRoutesDeps): void {
  app.post('/api/v1/decisions/:id/acknowledge', {
    config: { access: roleAccess('trader') },
    schema: { summary: 'Somebody has seen it and acts on it', tags: ['decisions'], params: idParams, body: body({ note: text(1_000).optional() }).nullish(), response: { 200: decisionSchema } },
    async handler({ params, body: given, identity }) {
      await db.transaction((tx) => decisions.acknowledge(tx, params.id, identity?.subject ?? 'unknown', given?.note ?? null));
      return whole(db, params.id);
    },
  });

  app.post('/api/v1/decisions/:id/override', {
    config: { access: roleAccess('approver') },
    schema: { summary: 'Another action is taken, for a reason that is written down', tags: ['decisions'], params: idParams, body: body({ action: actionSchema, reason: text(1_000, 5) }), response: { 200: decisionSchema } },
    async handler({ params, body: given, identity }) {
      await db.transaction((tx) => decisions.override(tx, params.id, identity?.subject ?? 'unknown', given.action, given.reason));
      return whole(db, params.id);
    },
  });
}

async function found(db: DecisionRoutesDeps['db'], id: string): Promise<StoredDecision> {
  const decision = await findDecision(db, id);
  if (!decision) throw unknown(id);
  return decision;
}

async function whole(db: DecisionRoutesDeps['db'], id: string, language = 'en'): Promise<DecisionView> {
  const decision = await found(db, id);
  const record = languageOf(language) === 'en' ? null : await findRecord(db, id);
  const said = record ? translate(record, language) : { language: languageOf('en'), content: decision.content };
  return viewDecision({ ...decision, content: said.content }, said.language, await decisionHistory(db, id), await outcomesOf(db, id));
}
