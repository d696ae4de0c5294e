/**
 * A stand-in for Slack, Teams and a customer's receiver: it reads a post as each of them does, answers in its words, and keeps what it took.
 * Addresses: `/services/T…/B…/KEY` (Slack), `/workflows/ID/triggers/manual/paths/invoke?sig=KEY` (Teams), `/hooks/KEY` (a customer's own).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { signMessage } from '../../kernel/auth/index.ts';
import type { Clock } from '../../model/time.ts';
import { startTwin, type TwinContext, type TwinReply, type TwinRequest, type TwinServer } from '../twin/index.ts';
import { webhookSecret } from './webhook.ts';

export interface ChatTwinOptions {
  readonly clock: Clock;
  /** As the desk's `WEBHOOK_SECRET`. */
  readonly secret: string;
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface TwinPost {
  readonly to: 'slack' | 'teams' | 'webhook';
  readonly body: unknown;
  /** The receiver's own key for a repeat; null where the protocol has none. */
  readonly alert: string | null;
}

export interface ChatTwin extends TwinServer {
  readonly slackUrl: string;
  readonly teamsUrl: string;
  readonly webhookUrl: string;
  /** What people see, oldest first: the customer's receiver shows an alert once, however often it comes. */
  posts(): readonly TwinPost[];
  /** The next posts are answered so, one each. */
  answer(...replies: readonly TwinReply[]): void;
}

/** As with the real ones, who knows the address may post: it is made anew in each process. */
const secret = (): string => randomBytes(18).toString('base64url');

const PATHS = Object.freeze({
  slack: `/services/T0000TWIN/B0000TWIN/${secret()}`,
  teams: '/workflows/twin-flow-0001/triggers/manual/paths/invoke',
  webhook: `/hooks/${secret()}`,
});
const TEAMS_SIG = secret();

/** @throws CodedError TWIN_NOT_STARTED */
export async function startChatTwin(options: ChatTwinOptions): Promise<ChatTwin> {
  const posts: TwinPost[] = [];
  const planned: TwinReply[] = [];
  let ownUrl = '';
  const take = (read: (request: TwinRequest, context: TwinContext) => TwinReply | { readonly post: TwinPost; readonly reply: TwinReply }) => (request: TwinRequest, context: TwinContext): TwinReply => {
    const told = planned.shift();
    if (told) return told;
    const got = read(request, context);
    if (!('post' in got)) return got;
    const again = got.post.alert !== null && posts.some((p) => p.alert === got.post.alert);
    if (!again) posts.push(got.post);
    return got.reply;
  };
  const server = await startTwin({
    name: 'chat',
    clock: options.clock,
    port: options.port ?? 0,
    routes: [
      { method: 'POST', path: '/services/:team/:app/:key', handle: take(slack) },
      { method: 'POST', path: PATHS.teams, handle: take(teams) },
      { method: 'POST', path: '/hooks/:key', handle: take((request, context) => webhook(request, context, webhookSecret(options.secret, ownUrl + request.path))) },
    ],
  });
  ownUrl = server.url;
  return {
    ...server,
    slackUrl: `${server.url}${PATHS.slack}`,
    teamsUrl: `${server.url}${PATHS.teams}?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${TEAMS_SIG}`,
    webhookUrl: `${server.url}${PATHS.webhook}`,
    posts: () => posts,
    answer: (...replies) => void planned.push(...replies),
  };
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const plainText = (max: number) => z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() });
const mrkdwn = z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(3_000) });
const slackPayload = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z.array(z.discriminatedUnion('type', [z.strictObject({ type: z.literal('header'), text: plainText(150) }), z.strictObject({ type: z.literal('section'), text: z.union([plainText(3_000), mrkdwn]) })])).min(1).max(50),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
});

function slack(request: TwinRequest) {
  if (request.path !== PATHS.slack) return { status: 404, text: 'no_service' };
  const read = slackPayload.safeParse(json(request.body));
  if (!read.success) return { status: 400, text: 'invalid_payload' };
  return { post: { to: 'slack' as const, body: read.data, alert: null }, reply: { text: 'ok' } };
}

const run = z.strictObject({ type: z.literal('TextRun'), text: z.string(), weight: z.enum(['Default', 'Lighter', 'Bolder']).optional(), size: z.enum(['Default', 'Small', 'Medium', 'Large', 'ExtraLarge']).optional() });
const card = z.strictObject({
  $schema: z.url(),
  type: z.literal('AdaptiveCard'),
  version: z.literal('1.5'),
  lang: z.string(),
  speak: z.string(),
  fallbackText: z.string(),
  body: z.array(z.strictObject({ type: z.literal('RichTextBlock'), inlines: z.array(run).min(1) })).min(1),
  actions: z.array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() })).optional(),
});
const teamsPayload = z.strictObject({ type: z.literal('message'), attachments: z.array(z.strictObject({ contentType: z.literal('application/vnd.microsoft.card.adaptive'), contentUrl: z.null(), content: card })).length(1) });
const TEAMS_BYTES_MAX = 28 * 1_024;

const teamsError = (status: number, code: string, message: string): TwinReply => ({ status, json: { error: { code, message } } });

function teams(request: TwinRequest) {
  if (request.query.get('sig') !== TEAMS_SIG) return teamsError(401, 'DirectApiAuthorizationRequired', 'The request must be authenticated only by Shared Access scheme.');
  if (Buffer.byteLength(request.body) > TEAMS_BYTES_MAX) return teamsError(413, 'RequestEntityTooLarge', 'The request is larger than 28 KB.');
  const read = teamsPayload.safeParse(json(request.body));
  if (!read.success) return teamsError(400, 'TriggerInputSchemaMismatch', 'The input body for trigger does not match its schema definition.');
  return { post: { to: 'teams' as const, body: read.data, alert: null }, reply: { status: 202, text: '' } };
}

const WINDOW_MS = 300_000;

/** Verifies as a customer should: signature over `timestamp.body`, five minutes either way, and a repeat recognised. */
function webhook(request: TwinRequest, context: TwinContext, secret: string) {
  if (request.path !== PATHS.webhook) return { status: 404, json: { error: 'unknown' } };
  const header = (name: string): string => String(request.headers[name] ?? '');
  const timestamp = header('x-bellwether-timestamp');
  const given = Buffer.from(header('x-bellwether-signature'), 'hex');
  const right = Buffer.from(signMessage(secret, timestamp, request.body), 'hex');
  if (given.length !== right.length || !timingSafeEqual(given, right)) return { status: 401, json: { error: 'signature' } };
  if (Math.abs(context.now() - Number(timestamp)) > WINDOW_MS) return { status: 401, json: { error: 'timestamp' } };
  const body = json(request.body) as { alert?: unknown; delivery?: unknown } | undefined;
  if (typeof body?.alert !== 'string' || body.delivery !== header('x-bellwether-delivery')) return { status: 422, json: { error: 'body' } };
  return { post: { to: 'webhook' as const, body, alert: body.alert }, reply: { json: { received: true } } };
}
