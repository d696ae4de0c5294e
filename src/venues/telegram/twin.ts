/**
 * A stand-in for Telegram's Bot API and the people behind it: takes messages as the real one does, and posts updates with the secret in
 * their header, each until it is answered with 2xx. Not here: long polling, groups' membership, media.
 */
import { setTimeout as wallDelay } from 'node:timers/promises';
import { z } from 'zod';
import type { Clock } from '../../model/time.ts';
import { startTwin, type TwinContext, type TwinReply, type TwinRequest, type TwinServer } from '../twin/index.ts';
import { TELEGRAM_SECRET_HEADER } from './webhook.ts';

export interface TelegramTwinOptions {
  readonly token: string;
  readonly webhookSecret: string;
  readonly clock: Clock;
  /** Where updates go. May be given later with `callback`. */
  readonly callbackUrl?: string;
  /** Chats that exist; default: every one that is a number. */
  readonly chats?: readonly string[];
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface TelegramTwinMessage {
  readonly chatId: number;
  readonly messageId: number;
  /** As a person reads it. */
  readonly text: string;
  readonly buttons: readonly { readonly text: string; readonly data: string }[];
}

/** One update as it goes over the wire. */
export interface TwinUpdate {
  readonly body: string;
  readonly secret: string;
}

export interface TelegramTwin extends TwinServer {
  messages(): readonly TelegramTwinMessage[];
  /** Texts that were shown after a press. */
  notices(): readonly string[];
  callback(url: string): void;
  /** Chats whose people have blocked the bot. */
  block(chatId: number): void;
  /** The next calls are answered so, one each. */
  answer(...replies: readonly TwinReply[]): void;
  /** A person presses a button (0 to 2) under a message; the update is posted where a callback is known. */
  press(message: TelegramTwinMessage, button: number): TwinUpdate;
  /** A person writes, or answers a message. */
  say(chatId: number, text: string, replyTo?: TelegramTwinMessage): TwinUpdate;
  /** Updates that are not answered yet. */
  pending(): number;
}

interface State {
  readonly options: TelegramTwinOptions;
  readonly messages: TelegramTwinMessage[];
  readonly notices: string[];
  readonly blocked: Set<number>;
  readonly planned: TwinReply[];
  readonly presses: Set<string>;
  /** A chat's messages of both sides have one row of ids. */
  readonly lastId: Map<number, number>;
}

const error = (code: number, description: string, parameters?: object): TwinReply => ({ status: code, json: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) } });

/** @throws CodedError TWIN_NOT_STARTED */
export async function startTelegramTwin(options: TelegramTwinOptions): Promise<TelegramTwin> {
  const state: State = { options, messages: [], notices: [], blocked: new Set(), planned: [], presses: new Set(), lastId: new Map() };
  const ended = new AbortController();
  const running = new Set<Promise<void>>();
  let callbackUrl = options.callbackUrl;
  let updates = 0;
  const handle = (take: (state: State, request: TwinRequest, context: TwinContext) => TwinReply) => (request: TwinRequest, context: TwinContext): TwinReply => {
    if (request.params['bot'] !== `bot${options.token}`) return /^bot\d+:[\w-]{35}$/.test(request.params['bot'] ?? '') ? error(401, 'Unauthorized') : error(404, 'Not Found');
    return state.planned.shift() ?? take(state, request, context);
  };
  const server = await startTwin({
    name: 'telegram',
    clock: options.clock,
    port: options.port ?? 0,
    routes: [
      { method: 'POST', path: '/:bot/sendMessage', handle: handle(sendMessage) },
      { method: 'POST', path: '/:bot/answerCallbackQuery', handle: handle(answerCallback) },
    ],
    notFound: () => error(404, 'Not Found'),
  });
  const emit = (content: object): TwinUpdate => {
    const update = { body: JSON.stringify({ update_id: (updates += 1), ...content }), secret: options.webhookSecret };
    const task: Promise<void> = post(() => callbackUrl, update, ended.signal).finally(() => running.delete(task));
    running.add(task);
    return update;
  };
  const nowS = (): number => Math.floor(options.clock.now() / 1_000);
  const close = async (): Promise<void> => {
    ended.abort();
    await Promise.allSettled(running);
    await server.close();
  };
  return {
    ...server,
    messages: () => state.messages,
    notices: () => state.notices,
    callback: (url) => void (callbackUrl = url),
    block: (chatId) => void state.blocked.add(chatId),
    answer: (...replies) => void state.planned.push(...replies),
    press(message, button) {
      const id = String(4_000_000 + state.presses.size);
      state.presses.add(id);
      return emit({ callback_query: { id, from: { id: message.chatId, is_bot: false, first_name: 'Customer', language_code: 'vi' }, chat_instance: '1', data: message.buttons[button]!.data, message: { message_id: message.messageId, date: nowS(), chat: { id: message.chatId, type: 'private' }, text: message.text } } });
    },
    say: (chatId, text, replyTo) =>
      emit({ message: { message_id: nextId(state, chatId), date: nowS(), chat: { id: chatId, type: 'private' }, from: { id: chatId, is_bot: false, first_name: 'Customer' }, text, ...(replyTo ? { reply_to_message: { message_id: replyTo.messageId, date: nowS(), chat: { id: chatId, type: 'private' } } } : {}) } }),
    pending: () => running.size,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function nextId(state: State, chatId: number): number {
  const id = (state.lastId.get(chatId) ?? 0) + 1;
  state.lastId.set(chatId, id);
  return id;
}

const RETRY_MS = 500;

/** Until it is answered with 2xx, as Telegram does; nothing where no callback is known. */
async function post(target: () => string | undefined, update: TwinUpdate, ended: AbortSignal): Promise<void> {
  for (let url = target(); url !== undefined && !ended.aborted; url = target()) {
    try {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', [TELEGRAM_SECRET_HEADER]: update.secret }, body: update.body, redirect: 'manual', signal: AbortSignal.any([ended, AbortSignal.timeout(10_000)]) });
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      // Not there, or cut: again.
    }
    await wallDelay(RETRY_MS, undefined, { signal: ended, ref: false }).catch(() => undefined);
  }
}

const button = z.object({ text: z.string().min(1), callback_data: z.string().min(1).refine((data) => Buffer.byteLength(data) <= 64) });
const send = z.object({
  chat_id: z.string(),
  text: z.string().min(1),
  parse_mode: z.literal('HTML'),
  reply_markup: z.object({ inline_keyboard: z.array(z.array(button)) }).optional(),
});

const TEXT_MAX = 4_096;

function sendMessage(state: State, request: TwinRequest): TwinReply {
  const read = send.safeParse(json(request.body));
  if (!read.success) return read.error.issues.some((i) => i.path.includes('callback_data')) ? error(400, 'Bad Request: BUTTON_DATA_INVALID') : error(400, 'Bad Request: message text is empty');
  const chatId = Number(read.data.chat_id);
  if (!Number.isInteger(chatId) || (state.options.chats && !state.options.chats.includes(read.data.chat_id))) return error(400, 'Bad Request: chat not found');
  if (state.blocked.has(chatId)) return error(403, 'Forbidden: bot was blocked by the user');
  const text = readHtml(read.data.text);
  if (text === null) return error(400, "Bad Request: can't parse entities");
  if (text.length > TEXT_MAX) return error(400, 'Bad Request: message is too long');
  const message: TelegramTwinMessage = { chatId, messageId: nextId(state, chatId), text, buttons: (read.data.reply_markup?.inline_keyboard ?? []).flat().map((b) => ({ text: b.text, data: b.callback_data })) };
  state.messages.push(message);
  return { json: { ok: true, result: { message_id: message.messageId, date: 0, chat: { id: chatId, type: 'private' }, text } } };
}

function answerCallback(state: State, request: TwinRequest): TwinReply {
  const body = json(request.body) as { callback_query_id?: string; text?: string } | undefined;
  if (!state.presses.has(body?.callback_query_id ?? '')) return error(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
  if ((body?.text ?? '').length > 200) return error(400, 'Bad Request: MESSAGE_TOO_LONG');
  state.notices.push(body?.text ?? '');
  return { json: { ok: true, result: true } };
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const ENTITIES: Readonly<Record<string, string>> = Object.freeze({ amp: '&', lt: '<', gt: '>', quot: '"' });

/** The text that is shown, or null where Telegram would not parse it: an unknown tag, one that is not closed, a bare `<` or an unknown entity. */
function readHtml(html: string): string | null {
  const open: string[] = [];
  let text = '';
  for (const [part] of html.matchAll(/<[^<>]*>?|&[^;\s&<]*;?|[^<&]+/g)) {
    const tag = /^<(\/?)(b|i|u|s|code|pre|a)(?:\s+href="[^"<>]*")?>$/.exec(part);
    const entity = /^&(?:(amp|lt|gt|quot)|#(\d{1,7}));$/.exec(part);
    if (tag) {
      if (tag[1] === '') open.push(tag[2]!);
      else if (open.pop() !== tag[2]) return null;
    } else if (entity) text += entity[1] === undefined ? String.fromCodePoint(Number(entity[2])) : ENTITIES[entity[1]]!;
    else if (/^[<&]/.test(part)) return null;
    else text += part;
  }
  return open.length === 0 ? text : null;
}
