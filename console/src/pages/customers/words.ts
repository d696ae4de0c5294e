// The words of customers: channels, languages, tolerances.
import type { Channel, RiskTolerance } from '../../api/customers.ts';

export const CHANNEL_WORDS: Readonly<Record<Channel, string>> = { whatsapp: 'WhatsApp', email: 'E-mail', slack: 'Slack', teams: 'Teams', webhook: 'Webhook', telegram: 'Telegram' };

/** What an address of the channel looks like. */
export const ADDRESS_HINTS: Readonly<Record<Channel, string>> = {
  whatsapp: 'Phone number with country code: +447700900123',
  email: 'One mailbox: desk@example.com',
  slack: 'Address of an incoming webhook: https://…',
  teams: 'Address of a workflow: https://…',
  webhook: 'Address of the customer’s own system: https://…',
  telegram: 'Chat id such as 123456789, or @channel',
};

export const LANGUAGES = [
  ['en', 'English'],
  ['vi', 'Vietnamese'],
  ['zh', 'Chinese'],
  ['es', 'Spanish'],
] as const;

export const languageName = (tag: string): string => LANGUAGES.find(([code]) => code === tag.split('-')[0])?.[1] ?? tag;

export const TOLERANCE_WORDS: Readonly<Record<RiskTolerance, readonly [word: string, means: string]>> = {
  conservative: ['Conservative', 'pays for a shorter tail'],
  balanced: ['Balanced', 'takes the least expected cost'],
  aggressive: ['Aggressive', 'acts only on a clear gain'],
};
