/** Telegram: the bot's client, the channel over it, its updates, and the twin that stands in for all of it. */
import type { Outbound } from '../../kernel/outbound/types.ts';
import type { MessageChannel } from '../../flow/alerts/ports.ts';
import { telegramChannel } from './channel.ts';
import { createTelegramClient, type TelegramSettings } from './client.ts';

export { createTelegramClient, type TelegramClient, type TelegramSettings } from './client.ts';
export { telegramChannel } from './channel.ts';
export { answerCallbacks, createTelegramWebhook, TELEGRAM_SECRET_HEADER, type TelegramWebhookSettings } from './webhook.ts';
export { startTelegramTwin, type TelegramTwin, type TelegramTwinMessage, type TelegramTwinOptions } from './twin.ts';

/** The channel with a client of its own. */
export const createTelegramChannel = (outbound: Outbound, settings: TelegramSettings): MessageChannel => telegramChannel(createTelegramClient(outbound, settings));
