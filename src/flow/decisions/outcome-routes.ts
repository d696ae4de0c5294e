/** What came of a decision, and everything that happened to it, over HTTP. */
import { z } from 'zod';
import { body, idParams, readAccess, real, roleAccess, text, type HttpApp } from '../../kernel/http/index.ts';
import { parseUsd } from '../../model/money.ts';
import { auditOf } from './audit-trail.ts';
import type { DecisionRoutesDeps } from './route-parts.ts';
import { unknown } from './service.ts';
import { actionSchema, auditSchema, decisionSchema, type DecisionView } from './views.ts';

/** Dollars as text: at most a hundred billion, to the micro. */
const usd = z.string().regex(/^\d{1,11}(\.\d{1,6})?$/, 'must be US dollars as decimal text, as in 1250.00');

const OUTCOME = body({
  hit: z.boolean().describe('The passage was closed to the ship'),
  delay_days: real(0, 1_000).optional(),
  cost_usd: usd.optional().describe('Beyond the undisturbed voyage, all told'),
  action_taken: actionSchema.exclude(['wait']).optional().describe('Left out: what was advised'),
  note: text(1_000).optional(),
});

/** @param whole the decision as it is then */
export function outcomeRoutes(app: HttpApp, { db, decisions, now, alertsOf }: DecisionRoutesDeps, whole: (id: string) => Promise<DecisionView>): void {
  app.post('/api/v1/decisions/:id/outcome', {
    config: { access: roleAccess('trader') },
    schema: { summary: 'What came of it; a second word corrects the first, and both are kept', tags: ['decisions'], params: idParams, body: OUTCOME, response: { 200: decisionSchema } },
    async handler({ params, body: told, identity }) {
      const at = await now();
      const outcome = { hit: told.hit, delayDays: told.delay_days ?? null, cost: told.cost_usd === undefined ? null : parseUsd(told.cost_usd), actionTaken: told.action_taken ?? null, note: told.note ?? null };
      await db.transaction((tx) => decisions.outcome(tx, params.id, outcome, identity?.subject ?? 'unknown', at));
      return whole(params.id);
    },
  });

  app.get('/api/v1/decisions/:id/audit', {
    config: { access: readAccess },
    schema: { summary: 'Everything that happened to it, oldest first: made, told, acted on, replaced, ended', tags: ['decisions'], params: idParams, response: { 200: auditSchema } },
    async handler({ params }) {
      const items = await auditOf(db, params.id, alertsOf ?? (async () => []));
      if (!items) throw unknown(params.id);
      return { items: [...items], next_cursor: null };
    },
  });
}
