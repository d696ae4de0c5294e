/** The stage's URLs: alerts for the console and clients, the queue for operators, the webhook for the channel. */
import { z } from 'zod';
import { decodeCursor, listQuery, page, publicAccess, readAccess, roleAccess, type Access, type HttpApp } from '../../kernel/http/index.ts';
import { activeHolds, channelScope, listAttempts } from './attempts-store.ts';
import type { AlertsDeps } from './deps.ts';
import { errors } from './errors.ts';
import { listReplies, timeline } from './events-store.ts';
import type { Intake } from './intake.ts';
import type { AlertService } from './service.ts';
import { countByStatus, findAlert, listAlerts, listByStatus, oldestWaiting } from './store.ts';
import { alertDetail, alertStatus, alertView, queueView, viewAlert, viewDetail } from './views.ts';
import { iso } from '../../model/time.ts';

const operatorRead: Access = Object.freeze({ kind: 'role', role: 'operator', loopbackRead: true });
const idParams = z.object({ id: z.string().min(1).max(64) });

export interface AlertRouteDeps extends AlertsDeps {
  readonly service: AlertService;
  readonly intake: Intake;
}

export const alertRoutes = (deps: AlertRouteDeps) => (app: HttpApp): void => {
  readRoutes(app, deps);
  queueRoutes(app, deps);
  webhookRoutes(app, deps);
};

const alertsQuery = listQuery({ status: alertStatus.optional(), customer_id: z.string().max(100).optional(), decision_id: z.string().max(100).optional() });
/** Of the last alert of a page. */
const alertCursor = z.tuple([z.number().int(), z.string()]);

function readRoutes(app: HttpApp, deps: AlertRouteDeps): void {
  app.get('/api/v1/alerts', {
    config: { access: readAccess },
    schema: { summary: 'Alerts, newest first', tags: ['alerts'], querystring: alertsQuery, response: { 200: z.object({ items: z.array(alertView), next_cursor: z.string().nullable() }) } },
    async handler({ query }) {
      const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, alertCursor);
      const rows = await listAlerts(deps.db, {
        status: query.status,
        customerId: query.customer_id,
        decisionId: query.decision_id,
        before: after && { createdAt: after[0], id: after[1] },
        limit: query.limit + 1,
      });
      const { items, next_cursor } = page(rows, query.limit, (alert) => [alert.createdAt, alert.id]);
      return { items: items.map(viewAlert), next_cursor };
    },
  });

  app.get('/api/v1/alerts/:id', {
    config: { access: readAccess },
    schema: { summary: 'One alert with its tries, delivery reports and replies', tags: ['alerts'], params: idParams, response: { 200: alertDetail } },
    async handler({ params }) {
      const alert = await findAlert(deps.db, params.id);
      if (!alert) throw errors.ALERT_UNKNOWN({ field: 'id', detail: `There is no alert ${params.id}`, fix: 'List them at GET /api/v1/alerts' });
      return viewDetail(alert, await listAttempts(deps.db, alert.id), await timeline(deps.db, alert.id), await listReplies(deps.db, alert.id));
    },
  });
}

const requeueBody = z.strictObject({ reason: z.string().trim().min(1).max(500).default('not given') }).nullish();

function queueRoutes(app: HttpApp, deps: AlertRouteDeps): void {
  app.get('/admin/alerts/queue', {
    config: { access: operatorRead },
    schema: { summary: 'What waits to be sent, and what could not be', tags: ['admin'], response: { 200: queueView } },
    async handler() {
      const byStatus = await countByStatus(deps.db);
      const oldest = await oldestWaiting(deps.db);
      const now = deps.clock.now();
      const [hold] = deps.channel ? await activeHolds(deps.db, [channelScope(deps.channel.name)], now) : [];
      return {
        depth: (byStatus.queued ?? 0) + (byStatus.sending ?? 0),
        oldest_age_seconds: oldest === null ? 0 : Math.max(0, Math.round((now - oldest) / 1_000)),
        by_status: byStatus,
        channel_hold: hold ? { until: iso(hold.until), code: hold.code, message: hold.message } : null,
        items: (await listByStatus(deps.db, ['queued', 'sending'], 100)).map(viewAlert),
        dead_letters: (await listByStatus(deps.db, ['failed'], 100)).map(viewAlert),
      };
    },
  });

  app.post('/admin/alerts/:id/requeue', {
    config: { access: roleAccess('operator') },
    schema: { summary: 'Send a failed or suppressed alert again', tags: ['admin'], params: idParams, body: requeueBody, response: { 200: alertView } },
    async handler({ params, body, identity }) {
      const alert = await deps.db.transaction((tx) => deps.service.requeue(tx, params.id, { who: identity?.subject ?? 'unknown', why: body?.reason ?? 'not given' }));
      return viewAlert(alert);
    },
  });
}

/** WhatsApp sends up to 3 MB at once. */
const WEBHOOK_BYTES_MAX = 3 * 1_048_576;

function webhookRoutes(app: HttpApp, deps: AlertRouteDeps): void {
  const { webhook } = deps;
  if (!webhook) return;
  app.get('/webhooks/whatsapp', {
    config: { access: publicAccess('The channel proves itself with the verify token') },
    schema: { summary: 'The handshake with which WhatsApp checks the address', tags: ['webhooks'], querystring: z.record(z.string(), z.unknown()) },
    async handler({ query }, reply) {
      const challenge = webhook.handshake(query);
      if (challenge === null) throw errors.WEBHOOK_HANDSHAKE_REFUSED({ field: 'hub.verify_token', fix: 'Enter the value of WHATSAPP_VERIFY_TOKEN in the channel’s webhook settings' });
      return reply.type('text/plain; charset=utf-8').send(challenge);
    },
  });

  app.post('/webhooks/whatsapp', {
    config: { access: publicAccess('The channel signs each request') },
    schema: { summary: 'Delivery reports and answers, signed with X-Hub-Signature-256', tags: ['webhooks'], response: { 200: z.object({ received: z.number().int() }) } },
    bodyLimit: WEBHOOK_BYTES_MAX,
    async handler({ headers, rawBody }) {
      const signature = headers['x-hub-signature-256'];
      const read = webhook.read(rawBody ?? Buffer.alloc(0), typeof signature === 'string' ? signature : undefined);
      if (read.kind === 'forged') throw errors.WEBHOOK_SIGNATURE_INVALID({ field: 'x-hub-signature-256', fix: 'Sign the raw body with the app secret; if this is the channel itself, WHATSAPP_APP_SECRET is not its secret' });
      if (read.kind === 'unreadable') throw errors.WEBHOOK_UNREADABLE({ detail: read.detail });
      if (read.skipped > 0) deps.logger.warn('webhook_items_skipped', { count: read.skipped });
      await deps.intake.receive(read.events);
      return { received: read.events.length };
    },
  });
}
