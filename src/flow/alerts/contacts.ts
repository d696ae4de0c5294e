/** Addresses: which form each channel's has, and how it is shown. Pure; whether a channel is set up is not known here. */
import type { ChannelName, Contact } from './ports.ts';

export const CHANNEL_NAMES: readonly ChannelName[] = Object.freeze(['whatsapp', 'email', 'slack', 'teams', 'webhook', 'telegram']);

/** How a channel is called in sentences. */
export const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = Object.freeze({
  whatsapp: 'WhatsApp', email: 'e-mail', slack: 'Slack', teams: 'Teams', webhook: 'the webhook', telegram: 'Telegram',
});

const E164 = /^\+[1-9]\d{6,14}$/;
/** One address, no name, no list: what a mail server takes as it is. A stricter grammar would refuse addresses that work. */
const MAIL = /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,253}\.[^\s@<>,;".]{2,63}$/;
const CHAT = /^(-?[1-9]\d{0,19}|@[A-Za-z]\w{4,31})$/;
/** Longer than any real one; what is longer is an attack or an accident. */
const LONGEST = 2_048;

const isWebUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

interface AddressForm {
  readonly fits: (address: string) => boolean;
  /** What would be right, for the one who must correct it. */
  readonly form: string;
  /** For views and logs: enough to recognise, too little to use. */
  readonly mask: (address: string) => string;
}

const phone: AddressForm = {
  fits: (a) => E164.test(a),
  form: 'a number in E.164 form: a plus sign, the country code, then the number',
  mask: (a) => (a.length >= 9 ? `${a.slice(0, 3)}•••${a.slice(-4)}` : '•••'),
};
/** The path of a room's URL is its password: only the host is shown. */
const room: AddressForm = {
  fits: isWebUrl,
  form: 'the address of the room’s incoming webhook, https://…',
  mask: (a) => (isWebUrl(a) ? `${new URL(a).host}/•••` : '•••'),
};

/** A group's number begins with −100, which tells nothing: the last three tell one chat from another. */
const maskChat = (chat: string): string => (chat.length >= 6 ? `${chat.startsWith('@') ? '@' : ''}•••${chat.slice(-3)}` : '•••');

const FORMS: Readonly<Record<ChannelName, AddressForm>> = Object.freeze({
  whatsapp: phone,
  email: { fits: (a) => MAIL.test(a), form: 'one mail address: name@company.com', mask: maskMail },
  slack: room,
  teams: room,
  webhook: { ...room, form: 'the address that takes the alert, https://…' },
  telegram: { fits: (a) => CHAT.test(a), form: 'the chat’s number, or @ and its public name', mask: maskChat },
});

function maskMail(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '•••' : `${at > 1 ? address[0] : ''}•••${address.slice(at)}`;
}

const isChannelName = (name: string): name is ChannelName => (CHANNEL_NAMES as readonly string[]).includes(name);

/** @returns what is wrong with the contact and what would be right, or null */
export function contactFault({ channel, address }: Contact): string | null {
  const { fits, form } = FORMS[channel];
  return address.length <= LONGEST && fits(address) ? null : `The customer’s address for ${CHANNEL_WORDS[channel]} is not ${form}. Correct it: the next alert uses the new one.`;
}

/** `+84•••1234`, `a•••@company.com`, `hooks.slack.com/•••`, `•••789`. An unknown channel's address shows nothing. */
export const maskAddress = (channel: string, address: string): string => (isChannelName(channel) ? FORMS[channel].mask(address) : '•••');

/**
 * Reads `email:ops@company.com` or `slack:https://…`.
 * @returns null when the channel is unknown or the address not of its form
 */
export function parseContact(text: string): Contact | null {
  const [, channel, address] = /^([a-z]+):(.+)$/.exec(text.trim()) ?? [];
  if (channel === undefined || address === undefined || !isChannelName(channel)) return null;
  const contact = { channel, address };
  return contactFault(contact) === null ? contact : null;
}

/** More is a mistake in the data, not a wish. */
const MOST_CONTACTS = 20;

/** Each address once, in order. */
export function distinctContacts(contacts: readonly Contact[]): readonly Contact[] {
  const byKey = new Map<string, Contact>();
  for (const c of contacts) if (!byKey.has(`${c.channel}:${c.address}`)) byKey.set(`${c.channel}:${c.address}`, c);
  return [...byKey.values()].slice(0, MOST_CONTACTS);
}
