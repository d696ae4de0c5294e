/** Telegram's refusals and what each asks for. The numbers are HTTP's; the words beside them, which Telegram does not promise to keep, only make the advice finer. */
import type { Reaction } from '../../flow/alerts/ports.ts';
import { MINUTE_MS } from '../../model/time.ts';

export interface TelegramMeaning {
  readonly reaction: Reaction;
  readonly message: string;
  readonly retryAfterMs?: number;
}

const TOKEN: TelegramMeaning = Object.freeze({ reaction: 'hold_channel', message: 'Telegram does not know the bot’s token: put the one from @BotFather into TELEGRAM_BOT_TOKEN and restart', retryAfterMs: 5 * MINUTE_MS });

const BY_WORDS: readonly (readonly [code: number, words: RegExp, message: string])[] = [
  [400, /chat not found/i, 'There is no such chat, or the customer has never written to the bot: correct the id, or have them press Start'],
  [400, /upgraded to a supergroup/i, 'The group has become a supergroup with another id: enter the new one'],
  [400, /message is too long/i, 'The message is longer than Telegram takes (4,096 characters)'],
  [403, /blocked by the user/i, 'The customer has blocked the bot'],
  [403, /user is deactivated/i, 'The customer’s Telegram account is gone'],
  [403, /kicked|not a member/i, 'The bot is no longer in the group: add it again'],
  [403, /initiate conversation/i, 'The customer has never written to the bot: have them press Start'],
];

/** @param code Telegram's `error_code` @param description its words */
export function meaningOf(code: number, description = ''): TelegramMeaning {
  // A token of the right form that was revoked is 401; one that never was is answered with 404.
  if (code === 401 || code === 404) return TOKEN;
  if (code === 429) return { reaction: 'back_off', message: 'Too many messages of the bot' };
  if (code === 409) return { reaction: 'back_off', message: 'Another program uses the bot at the same time', retryAfterMs: MINUTE_MS };
  const finer = BY_WORDS.find(([c, words]) => c === code && words.test(description));
  if (finer) return { reaction: 'give_up', message: finer[2] };
  if (code === 403) return { reaction: 'give_up', message: 'The bot may not write to this chat' };
  if (code === 413) return { reaction: 'give_up', message: 'The message is larger than Telegram takes' };
  return { reaction: 'give_up', message: 'Telegram does not take the message' };
}
