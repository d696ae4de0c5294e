/** The ways to reach people, as the alerts stage's ports: real services as far as they are set up, twins of all for a replay. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { AlertsDeps, ChannelEvent, InboundWebhook, MessageChannel } from '../flow/alerts/index.ts';
import type { Outbound } from '../kernel/outbound/index.ts';
import type { Clock } from '../model/time.ts';
import { createSlackChannel, createTeamsChannel, createWebhookChannel, startChatTwin } from '../venues/chat/index.ts';
import { createEmailChannel, startEmailTwin } from '../venues/email/index.ts';
import { answerCallbacks, createTelegramClient, createTelegramWebhook, startTelegramTwin, telegramChannel, type TelegramClient } from '../venues/telegram/index.ts';
import { ALERT_TEMPLATES, createWhatsAppClient, createWhatsAppWebhook, startWhatsAppTwin, TEMPLATE_LANGUAGES, whatsAppChannel } from '../venues/whatsapp/index.ts';
import { writePhonesFile } from './phones-file.ts';

export interface Reach {
  /** Those that are set up. */
  readonly channels: readonly MessageChannel[];
  readonly webhooks: AlertsDeps['webhooks'];
}

export interface TwinReach extends Reach {
  /** Where the twin of WhatsApp shows the phones, with the key that opens the page. */
  readonly phoneUrl: string;
  /** Tells the twins where the desk listens, once it does. */
  listening(apiUrl: string): void;
  close(): Promise<void>;
}

/** Slack, Teams and webhooks need no account of ours: a customer's address is all. */
export function liveReach(config: Config, outbound: Outbound, clock: Clock): Reach {
  const { WHATSAPP_TOKEN: token, WHATSAPP_PHONE_ID: phoneId, WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken } = config;
  const hooks = { outbound, allowPrivate: config.WEBHOOK_ALLOW_PRIVATE };
  const telegram = config.TELEGRAM_BOT_TOKEN === undefined ? null : createTelegramClient(outbound, { baseUrl: config.TELEGRAM_API_URL, token: config.TELEGRAM_BOT_TOKEN });
  const channels: MessageChannel[] = [createSlackChannel(hooks), createTeamsChannel(hooks)];
  if (token !== undefined && phoneId !== undefined) channels.push(whatsApp(config, outbound, config.WHATSAPP_API_URL, token, phoneId));
  if (config.SMTP_URL !== undefined && config.EMAIL_FROM !== undefined) channels.push(createEmailChannel({ outbound, smtpUrl: config.SMTP_URL, from: config.EMAIL_FROM }));
  if (config.WEBHOOK_SECRET !== undefined) channels.push(createWebhookChannel({ ...hooks, clock, secret: config.WEBHOOK_SECRET }));
  if (telegram) channels.push(telegramChannel(telegram));
  return {
    channels,
    webhooks: {
      whatsapp: appSecret !== undefined && verifyToken !== undefined ? createWhatsAppWebhook({ appSecret, verifyToken }) : undefined,
      telegram: telegram && config.TELEGRAM_WEBHOOK_SECRET !== undefined ? telegramWebhook(telegram, config.TELEGRAM_WEBHOOK_SECRET, clock) : undefined,
    },
  };
}

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** Secrets between the desk and its own twins, made at each start: nobody else can sign a webhook of a replay. */
const twinSecrets = () =>
  Object.freeze({
    // An id, not a secret.
    phoneId: '100000000000001',
    token: random(32),
    appSecret: random(32),
    verifyToken: random(32),
    // In the form of Telegram's tokens: 35 characters after the colon.
    botToken: `1000000001:${random(26)}`,
    botSecret: random(32),
    hookSecret: random(32),
    mailPassword: random(32),
  });

/** @param home absolute path of BELLWETHER_HOME, for the journal of the WhatsApp twin and the address of its page */
export async function twinReach(config: Config, outbound: Outbound, home: string, clock: Clock): Promise<TwinReach> {
  const secrets = twinSecrets();
  const whatsAppTwin = await startWhatsAppTwin({
    accessToken: secrets.token,
    phoneNumberId: secrets.phoneId,
    appSecret: secrets.appSecret,
    journalPath: join(home, 'whatsapp-twin.ndjson'),
    templates: ALERT_TEMPLATES,
  });
  const emailTwin = await startEmailTwin({ login: { user: 'desk', password: secrets.mailPassword } });
  const chatTwin = await startChatTwin({ clock, secret: secrets.hookSecret });
  const telegramTwin = await startTelegramTwin({ token: secrets.botToken, webhookSecret: secrets.botSecret, clock });
  const telegram = createTelegramClient(outbound, { baseUrl: telegramTwin.url, token: secrets.botToken });
  const removePhonesFile = writePhonesFile(home, whatsAppTwin.phoneUrl);
  // Whatever address a customer of a scenario has, the twins are what it leads to: nothing of a replay leaves this machine.
  const toTwin = (channel: MessageChannel, to: string): MessageChannel => ({ ...channel, send: (message) => channel.send({ ...message, to }) });
  const hooks = { outbound, allowPrivate: true };
  return {
    channels: [
      whatsApp(config, outbound, whatsAppTwin.url, secrets.token, secrets.phoneId),
      createEmailChannel({ outbound, smtpUrl: emailTwin.url, from: 'Bellwether <desk@example.com>' }),
      toTwin(createSlackChannel(hooks), chatTwin.slackUrl),
      toTwin(createTeamsChannel(hooks), chatTwin.teamsUrl),
      toTwin(createWebhookChannel({ ...hooks, clock, secret: secrets.hookSecret }), chatTwin.webhookUrl),
      telegramChannel(telegram),
    ],
    webhooks: {
      whatsapp: createWhatsAppWebhook(secrets),
      telegram: telegramWebhook(telegram, secrets.botSecret, clock),
    },
    phoneUrl: whatsAppTwin.phoneUrl,
    listening(apiUrl) {
      whatsAppTwin.callback(`${apiUrl}/webhooks/whatsapp`);
      telegramTwin.callback(`${apiUrl}/webhooks/telegram`);
    },
    async close() {
      removePhonesFile();
      for (const twin of [telegramTwin, chatTwin, emailTwin, whatsAppTwin]) await twin.close();
    },
  };
}

function whatsApp(config: Config, outbound: Outbound, baseUrl: string, accessToken: string, phoneNumberId: string): MessageChannel {
  const client = createWhatsAppClient(outbound, { baseUrl, apiVersion: config.WHATSAPP_API_VERSION, phoneNumberId, accessToken });
  return whatsAppChannel(client, { name: config.WHATSAPP_TEMPLATE, languages: TEMPLATE_LANGUAGES });
}

/** A pressed button waits on the phone until it is answered. */
const telegramWebhook = (client: TelegramClient, secret: string, clock: Clock): InboundWebhook => ({
  ...createTelegramWebhook({ secret, clock }),
  stored: async (events: readonly ChannelEvent[]) => void (await answerCallbacks(client, events)),
});
