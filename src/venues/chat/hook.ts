/** What the three chat channels share: a POST to an address that is itself a secret, and how its failure is told. Not here: any of the three protocols. */
import type { MessageChannel, OutgoingMessage, Reaction, Refusal } from '../../flow/alerts/ports.ts';
import type { HttpRequest, Outbound } from '../../kernel/outbound/types.ts';
import { outcomeOf, type FailedCall } from '../sending/index.ts';

export interface HookSettings {
  readonly outbound: Outbound;
  /** Lets addresses be `http:` and in private networks, this machine included: for twins, and for a desk whose receivers are its neighbours. */
  readonly allowPrivate: boolean;
  /** For one call. Default 10,000. Must stay below the window in which the stage waits for proof of a lost reply. */
  readonly deadlineMs?: number;
}

/** One protocol over a hook. */
export interface HookProtocol {
  readonly name: 'slack' | 'teams' | 'webhook';
  readonly title: string;
  /** Each host is a recipient's own, so that one which cannot be reached uses up the tries of its alerts. */
  readonly ownHosts: boolean;
  body(message: OutgoingMessage): object;
  headers?(message: OutgoingMessage, body: string): Readonly<Record<string, string>>;
  /** Reads a 2xx. @throws what says that it is none after all */
  taken(text: string): void;
  /** The protocol's own code of an error, from its body. */
  errorCode(body: unknown): string | null;
  /** What a code or a status asks for, or null where what is common to all decides. */
  meaning(venueCode: string, status: number | null): { readonly reaction: Reaction; readonly message: string } | null;
}

const REPLY_BYTES_MAX = 64 * 1_024;
const OPERATION = 'hook.post';

/** @returns a channel whose recipients are addresses. Neither outcome nor log nor error ever has one. */
export function hookChannel(protocol: HookProtocol, settings: HookSettings): MessageChannel {
  const { name, title } = protocol;
  const venue = { title, breaker: `${name}.…`, outage: 'delay_recipient' as const, outageCounts: protocol.ownHosts, refusal: (call: FailedCall) => refusalOf(protocol, call) };
  return {
    name,
    confirms: 'accepted',
    async send(message) {
      const url = hookAddress(message.to, settings.allowPrivate);
      if (!url) return { kind: 'refused', refusal: badAddress(title, settings.allowPrivate) };
      try {
        await post(protocol, settings, url, message);
        // None of the three gives an id: the mark stands for it, one a try.
        return { kind: 'accepted', providerId: `${name}:${message.opaque}` };
      } catch (error) {
        return outcomeOf(error, venue);
      }
    },
  };
}

/** One message to one address. @throws CodedError of the outbound call */
export async function post(protocol: HookProtocol, settings: HookSettings, url: URL, message: OutgoingMessage): Promise<void> {
  const body = protocol.body(message);
  const request: HttpRequest = {
    url: url.href,
    method: 'POST',
    body,
    // Outbound writes the body with JSON.stringify as well: what is signed is what is sent.
    headers: { ...protocol.headers?.(message, JSON.stringify(body)) },
    reply: 'text',
    secretPath: true,
    onlyPublic: !settings.allowPrivate,
    maxBytes: REPLY_BYTES_MAX,
    fault: (_status, reply) => {
      const venueCode = protocol.errorCode(reply);
      // The reply's words are somebody else's, and may quote the address: they are not told.
      return venueCode === null ? {} : { venueCode, message: `refused with ${venueCode}` };
    },
  };
  await settings.outbound.json({ provider: protocol.name, operation: OPERATION, idempotent: false, peer: url.host, deadlineMs: settings.deadlineMs ?? 10_000 }, request, (text) => protocol.taken(String(text)));
}

/** The address, or null: not a URL, no https (but where private is allowed), or with a password that would stand in logs elsewhere. */
export function hookAddress(to: string, allowPrivate: boolean): URL | null {
  if (!URL.canParse(to)) return null;
  const url = new URL(to);
  const secure = url.protocol === 'https:' || (allowPrivate && url.protocol === 'http:');
  return secure && url.username === '' && url.password === '' && url.hostname !== '' ? url : null;
}

const badAddress = (title: string, allowPrivate: boolean): Refusal => ({
  code: 'ADDRESS_INVALID',
  message: `The customer’s address for ${title} is not one: ${allowPrivate ? 'https:// or http://' : 'https://'} and a host are expected, without user and password`,
  reaction: 'give_up',
  retryAfterMs: null,
  counts: true,
});

/** Only what the receiver said itself, with a 4xx (429 apart, which is common to all), is certain. */
function refusalOf(protocol: HookProtocol, { venueCode, status, retryAfterMs }: FailedCall): Refusal | null {
  const meaning = protocol.meaning(venueCode, status);
  return meaning && { code: venueCode === '' ? String(status) : venueCode, message: meaning.message, reaction: meaning.reaction, retryAfterMs, counts: true };
}
