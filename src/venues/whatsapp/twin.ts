/**
 * A stand-in for the WhatsApp Cloud API and the phones behind it: takes sends as the real one does, and posts signed webhooks.
 * What it has accepted is in its journal, so that it goes on after a kill. Lives here: the protocol. The screen is `twin-page.ts`.
 */
import { createHash } from 'node:crypto';
import { setTimeout as wallDelay } from 'node:timers/promises';
import { systemClock, type Clock, type Millis } from '../../model/time.ts';
import { newTwinKey, startTwin, type TwinReply, type TwinRequest, type TwinServer } from '../twin/index.ts';
import { CODES } from './codes.ts';
import { ALERT_TEMPLATES } from './templates.ts';
import { openJournal, type Journal, type PlannedStatus, type TwinMessage, type TwinReplyLine } from './twin-journal.ts';
import { PAGE_HEADERS, phonePage } from './twin-page.ts';
import { ScriptedFaults, scriptSchema } from './twin-script.ts';
import { readSend, type TwinTemplate } from './twin-send.ts';
import { webhookPoster, type Wait, type WebhookPoster, type WebhookTarget } from './twin-webhooks.ts';

export interface WhatsAppTwinOptions {
  readonly accessToken: string;
  readonly phoneNumberId: string;
  readonly appSecret: string;
  /** Where webhooks go. May be given later with `callback`, when the desk's own port is known. */
  readonly callbackUrl?: string;
  /** The journal's file: `.bellwether/whatsapp-twin.ndjson`. */
  readonly journalPath: string;
  readonly templates?: readonly TwinTemplate[];
  /** Time from the acceptance to each webhook. */
  readonly delaysMs?: { readonly sent: number; readonly delivered: number; readonly read: number };
  /** Refuses a second message to a recipient within this time, with 131056. Default 0: never. */
  readonly pairIntervalMs?: number;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Phones live in wall-clock time, also while history is replayed. */
  readonly clock?: Clock;
  readonly wait?: Wait;
}

export interface WhatsAppTwin extends TwinServer {
  /** The page that shows the phones, with the key that opens it. */
  readonly phoneUrl: string;
  /** What the phones got, oldest first: those of earlier runs too. */
  messages(): readonly TwinMessage[];
  replies(): readonly TwinReplyLine[];
  /** WhatsApp's own codes and faults of webhooks; the wire's are in `faults`. */
  readonly script: ScriptedFaults;
  callback(url: string): void;
  /** A customer answers. @param from digits @returns the reply's id */
  reply(from: string, text: string, inReplyTo?: string): string;
  /** Webhooks that are not answered yet. */
  pendingWebhooks(): number;
}

const DELAYS = Object.freeze({ sent: 100, delivered: 600, read: 2_500 });

const wallWait: Wait = (ms, signal) => wallDelay(ms, undefined, { signal, ref: false });

interface State {
  readonly options: WhatsAppTwinOptions;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly script: ScriptedFaults;
  readonly poster: WebhookPoster;
  readonly key: string;
}

export async function startWhatsAppTwin(options: WhatsAppTwinOptions): Promise<WhatsAppTwin> {
  const clock = options.clock ?? systemClock;
  let callbackUrl = options.callbackUrl;
  const target = (): WebhookTarget | null => (callbackUrl === undefined ? null : { callbackUrl, appSecret: options.appSecret, phoneNumberId: options.phoneNumberId });
  const poster = webhookPoster(target, clock, options.wait ?? wallWait);
  const key = newTwinKey();
  const journal = openJournal(options.journalPath);
  const state: State = { options, clock, journal, script: new ScriptedFaults(), poster, key };
  const server = await startTwin({
    name: 'whatsapp',
    clock,
    port: options.port ?? 0,
    key,
    routes: routes(state),
    notFound: () => graphError(100, 'Unsupported request'),
  });
  resume(state);
  const close = async (): Promise<void> => {
    await poster.close();
    await server.close();
  };
  return {
    ...server,
    phoneUrl: server.url + phonePath(state.key),
    messages: () => messagesOf(state.journal),
    replies: () => repliesOf(state.journal),
    script: state.script,
    callback: (url) => void (callbackUrl = url),
    reply: (from, text, inReplyTo) => takeReply(state, from, text, inReplyTo ?? null),
    pendingWebhooks: poster.pending,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const messagesOf = (journal: Journal): readonly TwinMessage[] => journal.lines().filter((l): l is TwinMessage => l.kind === 'message');
const repliesOf = (journal: Journal): readonly TwinReplyLine[] => journal.lines().filter((l): l is TwinReplyLine => l.kind === 'reply');

const phonesOf = (journal: Journal): object => ({ messages: messagesOf(journal), replies: repliesOf(journal) });
const phonePath = (key: string): string => `/twin/phone?${new URLSearchParams({ key })}`;

const phone = ({ journal, key }: State): TwinReply => ({
  headers: PAGE_HEADERS,
  text: phonePage(messagesOf(journal), repliesOf(journal), ticks(journal), key),
});

function routes(state: State): Parameters<typeof startTwin>[0]['routes'] {
  return [
    { method: 'POST', path: '/:version/:phone/messages', handle: (request) => takeSend(state, request) },
    { method: 'GET', path: '/health', handle: () => ({ json: { status: 'ok' } }) },
    { method: 'GET', path: '/twin/messages', guard: 'control', handle: () => ({ json: phonesOf(state.journal) }) },
    { method: 'GET', path: '/twin/phone', guard: 'page', handle: () => phone(state) },
    { method: 'POST', path: '/twin/reply', guard: 'page', handle: (request) => takeReplyForm(state, request) },
    { method: 'POST', path: '/twin/script', guard: 'control', handle: (request) => takeScript(state, request) },
  ];
}

function takeSend(state: State, request: TwinRequest): TwinReply {
  const { options, script, journal, clock } = state;
  if (request.headers.authorization !== `Bearer ${options.accessToken}`) return graphError(190, 'Invalid OAuth access token');
  if (request.params['phone'] !== options.phoneNumberId || !/^v\d+\.\d+$/.test(request.params['version'] ?? '')) return graphError(100, 'Object does not exist or cannot be loaded');
  const read = readSend(request.body, options.templates ?? ALERT_TEMPLATES);
  if (read.kind === 'refused') return graphError(read.code, read.details);
  const now = clock.now();
  const refusal = script.takeRefusal() ?? (tooFast(state, read.to, now) ? 131_056 : null);
  if (refusal !== null) return graphError(refusal, CODES[String(refusal)]?.message ?? 'Told to refuse');

  // The number in the journal makes the id unique, and the same journal gives the same ids.
  const wamid = `wamid.${createHash('sha256').update(`${journal.lines().length}:${read.to}:${read.opaque ?? ''}`).digest('base64url')}`;
  const message: TwinMessage = { kind: 'message', wamid, ...read.message, accepted_at: now, plan: plan(state, read.to, now) };
  journal.append(message);
  for (const index of message.plan.keys()) postStatus(state, message, index);
  return { json: { messaging_product: 'whatsapp', contacts: [{ input: read.message.to, wa_id: read.message.to }], messages: [{ id: wamid, message_status: 'accepted' }] } };
}

const tooFast = (state: State, to: string, now: Millis): boolean =>
  (state.options.pairIntervalMs ?? 0) > 0 && messagesOf(state.journal).some((m) => m.to === to && now - m.accepted_at < state.options.pairIntervalMs!);

/** Which webhooks come, when, and what they tell. Fixed at the acceptance, so that a restart goes on with the same. */
function plan(state: State, to: string, now: Millis): PlannedStatus[] {
  const delays = state.options.delaysMs ?? DELAYS;
  const { lose, duplicated, reordered } = state.script.read();
  const failure = state.script.takeFailure(to);
  const steps: PlannedStatus[] =
    failure !== null
      ? [{ status: 'failed', due: now + delays.sent, at: now + delays.sent, code: failure }]
      : (['sent', 'delivered', 'read'] as const).map((status) => ({ status, due: now + delays[status], at: now + delays[status], code: null }));
  const kept = steps.filter((step) => step.status === 'failed' || !lose.includes(step.status));
  const dues = kept.map((step) => step.due);
  const arranged = reordered ? kept.toReversed().map((step, i) => ({ ...step, due: dues[i]! })) : kept;
  return duplicated ? arranged.flatMap((step) => [step, step]) : arranged;
}

function postStatus(state: State, m: TwinMessage, index: number): void {
  const step = m.plan[index]!;
  const status = {
    id: m.wamid,
    status: step.status,
    timestamp: String(Math.floor(step.at / 1_000)),
    recipient_id: m.to,
    ...(m.opaque === null ? {} : { biz_opaque_callback_data: m.opaque }),
    ...(step.code === null ? {} : { errors: [{ code: step.code, title: CODES[String(step.code)]?.message ?? 'Failed' }] }),
  };
  state.poster.post({ statuses: [status] }, step.due, () => state.journal.append({ kind: 'told', of: m.wamid, index }));
}

/** After a restart: what was not answered is posted again, when it is due. */
function resume(state: State): void {
  const lines = [...state.journal.lines()];
  const told = new Set(lines.map((l) => (l.kind === 'told' ? `${l.of}#${l.index}` : '')));
  for (const line of lines) {
    if (line.kind === 'message') {
      for (const index of line.plan.keys()) if (!told.has(`${line.wamid}#${index}`)) postStatus(state, line, index);
    } else if (line.kind === 'reply' && !told.has(`${line.id}#0`)) postReply(state, line);
  }
}

function takeReply(state: State, from: string, text: string, inReplyTo: string | null): string {
  const id = `wamid.${createHash('sha256').update(`reply:${state.journal.lines().length}:${from}`).digest('base64url')}`;
  const line: TwinReplyLine = { kind: 'reply', id, from, text, in_reply_to: inReplyTo, at: state.clock.now() };
  state.journal.append(line);
  postReply(state, line);
  return id;
}

function postReply(state: State, line: TwinReplyLine): void {
  const message = {
    from: line.from,
    id: line.id,
    timestamp: String(Math.floor(line.at / 1_000)),
    type: 'text',
    text: { body: line.text },
    ...(line.in_reply_to === null ? {} : { context: { from: '15550000000', id: line.in_reply_to } }),
  };
  state.poster.post({ contacts: [{ wa_id: line.from, profile: { name: 'Customer' } }], messages: [message] }, line.at, () => state.journal.append({ kind: 'told', of: line.id, index: 0 }));
}

/** The page's buttons: the form carries the key. */
function takeReplyForm(state: State, request: TwinRequest): TwinReply {
  const form = new URLSearchParams(request.body);
  const [from, text, inReplyTo] = [form.get('from') ?? '', form.get('text') ?? '', form.get('in_reply_to')];
  if (!messagesOf(state.journal).some((m) => m.to === from) || text === '' || text.length > 4_096) return { status: 400, json: { error: 'from must be a number that has a message here, text 1 to 4,096 characters' } };
  takeReply(state, from, text, inReplyTo);
  return { status: 303, headers: { location: phonePath(state.key) }, text: 'Answered' };
}

function takeScript(state: State, request: TwinRequest): TwinReply {
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    body = undefined;
  }
  const parsed = scriptSchema.safeParse(body);
  if (!parsed.success) return { status: 400, json: { error: 'the script is wrong; nothing was changed', issues: parsed.error.issues.map((i) => ({ field: i.path.join('.'), message: i.message })) } };
  state.script.set(parsed.data);
  return { json: state.script.read() };
}

/** By wamid, the furthest that the sender was told. */
function ticks(journal: Journal): ReadonlyMap<string, string> {
  const rank = ['sent', 'delivered', 'read', 'failed'];
  const furthest = new Map<string, string>();
  const plans = new Map(messagesOf(journal).map((m) => [m.wamid, m.plan]));
  for (const line of journal.lines()) {
    const status = line.kind === 'told' ? plans.get(line.of)?.[line.index]?.status : undefined;
    if (line.kind === 'told' && status && rank.indexOf(status) > rank.indexOf(furthest.get(line.of) ?? '')) furthest.set(line.of, status);
  }
  return furthest;
}

/** As the Graph API answers what it does not take. */
function graphError(code: number, details: string): TwinReply {
  const error = { message: `(#${code}) ${details}`, type: 'OAuthException', code, error_data: { messaging_product: 'whatsapp', details }, fbtrace_id: 'twin' };
  return { status: CODES[String(code)]?.status ?? 400, json: { error } };
}
