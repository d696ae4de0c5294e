/** Telegram as a message channel: writes the message with its three buttons, and turns every failure into what is known of it and what to do. */
import type { MessageChannel, OutgoingMessage, Refusal } from '../../flow/alerts/ports.ts';
import { cut, escapeHtml, frameWords, oneLine, outcomeOf, paragraphs, webLink, type FailedCall, type SendingVenue } from '../sending/index.ts';
import { ANSWERS, callbackData } from './callback-data.ts';
import type { TelegramClient, TelegramMessage } from './client.ts';
import { meaningOf } from './codes.ts';

/** A person or group by number, or a public channel by name. */
const CHAT = /^(-?\d{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31})$/;

const NO_CHAT: Refusal = Object.freeze({ code: 'ADDRESS_INVALID', message: 'The customer’s Telegram chat is no id: a number (for groups with a minus sign) or @name is expected', reaction: 'give_up', retryAfterMs: null, counts: true });

export function telegramChannel(client: TelegramClient): MessageChannel {
  return {
    name: 'telegram',
    // A pressed button proves more, and comes as an event of its own.
    confirms: 'accepted',
    async send(message) {
      if (!CHAT.test(message.to)) return { kind: 'refused', refusal: NO_CHAT };
      try {
        const { messageId } = await client.sendMessage(telegramMessage(message));
        return { kind: 'accepted', providerId: messageId };
      } catch (error) {
        return outcomeOf(error, TELEGRAM);
      }
    },
  };
}

/** Telegram counts 4,096 characters after its HTML is read: these together stay below. */
const HEADLINE_MAX = 300;
const DEADLINE_MAX = 200;
const BODY_MAX = 3_000;

export function telegramMessage(m: OutgoingMessage): TelegramMessage {
  const words = frameWords(m.language);
  const link = webLink(m.link);
  const body = cut(paragraphs(m.body).join('\n\n'), BODY_MAX);
  const parts = [
    `<b>${escapeHtml(words.decideBefore)}: ${escapeHtml(cut(oneLine(m.deadline), DEADLINE_MAX))}</b>${link === null ? '' : `\n<a href="${escapeHtml(link)}">${escapeHtml(words.open)}</a>`}`,
    `<b>[${escapeHtml(words.severity[m.severity])}] ${escapeHtml(cut(oneLine(m.headline), HEADLINE_MAX) || '–')}</b>`,
    escapeHtml(body),
  ];
  return { chatId: m.to, html: parts.filter((part) => part !== '').join('\n\n'), buttons: ANSWERS.map((answer, i) => ({ text: `${answer} · ${words.answers[i]!}`, data: callbackData(answer, m.opaque) })) };
}

/** A 4xx of Telegram's is certain; its 5xx is not. 429 goes the common way, with Telegram's own wait. */
const TELEGRAM: SendingVenue = Object.freeze({
  title: 'Telegram',
  breaker: 'telegram',
  outage: 'hold_channel',
  refusal({ venueCode, code, retryAfterMs, detail }: FailedCall): Refusal | null {
    if (code !== 'VENUE_REFUSED' || !/^4\d\d$/.test(venueCode)) return null;
    const meaning = meaningOf(Number(venueCode));
    const wait = Math.max(meaning.retryAfterMs ?? 0, retryAfterMs ?? 0);
    // The finer words are in the error already, where Telegram's own were at hand.
    return { code: venueCode, message: detail.split(`${venueCode}: `)[1] ?? meaning.message, reaction: meaning.reaction, retryAfterMs: wait === 0 ? null : wait, counts: true };
  },
});
