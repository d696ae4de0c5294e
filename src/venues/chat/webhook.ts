/** A customer's own webhook: a signed JSON document with a key that identifies a repeat. */
import { createHmac } from 'node:crypto';
import type { MessageChannel, OutgoingMessage } from '../../flow/alerts/ports.ts';
import { signMessage } from '../../kernel/auth/index.ts';
import type { Clock } from '../../model/time.ts';
import { oneLine, paragraphs, stableMark, webLink } from '../sending/index.ts';
import { hookChannel, type HookProtocol, type HookSettings } from './hook.ts';

export interface WebhookSettings extends HookSettings {
  /** Wall-clock time, for the signature. */
  readonly clock: Clock;
  /** From which each address' own signing secret is derived: `WEBHOOK_SECRET`. */
  readonly secret: string;
}

/**
 * The secret with which messages to one address are signed: an address' own, so that no receiver can sign for another. It is derived,
 * so that none is stored; it changes with the address.
 * @param address as it is kept at the customer; its normal form counts
 * @returns 43 characters of base64url
 */
export const webhookSecret = (master: string, address: string): string =>
  createHmac('sha256', master).update(`bellwether webhook ${URL.canParse(address) ? new URL(address).href : address}`).digest('base64url');

/** Of `version` 1: members may be added, none is removed or changes its meaning. */
export const webhookBody = (m: OutgoingMessage): object => ({
  type: 'decision.alert',
  version: 1,
  /** The same for each try to tell this alert; `delivery` is this try. */
  alert: stableMark(m.opaque),
  delivery: m.opaque,
  language: m.language,
  severity: m.severity,
  headline: oneLine(m.headline),
  body: paragraphs(m.body),
  deadline: oneLine(m.deadline),
  link: webLink(m.link),
});

const MEANINGS: Readonly<Record<number, string>> = Object.freeze({
  400: 'The customer’s webhook does not take the message',
  401: 'The customer’s webhook does not take our signature: is its secret that of this address, and its clock right?',
  403: 'The customer’s webhook does not let us in',
  404: 'The customer’s webhook is not there: correct its address',
  405: 'The customer’s webhook takes no POST: correct its address',
  410: 'The customer’s webhook is gone: correct its address',
  413: 'The customer’s webhook finds the message too large',
  415: 'The customer’s webhook takes no JSON',
  422: 'The customer’s webhook does not take the message',
});

export const webhookProtocol = (settings: Pick<WebhookSettings, 'clock' | 'secret'>): HookProtocol => ({
  name: 'webhook',
  title: 'the customer’s webhook',
  ownHosts: true,
  body: webhookBody,
  headers(message, body) {
    // In milliseconds, since the same document may go out twice within a second.
    const timestamp = String(settings.clock.now());
    return {
      'x-bellwether-timestamp': timestamp,
      'x-bellwether-signature': signMessage(webhookSecret(settings.secret, message.to), timestamp, body),
      'x-bellwether-delivery': message.opaque,
    };
  },
  // Any 2xx is a receipt; what the body says is the receiver's own affair.
  taken: () => undefined,
  errorCode: () => null,
  meaning(_venueCode, status) {
    const message = status === null ? undefined : MEANINGS[status];
    return message === undefined ? null : { reaction: 'give_up', message };
  },
});

export const createWebhookChannel = (settings: WebhookSettings): MessageChannel => hookChannel(webhookProtocol(settings), settings);
