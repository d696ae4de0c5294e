/** Telegram's updates: the secret in the header, pressed buttons and written answers. What they mean is the stage's. */
import { z } from 'zod';
import type { ChannelEvent, DeliveryWebhook, ReplyEvent, StatusEvent } from '../../flow/alerts/ports.ts';
import { INSTANT_MAX } from '../../model/storable.ts';
import { isSameSecret } from '../../kernel/secrets/same-secret.ts';
import { deterministicId } from '../../model/ids.ts';
import { SECOND_MS, type Clock, type Millis } from '../../model/time.ts';
import { frameWords, parseReceived } from '../sending/index.ts';
import { readCallbackData } from './callback-data.ts';
import type { TelegramClient } from './client.ts';

export interface TelegramWebhookSettings {
  /** `TELEGRAM_WEBHOOK_SECRET`, as it was given to `setWebhook`. */
  readonly secret: string;
  /** Wall-clock time: a press tells none of its own. */
  readonly clock: Clock;
}

/** The header in which Telegram repeats the secret; its value is the `signature` that `read` takes. */
export const TELEGRAM_SECRET_HEADER = 'x-telegram-bot-api-secret-token';

/**
 * A written answer is a reply from its chat. A pressed button is that too, and proves that its message was read: the status comes
 * first, with our mark from the button, so that a send whose reply was lost is recognised. Telegram has no handshake.
 */
export function createTelegramWebhook(settings: TelegramWebhookSettings): DeliveryWebhook {
  const isProved = (_raw: Buffer, secret: string | undefined): boolean => secret !== undefined && isSameSecret(secret, settings.secret);
  return {
    isProved,
    handshake: () => null,
    read(raw, signature) {
      if (!isProved(raw, signature)) return { kind: 'forged' };
      return readUpdate(raw.toString('utf8'), settings.clock.now());
    },
  };
}

const chat = z.looseObject({ id: z.int() });
const message = z.looseObject({
  message_id: z.int(),
  chat,
  date: z.int().min(0).max(INSTANT_MAX / SECOND_MS),
  text: z.string().optional(),
  reply_to_message: z.looseObject({ message_id: z.int() }).optional(),
});
const update = z.looseObject({
  update_id: z.int(),
  message: z.unknown().optional(),
  callback_query: z.unknown().optional(),
});
const callback = z.looseObject({
  id: z.string().min(1).max(100),
  from: z.looseObject({ language_code: z.string().max(35).optional() }).optional(),
  // Also of a message that is too old to be shown: its ids are there all the same.
  message: z.looseObject({ message_id: z.int(), chat }).optional(),
  data: z.string().max(64).optional(),
});

/** @param now when it came */
function readUpdate(text: string, now: Millis): ReturnType<DeliveryWebhook['read']> {
  let body: unknown;
  try {
    body = parseReceived(text);
  } catch {
    return { kind: 'unreadable', detail: 'The body is not JSON' };
  }
  const parsed = update.safeParse(body);
  if (!parsed.success) return { kind: 'unreadable', detail: 'An update with update_id is expected' };
  const events = parsed.data.callback_query !== undefined ? pressed(parsed.data.callback_query, body as object, now) : written(parsed.data.message, body as object);
  return { kind: 'events', events: events ?? [], skipped: events ? 0 : 1 };
}

function pressed(item: unknown, payload: object, at: Millis): readonly ChannelEvent[] | null {
  const parsed = callback.safeParse(item);
  const m = parsed.success ? parsed.data.message : undefined;
  const data = parsed.success && parsed.data.data !== undefined ? readCallbackData(parsed.data.data) : null;
  if (!parsed.success || !m || !data) return null;
  const providerId = `${m.chat.id}:${m.message_id}`;
  const status: StatusEvent = { kind: 'status', id: deterministicId('wev', 'telegram', parsed.data.id, 'read'), providerId, opaque: data.opaque, status: 'read', at, refusal: null, payload };
  const reply: ReplyEvent = { kind: 'reply', id: `telegram:${parsed.data.id}`, from: String(m.chat.id), text: data.answer, inReplyTo: providerId, at, payload };
  return [status, reply];
}

function written(item: unknown, payload: object): readonly ChannelEvent[] | null {
  const parsed = message.safeParse(item);
  if (!parsed.success) return null;
  const m = parsed.data;
  const quoted = m.reply_to_message ? `${m.chat.id}:${m.reply_to_message.message_id}` : null;
  return [{ kind: 'reply', id: `telegram:${m.chat.id}:${m.message_id}`, from: String(m.chat.id), text: m.text ?? '[no text]', inReplyTo: quoted, at: m.date * SECOND_MS, payload }];
}

/**
 * Ends the waiting of the buttons behind these events, once they are stored. What fails is told, not thrown: the answer is stored, and
 * only the little clock on the phone goes on.
 * @returns how many could not be answered
 */
export async function answerCallbacks(client: TelegramClient, events: readonly ChannelEvent[]): Promise<number> {
  let failed = 0;
  for (const event of events) {
    const parsed = event.kind === 'reply' ? callback.safeParse((event.payload as { callback_query?: unknown }).callback_query) : null;
    if (!parsed?.success) continue;
    const words = frameWords(parsed.data.from?.language_code ?? 'en');
    const answer = parsed.data.data === undefined ? null : readCallbackData(parsed.data.data);
    await client.answerCallback(parsed.data.id, answer ? `${words.noted}: ${words.answers[Number(answer.answer) - 1]!}` : words.noted).catch(() => {
      failed += 1;
    });
  }
  return failed;
}
