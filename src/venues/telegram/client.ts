/** Telegram Bot API, sending side: one message or one answer a call, never repeated by itself. After core.telegram.org/bots/api, read 2026. Updates are `webhook.ts`. */
import { z } from 'zod';
import type { HttpRequest, Outbound } from '../../kernel/outbound/types.ts';
import { SECOND_MS } from '../../model/time.ts';
import { meaningOf } from './codes.ts';

export interface TelegramSettings {
  /** `https://api.telegram.org`, or a twin's address. */
  readonly baseUrl: string;
  /** From @BotFather: `123456:ABC…`. It stands in the address of every call. */
  readonly token: string;
  /** For one call. Default 10,000. Must stay below the window in which the stage waits for proof of a lost reply. */
  readonly deadlineMs?: number;
}

export interface TelegramMessage {
  readonly chatId: string;
  /** Telegram's HTML: `<b>`, `<i>`, `<a href>`, and entities. At most 4,096 characters once it is read. */
  readonly html: string;
  readonly buttons: readonly { readonly text: string; readonly data: string }[];
}

export interface TelegramClient {
  /**
   * @returns Telegram's id of the message: `CHAT:MESSAGE`, since message ids are a chat's own
   * @throws CodedError of the outbound call, with Telegram's `error_code` in `facts.venue_code`; after VENUE_TIMEOUT and VENUE_FAILED it may have been sent
   */
  sendMessage(message: TelegramMessage): Promise<{ readonly messageId: string }>;
  /** Ends the waiting of a pressed button. @param text shown for a moment @throws CodedError as above */
  answerCallback(callbackId: string, text: string): Promise<void>;
}

const sent = z.looseObject({ ok: z.literal(true), result: z.looseObject({ message_id: z.int(), chat: z.looseObject({ id: z.int() }) }) });
const answered = z.looseObject({ ok: z.literal(true) });
const refused = z.looseObject({ ok: z.literal(false), error_code: z.int(), description: z.string().default(''), parameters: z.looseObject({ retry_after: z.number().min(0).max(86_400).optional() }).optional() });

export function createTelegramClient(outbound: Outbound, settings: TelegramSettings): TelegramClient {
  const call = <T>(method: 'sendMessage' | 'answerCallbackQuery', body: object, idempotent: boolean, parse: (reply: unknown) => T): Promise<T> => {
    const request: HttpRequest = { url: `${settings.baseUrl.replace(/\/+$/, '')}/bot${settings.token}/${method}`, method: 'POST', body, maxBytes: 64 * 1_024, secretPath: true, fault: readFault };
    return outbound.json({ provider: 'telegram', operation: method, idempotent, deadlineMs: settings.deadlineMs ?? 10_000 }, request, parse);
  };
  return {
    async sendMessage({ chatId, html, buttons }) {
      const body = {
        chat_id: chatId,
        text: html,
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
        // One below the other: three beside each other are cut on a phone.
        reply_markup: { inline_keyboard: buttons.map(({ text, data }) => [{ text, callback_data: data }]) },
      };
      const { result } = await call('sendMessage', body, false, (reply) => sent.parse(reply));
      return { messageId: `${result.chat.id}:${result.message_id}` };
    },
    answerCallback: (callbackId, text) => call('answerCallbackQuery', { callback_query_id: callbackId, text }, true, (reply) => void answered.parse(reply)),
  };
}

/** Telegram says in the body how long to wait; its own words of a refusal are told by `codes.ts`. */
function readFault(_status: number, body: unknown): ReturnType<NonNullable<HttpRequest['fault']>> {
  const parsed = refused.safeParse(body);
  if (!parsed.success) return undefined;
  const { error_code: code, description, parameters } = parsed.data;
  const retryAfterMs = parameters?.retry_after === undefined ? undefined : parameters.retry_after * SECOND_MS;
  return { venueCode: String(code), message: `${code}: ${meaningOf(code, description).message}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
