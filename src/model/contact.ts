/** Ways to reach a person: a channel and an address on it. Not here: how anything is sent. */

export const CONTACT_CHANNELS = Object.freeze(['whatsapp', 'email', 'slack', 'teams', 'webhook', 'telegram'] as const);
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

export interface Contact {
  readonly channel: ContactChannel;
  /** E.164 for WhatsApp, a mailbox for e-mail, a chat id for Telegram, an https address for the others (which is a secret). */
  readonly address: string;
}

const FORMS: Readonly<Record<ContactChannel, readonly [form: RegExp, words: string]>> = Object.freeze({
  whatsapp: [/^\+[1-9]\d{6,14}$/, 'a phone number in E.164, as in +15550100'],
  // What can be delivered is the mail server's to say; this keeps out what could never be, and line breaks.
  email: [/^[^\s@<>"(),:;[\]\\]{1,64}@[^\s@<>"(),:;[\]\\]{1,190}\.[a-zA-Z]{2,63}$/, 'one mailbox, as in desk@example.com'],
  telegram: [/^(-?\d{1,20}|@[A-Za-z]\w{3,31})$/, 'a chat id such as 123456789, or @channel'],
  slack: [/^https:\/\/[^\s]{5,500}$/, 'the https address of an incoming webhook'],
  teams: [/^https:\/\/[^\s]{5,1000}$/, 'the https address of a workflow'],
  webhook: [/^https?:\/\/[^\s]{5,1000}$/, 'an http or https address'],
});

/** @returns what an address of this channel looks like, when this is none; else null */
export function addressProblem({ channel, address }: Contact): string | null {
  const [form, words] = FORMS[channel];
  return form.test(address) ? null : words;
}

/** For views and logs: enough to recognise the contact, too little to use it. `+84•••1234`, `d•••@example.com`, `hooks.slack.com/•••`. */
export function maskAddress(contact: Contact): string {
  const { channel, address } = contact;
  if (addressProblem(contact) !== null) return '•••';
  if (channel === 'whatsapp') return address.length >= 9 ? `${address.slice(0, 3)}•••${address.slice(-4)}` : '•••';
  if (channel === 'email') return `${address.slice(0, 1)}•••${address.slice(address.lastIndexOf('@'))}`;
  if (channel === 'telegram') return address.length >= 7 ? `•••${address.slice(-3)}` : '•••';
  return URL.canParse(address) ? `${new URL(address).host}/•••` : '•••';
}
