/** The stage's URLs: alerts for the console and clients, the queue for operators, the webhook for the channel. */
import { z } from 'zod';
import {
  decodeCursor,
  id,
  idParams,
  listQuery,
  LOCAL_SUBJECT,
  millis,
  page,
  publicAccess,
  readAccess,
  roleAccess,
  text,
  type Access,
  type HttpApp,
  type ProofAccess,
} from '../../kernel/http/index.ts';
import { listAttempts } from './attempts-store.ts';
import type { AlertsDeps } from './deps.ts';
import { errors } from './errors.ts';
import { listReplies, timeline } from './events-store.ts';
import type { Intake } from './intake.ts';
import type { AlertService } from './service.ts';
import type { ChannelName, InboundWebhook } from './ports.ts';
import { besides, readQueue, viewAll, withoutCustomers } from './queue.ts';
import { findAlert, listAlerts } from './store.ts';
import { alertDetail, alertStatus, alertView, queueView, viewDetail } from './views.ts';

/** A program of this machine may read depths, states and errors; the customers are hidden from it. */
const queueAccess: Access = Object.freeze({ kind: 'role', role: 'operator', local: 'read' });

export interface AlertRouteDeps extends AlertsDeps {
  readonly service: AlertService;
  readonly intake: Intake;
}

export const alertRoutes = (deps: AlertRouteDeps) => (app: HttpApp): void => {
  readRoutes(app, deps);
  callRoutes(app, deps);
  queueRoutes(app, deps);
  webhookRoutes(app, deps);
};

const alertsQuery = listQuery({ status: alertStatus.optional(), customer_id: id().optional(), decision_id: id().optional(), call: z.enum(['open']).optional().describe('Only those whose customer waits for a call') });
/** Of the last alert of a page. */
const alertCursor = z.tuple([millis(), id()]);

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
        callOpen: query.call === 'open',
        before: after && { createdAt: after[0], id: after[1] },
        limit: query.limit + 1,
      });
      const { items, next_cursor } = page(rows, query.limit, (alert) => [alert.createdAt, alert.id]);
      return { items: [...(await viewAll(deps, items))], next_cursor };
    },
  });

  app.get('/api/v1/alerts/:id', {
    config: { access: readAccess },
    schema: { summary: 'One alert with its tries, delivery reports and replies', tags: ['alerts'], params: idParams, response: { 200: alertDetail } },
    async handler({ params }) {
      const alert = await findAlert(deps.db, params.id);
      if (!alert) throw errors.ALERT_UNKNOWN({ field: 'id', detail: `There is no alert ${params.id}`, fix: 'List them at GET /api/v1/alerts' });
      const [beside] = await besides(deps, [alert]);
      return viewDetail(alert, beside!, await listAttempts(deps.db, alert.id), await timeline(deps.db, alert.id), await listReplies(deps.db, alert.id));
    },
  });
}

const closeCallBody = z.strictObject({ note: text(500).optional() }).nullish();

function callRoutes(app: HttpApp, deps: AlertRouteDeps): void {
  app.post('/api/v1/alerts/:id/call/close', {
    config: { access: roleAccess('operator') },
    schema: { summary: 'The customer who asked for a call has been called', tags: ['alerts'], params: idParams, body: closeCallBody, response: { 200: alertView } },
    async handler({ params, body, identity }) {
      const alert = await deps.db.transaction((tx) => deps.service.closeCall(tx, params.id, { who: identity?.subject ?? 'unknown', note: body?.note ?? null }));
      return (await viewAll(deps, [alert]))[0]!;
    },
  });
}

const requeueBody = z.strictObject({ reason: text(500).default('not given') }).nullish();

function queueRoutes(app: HttpApp, deps: AlertRouteDeps): void {
  app.get('/admin/alerts/queue', {
    config: { access: queueAccess },
    schema: { summary: 'What waits to be sent, and what could not be', tags: ['admin'], response: { 200: queueView } },
    async handler({ identity }) {
      const queue = await readQueue(deps);
      return identity?.subject === LOCAL_SUBJECT ? withoutCustomers(queue) : queue;
    },
  });

  app.post('/admin/alerts/:id/requeue', {
    config: { access: roleAccess('operator') },
    schema: { summary: 'Send a failed or suppressed alert again', tags: ['admin'], params: idParams, body: requeueBody, response: { 200: alertView } },
    async handler({ params, body, identity }) {
      const alert = await deps.db.transaction((tx) => deps.service.requeue(tx, params.id, { who: identity?.subject ?? 'unknown', why: body?.reason ?? 'not given' }));
      return (await viewAll(deps, [alert]))[0]!;
    },
  });
}

/** WhatsApp sends up to 3 MB at once. */
const WEBHOOK_BYTES_MAX = 3 * 1_048_576;

function webhookRoutes(app: HttpApp, deps: AlertRouteDeps): void {
  const { whatsapp, telegram } = deps.webhooks;
  if (whatsapp) {
    app.get('/webhooks/whatsapp', {
      config: { access: publicAccess('The channel proves itself with the verify token') },
      schema: { summary: 'The handshake with which WhatsApp checks the address', tags: ['webhooks'], querystring: z.record(z.string(), z.unknown()) },
      async handler({ query }, reply) {
        const challenge = whatsapp.handshake(query);
        if (challenge === null) throw errors.WEBHOOK_HANDSHAKE_REFUSED({ field: 'hub.verify_token', fix: 'Enter the value of WHATSAPP_VERIFY_TOKEN in the channel’s webhook settings' });
        return reply.type('text/plain; charset=utf-8').send(challenge);
      },
    });
    intakeRoute(app, deps, 'whatsapp', whatsapp, { header: 'x-hub-signature-256', summary: 'Delivery reports and answers, signed with X-Hub-Signature-256', fix: 'Sign the raw body with the app secret; if this is the channel itself, WHATSAPP_APP_SECRET is not its secret' });
  }
  if (telegram) {
    intakeRoute(app, deps, 'telegram', telegram, { header: 'x-telegram-bot-api-secret-token', summary: 'Answers and pressed buttons, with the secret of X-Telegram-Bot-Api-Secret-Token', fix: 'Set the bot’s webhook (setWebhook) with the secret_token that the desk has' });
  }
}

interface Door {
  /** With which the channel proves itself. */
  readonly header: string;
  readonly summary: string;
  /** For the one whose proof is wrong. */
  readonly fix: string;
}

function intakeRoute(app: HttpApp, deps: AlertRouteDeps, channel: ChannelName, webhook: InboundWebhook, door: Door): void {
  const proofOf = (headers: Readonly<Record<string, string | readonly string[] | undefined>>): string | undefined => {
    const proof = headers[door.header];
    return typeof proof === 'string' ? proof : undefined;
  };
  const forged = (): Error => errors.WEBHOOK_SIGNATURE_INVALID({ field: door.header, fix: door.fix });
  const prove: ProofAccess['prove'] = (headers, raw) => {
    if (!webhook.isProved(raw, proofOf(headers))) throw forged();
  };
  app.post(`/webhooks/${channel}`, {
    config: { access: { kind: 'proof', service: channel, prove } },
    schema: { summary: door.summary, tags: ['webhooks'], response: { 200: z.object({ received: z.number().int() }) } },
    bodyLimit: WEBHOOK_BYTES_MAX,
    async handler({ headers, rawBody }) {
      const read = webhook.read(rawBody ?? Buffer.alloc(0), proofOf(headers));
      if (read.kind === 'forged') throw forged();
      if (read.kind === 'unreadable') throw errors.WEBHOOK_UNREADABLE({ detail: read.detail });
      if (read.skipped > 0) deps.logger.warn('webhook_items_skipped', { channel, count: read.skipped });
      await deps.intake.receive(channel, read.events);
      void webhook.stored?.(read.events);
      return { received: read.events.length };
    },
  });
}
