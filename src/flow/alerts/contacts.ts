/** Contacts as alerts use them: how a channel is called, what to say of a wrong address. Forms and masks are `model/contact.ts`. */
import { addressProblem, CONTACT_CHANNELS, maskAddress as maskContact } from '../../model/contact.ts';
import type { ChannelName, Contact } from './ports.ts';

/** How a channel is called in sentences. */
export const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = Object.freeze({
  whatsapp: 'WhatsApp', email: 'e-mail', slack: 'Slack', teams: 'Teams', webhook: 'the webhook', telegram: 'Telegram',
});

const isChannelName = (name: string): name is ChannelName => (CONTACT_CHANNELS as readonly string[]).includes(name);

/** @returns what is wrong with the contact and what would be right, or null */
export function contactFault(contact: Contact): string | null {
  const right = addressProblem(contact);
  return right === null ? null : `The customer’s address for ${CHANNEL_WORDS[contact.channel]} is not ${right}. Correct it: the next alert uses the new one.`;
}

/** `+84•••1234`, `a•••@company.com`, `hooks.slack.com/•••`, `•••789`. An unknown channel's address shows nothing. */
export const maskAddress = (channel: string, address: string): string => (isChannelName(channel) ? maskContact({ channel, address }) : '•••');

/**
 * Reads `email:ops@company.com` or `slack:https://…`.
 * @returns null when the channel is unknown or the address not of its form
 */
export function parseContact(text: string): Contact | null {
  const [, channel, address] = /^([a-z]+):(.+)$/.exec(text.trim()) ?? [];
  if (channel === undefined || address === undefined || !isChannelName(channel)) return null;
  return addressProblem({ channel, address }) === null ? { channel, address } : null;
}

/** More is a mistake in the data, not a wish. */
const MOST_CONTACTS = 20;

/** Each address once, in order. */
export function distinctContacts(contacts: readonly Contact[]): readonly Contact[] {
  const byKey = new Map<string, Contact>();
  for (const c of contacts) if (!byKey.has(`${c.channel}:${c.address}`)) byKey.set(`${c.channel}:${c.address}`, c);
  return [...byKey.values()].slice(0, MOST_CONTACTS);
}
